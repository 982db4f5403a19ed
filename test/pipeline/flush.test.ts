import { describe, expect, it } from 'vitest';
import { Pipeline, type PipelineOptions } from '../../src/pipeline/pipeline.js';
import type { StageOptions } from '../../src/pipeline/stage-options.js';
import { FakeClock, ManualSource } from './fakes.js';

const copy = { process: (event: string) => event };
const gives =
  (...events: string[]) =>
  () =>
    Promise.resolve(events);
const marked = { process: (event: string) => `${event}!` };

function build(
  first: Partial<StageOptions<string>>,
  edge?: StageOptions<string>['edge'],
  more: Partial<PipelineOptions<string>> = {},
) {
  const source = new ManualSource<string>();
  const written: string[] = [];
  const pipeline = new Pipeline<string>({
    sources: [{ name: 'source', source, queue: { items: 100, bytes: Infinity, onFull: 'wait' } }],
    processors: [
      { name: 'first', processor: copy, ...first },
      { name: 'second', processor: marked, edge },
    ],
    sink: { write: (event) => void written.push(event) },
    clock: new FakeClock(),
    ...more,
  });
  pipeline.start();
  return { source, pipeline, written };
}

describe('what a processor gives when nothing more will come', () => {
  it.each([undefined, { items: 1, bytes: Infinity, onFull: 'wait' as const }])(
    'goes through the stages behind, with the queue %o between',
    async (edge) => {
      const { source, pipeline, written } = build({ flush: gives('b', 'c', 'd') }, edge);
      source.emit('a');
      await pipeline.drain();
      expect(written).toEqual(['a!', 'b!', 'c!', 'd!']);
      expect(pipeline.stats()).toMatchObject({ received: 4, injected: 3, processed: 4, inFlight: 0 });
      expect(pipeline.imbalance()).toBeUndefined();
    },
  );

  it('is asked for once, when what it has in work is done', async () => {
    let finish = () => {};
    const calls: string[] = [];
    const processor = {
      process: async (event: string) => {
        await new Promise<void>((resolve) => (finish = resolve));
        calls.push(event);
        return event;
      },
    };
    const { source, pipeline, written } = build({
      processor,
      flush: () => (calls.push('flush'), Promise.resolve(['z'])),
    });
    source.emit('a');
    const ended = pipeline.drain();
    expect(calls).toEqual([]);
    finish();
    await ended;
    expect([calls, written]).toEqual([['a', 'flush'], ['a!', 'z!']]); // prettier-ignore
  });

  it('comes before what the processor gives that replaces it', async () => {
    const { source, pipeline, written } = build({ flush: gives('old') });
    source.emit('a');
    const replaced = pipeline.replace('first', { name: 'first', processor: copy, flush: gives('new') });
    source.emit('b');
    await replaced;
    await pipeline.drain();
    expect(written).toEqual(['a!', 'old!', 'b!', 'new!']);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('is missed when it fails, and the run ends all the same', async () => {
    const faults: string[] = [];
    const observer = { onFault: (stage: string, error: unknown) => void faults.push(`${stage}: ${String(error)}`) };
    const { pipeline } = build({ flush: () => Promise.reject(new Error('broken')) }, undefined, { observer });
    await pipeline.drain();
    expect(faults).toEqual(['first: Error: broken']);
  });

  it('is released, and nothing else, when it comes after the end', async () => {
    let give = (_events: string[]) => {};
    const released: string[] = [];
    const flush = () => new Promise<string[]>((resolve) => (give = resolve));
    const { pipeline, written } = build({ flush }, undefined, { release: (event) => void released.push(event) });
    const ended = pipeline.drain();
    pipeline.stop();
    await ended;
    give(['late']);
    await Promise.resolve();
    await Promise.resolve();
    expect([released, written]).toEqual([['late'], []]);
  });
});
