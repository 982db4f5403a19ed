import { describe, expect, it } from 'vitest';
import { Pipeline, type PipelineOptions } from '../../src/pipeline/pipeline.js';
import type { SourceQueueOptions } from '../../src/pipeline/receiver.js';
import type { ProcessResult } from '../../src/pipeline/interfaces.js';
import { FakeClock, ManualSource, settlePromises } from './fakes.js';

interface Frame {
  id: number;
  bytes?: number;
}
const frame = (id: number, bytes = 1): Frame => ({ id, bytes });

type More = Partial<PipelineOptions<Frame>> & { queue?: SourceQueueOptions<Frame> };

function build(process: (event: Frame) => ProcessResult<Frame>, { queue, ...more }: More = {}) {
  const source = new ManualSource<Frame>();
  const clock = new FakeClock();
  const released: number[] = [];
  const written: number[] = [];
  const pipeline = new Pipeline<Frame>({
    clock,
    sources: [{ name: 'frames', source, queue: queue ?? { items: 4, bytes: 1000, onFull: 'wait' } }],
    processors: [{ name: 'test', processor: { process }, concurrency: 1 }],
    sink: { write: (event) => void written.push(event.id) },
    release: (event) => released.push(event.id),
    ...more,
  });
  pipeline.start();
  return { source, clock, pipeline, released, written };
}

describe('a pipeline', () => {
  it('processes in order and releases every event once', async () => {
    const { source, pipeline, released, written } = build((event) => event);
    source.emit(frame(1), frame(2), frame(3));
    expect(written).toEqual([1, 2, 3]);
    expect(released).toEqual([1, 2, 3]);
    await pipeline.drain();
    expect(source.closed).toBe(1);
    expect(pipeline.stats()).toMatchObject({ received: 3, processed: 3, inFlight: 0 });
  });

  it('counts nothing given back as filtered', () => {
    const { source, pipeline, written, released } = build((event) => (event.id % 2 ? event : undefined));
    source.emit(frame(1), frame(2), frame(3));
    expect(written).toEqual([1, 3]);
    expect(released).toEqual([1, 2, 3]);
    expect(pipeline.stats()).toMatchObject({ processed: 2, filtered: 1 });
  });

  it('counts a throw by its cause and goes on', () => {
    const failures: string[] = [];
    const { source, pipeline, written } = build(
      (event) => {
        if (event.id === 2) throw new RangeError('too far');
        return event;
      },
      { observer: { onFailed: (input, stage, _error, cause) => failures.push(`${input.id} ${stage} ${cause}`) } },
    );
    source.emit(frame(1), frame(2), frame(3));
    expect(written).toEqual([1, 3]);
    expect(failures).toEqual(['2 test RangeError in test.process']);
    expect(pipeline.stats()).toMatchObject({ failed: 1, failedBy: { 'RangeError in test.process': 1 } });
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('awaits promises in order, also those that reject', async () => {
    const waiting: (() => void)[] = [];
    const { source, pipeline, written } = build(
      (event) =>
        new Promise((resolve, reject) =>
          waiting.push(() => (event.id === 2 ? reject(new Error('no')) : resolve(event))),
        ),
    );
    source.emit(frame(1), frame(2), frame(3));
    for (let i = 0; i < 3; i++) {
      expect(waiting).toHaveLength(1); // never two at once
      expect(pipeline.imbalance()).toBeUndefined();
      waiting.pop()?.();
      await settlePromises();
    }
    expect(written).toEqual([1, 3]);
    expect(pipeline.stats()).toMatchObject({ processed: 2, failed: 1, inFlight: 0 });
  });

  it('sends on each event of a generator, and counts the one that came in', async () => {
    const { source, pipeline, written, released } = build(function* (event) {
      yield frame(event.id * 10);
      yield frame(event.id * 10 + 1);
    });
    source.emit(frame(1), frame(2));
    await pipeline.drain();
    expect(written).toEqual([10, 11, 20, 21]);
    expect(released).toEqual([10, 11, 1, 20, 21, 2]);
    expect(pipeline.stats()).toMatchObject({ received: 2, processed: 2 });
  });

  it('is held back by its output', async () => {
    let free: (() => void) | undefined;
    const { source, pipeline, clock } = build((event) => event, {
      sink: { ready: () => new Promise<void>((resolve) => (free = resolve)) },
    });
    source.emit(frame(1), frame(2));
    await settlePromises();
    expect(pipeline.stats()).toMatchObject({ processed: 1, inFlight: 1 });
    await clock.advance(5);
    free?.();
    await settlePromises();
    expect(pipeline.stats()).toMatchObject({ processed: 2, waitedMs: 5 });
  });

  it('yields after a slice', async () => {
    const { source, clock, written } = build((event) => {
      clock.spend(6);
      return event;
    });
    source.emit(frame(1), frame(2), frame(3), frame(4));
    expect(written).toEqual([1, 2]);
    await clock.advance(0);
    expect(written).toEqual([1, 2, 3, 4]);
  });

  it('counts what a stop leaves behind', async () => {
    let finish: (() => void) | undefined;
    const { source, pipeline, released } = build((event) => new Promise((resolve) => (finish = () => resolve(event))));
    source.emit(frame(1), frame(2), frame(3));
    pipeline.stop();
    await pipeline.ended;
    expect(pipeline.stats()).toMatchObject({ received: 3, rejected: 3, rejectedBy: { stopped: 3 }, inFlight: 0 });
    expect(pipeline.imbalance()).toBeUndefined();
    expect(released).toEqual([2, 3]); // the processor still has the first
    finish?.();
    await settlePromises();
    expect(released).toEqual([2, 3, 1]);
    expect(pipeline.stats().processed).toBe(0);
  });

  it('finishes on a drain what has come, and takes no more', async () => {
    let finish: (() => void) | undefined;
    const { source, pipeline, written } = build((event) => new Promise((resolve) => (finish = () => resolve(event))));
    source.emit(frame(1), frame(2));
    const ended = pipeline.drain();
    source.emit(frame(3));
    for (let i = 0; i < 2; i++) {
      finish?.();
      await settlePromises();
    }
    await ended;
    expect(written).toEqual([1, 2]);
    expect(pipeline.state).toBe('ended');
  });

  it('keeps the identity over a reset of the figures', async () => {
    let finish: (() => void) | undefined;
    const { source, pipeline } = build((event) => new Promise((resolve) => (finish = () => resolve(event))));
    source.emit(frame(1), frame(2));
    pipeline.resetStats();
    expect(pipeline.stats()).toMatchObject({ received: 2, inFlight: 2, processed: 0 });
    expect(pipeline.imbalance()).toBeUndefined();
    finish?.();
    await settlePromises();
    expect(pipeline.imbalance()).toBeUndefined();
  });
});

describe('the receiver queue', () => {
  const never = () => new Promise<undefined>(() => {});
  const filled = (onFull: 'wait' | 'dropOldest' | 'dropNewest' | 'fail', bytes = 1000) => {
    const rejected: number[] = [];
    const built = build(never, {
      queue: { items: 2, bytes, onFull, eager: true, sizeOf: (event) => event.bytes ?? 0 },
      observer: { onRejected: (event) => rejected.push(event.id) },
    });
    return { ...built, rejected };
  };

  it('waits: what does not fit stays with the source', () => {
    const { source, pipeline } = filled('wait');
    source.emit(frame(1));
    source.emit(frame(2), frame(3), frame(4), frame(5));
    expect(source.waiting.map(({ id }) => id)).toEqual([4, 5]);
    expect(pipeline.stats()).toMatchObject({ received: 3, inFlight: 3, rejected: 0 });
  });

  it('drops the oldest', () => {
    const { source, pipeline, rejected } = filled('dropOldest');
    source.emit(frame(1));
    source.emit(frame(2), frame(3), frame(4), frame(5));
    expect(rejected).toEqual([2, 3]);
    expect(pipeline.stats()).toMatchObject({ received: 5, rejectedBy: { 'queue full': 2 }, inFlight: 3 });
  });

  it('drops the newest', () => {
    const { source, rejected, pipeline } = filled('dropNewest');
    source.emit(frame(1));
    source.emit(frame(2), frame(3), frame(4), frame(5));
    expect(rejected).toEqual([4, 5]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('fails', async () => {
    const { source, pipeline } = filled('fail');
    source.emit(frame(1));
    source.emit(frame(2), frame(3), frame(4));
    await expect(pipeline.ended).rejects.toThrow('a queue of 2 events and 1000 bytes was full');
    expect(pipeline.imbalance()).toBeUndefined();
    expect(source.closed).toBe(1);
  });

  it('is full by bytes too', () => {
    const { source, rejected } = filled('dropNewest', 100);
    source.emit(frame(1, 10));
    source.emit(frame(2, 200), frame(3, 10));
    expect(rejected).toEqual([3]);
  });

  it('accumulates until there are enough or nothing comes any more', async () => {
    const { source, clock, written } = build((event) => event, {
      queue: { items: 10, bytes: 1000, onFull: 'wait', eager: true, accumulate: { items: 3, timeoutMs: 100 } },
    });
    source.emit(frame(1), frame(2));
    expect(written).toEqual([]);
    source.emit(frame(3), frame(4));
    expect(written).toEqual([1, 2]); // as long as three are queued
    await clock.advance(60);
    source.emit(frame(5));
    expect(written).toEqual([1, 2, 3]);
    await clock.advance(60);
    expect(written).toEqual([1, 2, 3]); // 60 ms since the last one came
    await clock.advance(50);
    expect(written).toEqual([1, 2, 3, 4, 5]);
  });
});
