import { describe, expect, it } from 'vitest';
import type { Processor } from '../../src/pipeline/interfaces.js';
import { Pipeline, type PipelineOptions } from '../../src/pipeline/pipeline.js';
import { FakeClock, ManualSource, settlePromises } from './fakes.js';

const adds = (letter: string): Processor<string> => ({ process: (event) => event + letter });

function build(more: Partial<PipelineOptions<string>> = {}) {
  const source = new ManualSource<string>();
  const written: string[] = [];
  const pipeline = new Pipeline<string>({
    sources: [{ name: 'source', source, queue: { items: 100, bytes: Infinity, onFull: 'wait' } }],
    processors: [
      { name: 'a', processor: adds('a') },
      { name: 'b', processor: adds('b') },
    ],
    sink: { write: (event) => void written.push(event) },
    clock: new FakeClock(),
    ...more,
  });
  pipeline.start();
  return { source, pipeline, written };
}

describe('a chain that is changed while it runs', () => {
  it('has new stages before and behind others', () => {
    const { source, pipeline, written } = build();
    source.emit('1');
    pipeline.insertBefore('a', { name: 'x', processor: adds('x') });
    pipeline.insertAfter('a', { name: 'y', processor: adds('y') });
    pipeline.insertAfter('b', { name: 'z', processor: adds('z') });
    source.emit('2');
    expect(written).toEqual(['1ab', '2xaybz']);
    expect(pipeline.stats().stages.map(({ name, received }) => [name, received])).toEqual([
      ['x', 1],
      ['a', 2],
      ['y', 1],
      ['b', 2],
      ['z', 1],
    ]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('lets an old stage finish before another takes its place', async () => {
    let finish = () => {};
    const slow: Processor<string> = {
      process: (event) => new Promise((resolve) => (finish = () => resolve(`${event}slow`))),
    };
    const { source, pipeline, written } = build({ processors: [{ name: 'a', processor: slow, concurrency: 1 }] });
    source.emit('1', '2');
    let isReplaced = false;
    const replaced = pipeline.replace('a', { name: 'fast', processor: adds('fast') }).then(() => (isReplaced = true));
    await settlePromises();
    expect(isReplaced).toBe(false);
    finish();
    await replaced;
    expect(written).toEqual(['1slow', '2fast']);
    expect(pipeline.stats().stages).toMatchObject([{ name: 'fast', received: 2, processed: 2 }]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('calls a queue by the name of the stage that is behind it now', async () => {
    const edge = { items: 2, bytes: Infinity, onFull: 'wait' as const };
    const { pipeline } = build({ processors: [{ name: 'a', processor: adds('a'), edge }] });
    await pipeline.replace('a', { name: 'b', processor: adds('b') });
    expect(pipeline.stats().edges.map(({ name }) => name)).toEqual(['b']);
  });

  it('takes a stage out with its queue', async () => {
    const edge = { items: 2, bytes: Infinity, onFull: 'wait' as const };
    const { source, pipeline, written } = build({
      processors: [
        { name: 'a', processor: adds('a') },
        { name: 'b', processor: adds('b'), edge },
      ],
    });
    source.emit('1');
    await pipeline.remove('b');
    source.emit('2');
    expect(written).toEqual(['1ab', '2a']);
    expect(pipeline.stats().edges).toEqual([]);
    await pipeline.remove('a');
    source.emit('3');
    expect(written).toEqual(['1ab', '2a', '3']);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('tells who asks for a stage what there is', async () => {
    const { pipeline } = build();
    expect(() => pipeline.insertAfter('c', { name: 'x', processor: adds('x') })).toThrow(
      'there is no stage c; there are: a, b, output',
    );
    expect(() => pipeline.insertAfter('a', { name: 'b', processor: adds('x') })).toThrow('there is a stage b already');
    await expect(pipeline.remove('output')).rejects.toThrow('stays what it is');
    const first = pipeline.replace('a', { name: 'a', processor: adds('x') });
    await expect(pipeline.replace('a', { name: 'a', processor: adds('y') })).rejects.toThrow('being replaced');
    await first;
  });

  it('says so when the run ends before a stage is replaced', async () => {
    const never: Processor<string> = { process: () => new Promise(() => {}) };
    const { source, pipeline } = build({ processors: [{ name: 'a', processor: never }] });
    source.emit('1');
    const replaced = pipeline.replace('a', { name: 'b', processor: adds('b') });
    await settlePromises();
    pipeline.stop();
    await expect(replaced).rejects.toThrow('the run ended before a had finished');
  });
});

describe('an injected event', () => {
  it('enters in front of a stage, and counts as received', async () => {
    const { pipeline, written } = build();
    await pipeline.inject('1', 'b');
    expect(written).toEqual(['1b']);
    expect(pipeline.stats()).toMatchObject({ received: 1, injected: 1, processed: 1 });
    expect(pipeline.stats().stages).toMatchObject([{ received: 0 }, { received: 1, injected: 1 }]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('waits until the stage takes it, and is turned away when a thousand wait', async () => {
    const rejected: string[] = [];
    const never: Processor<string> = { process: () => new Promise(() => {}) };
    const { pipeline } = build({
      processors: [{ name: 'a', processor: never, concurrency: 1 }],
      observer: { onRejected: (event) => rejected.push(event) },
    });
    await pipeline.inject('taken', 'a');
    for (let i = 0; i < 1000; i++) void pipeline.inject('waits', 'a');
    await pipeline.inject('one too many', 'a');
    expect(rejected).toEqual(['one too many']);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('is released, and nothing else, after the end', async () => {
    const released: string[] = [];
    const { pipeline } = build({ release: (event) => released.push(event) });
    pipeline.stop();
    await pipeline.inject('late', 'a');
    expect(released).toEqual(['late']);
    expect(pipeline.stats().received).toBe(0);
  });
});
