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

  it('drops as many of the oldest as a large one needs room', () => {
    const { source, pipeline, rejected } = filled('dropOldest', 4);
    source.emit(frame(1));
    source.emit(frame(2, 1), frame(3, 3), frame(4, 50), frame(5, 1));
    expect(rejected).toEqual([2, 3, 4]);
    expect(pipeline.imbalance()).toBeUndefined();
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
    await expect(pipeline.ended).rejects.toThrow('the queue of frames, of 2 events and 1000 bytes, was full');
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

describe('several sources', () => {
  const two = (queueOfSecond: SourceQueueOptions<Frame>) => {
    const second = new ManualSource<Frame>();
    const first = new ManualSource<Frame>();
    const waits = { items: 4, bytes: 1000, onFull: 'wait' as const };
    const built = build((event) => event, {
      sources: [
        { name: 'first', source: first, queue: waits },
        { name: 'second', source: second, queue: queueOfSecond },
      ],
    });
    return { ...built, first, second };
  };

  it('take turns, each with a queue of its own', () => {
    const { first, second, pipeline, written } = two({ items: 2, bytes: 1000, onFull: 'dropNewest', eager: true });
    pipeline.throttle('test', true);
    first.emit(frame(1), frame(2), frame(3));
    second.emit(frame(11), frame(12), frame(13));
    expect(pipeline.stats().sources).toMatchObject([
      { name: 'first', received: 0 }, // it is not eager: they stay with the source
      { name: 'second', received: 3, dropped: 1, length: 2 },
    ]);
    pipeline.throttle('test', false);
    return settlePromises().then(() => {
      expect(written).toEqual([1, 11, 2, 12, 3]);
      expect(pipeline.stats().queue).toMatchObject({ received: 6, delivered: 5, dropped: 1, limit: 6 });
      expect(pipeline.imbalance()).toBeUndefined();
    });
  });

  it('have names that differ', () => {
    const source = new ManualSource<Frame>();
    const queue = { items: 1, bytes: 1, onFull: 'wait' as const };
    const sources = [
      { name: 'a', source, queue },
      { name: 'a', source, queue },
    ];
    expect(() => new Pipeline({ sources, processors: [] })).toThrow('there are two sources a');
  });

  it('are ready when all are', async () => {
    let connect = () => {};
    const source = new ManualSource<Frame>();
    const slow = Object.assign(new ManualSource<Frame>(), {
      start: () => new Promise<void>((done) => (connect = done)),
    });
    const queue = { items: 1, bytes: 1, onFull: 'wait' as const };
    const pipeline = new Pipeline<Frame>({
      sources: [
        { name: 'a', source, queue },
        { name: 'b', source: slow, queue },
      ],
      processors: [],
    });
    let isReady = false;
    const ready = pipeline.ready.then(() => (isReady = true));
    pipeline.start();
    await settlePromises();
    expect(isReady).toBe(false);
    connect();
    await ready;
  });

  it.each(['take', 'pause', 'close'])('end the run with what %s throws, and all are closed', async (method) => {
    const fails = () => {
      throw new Error(`cannot ${method}`);
    };
    const broken = Object.assign(new ManualSource<Frame>(), { [method]: fails });
    const other = new ManualSource<Frame>();
    const queue = { items: 1, bytes: 1, onFull: 'wait' as const };
    const pipeline = new Pipeline<Frame>({
      sources: [
        { name: 'broken', source: broken, queue },
        { name: 'other', source: other, queue },
      ],
      processors: [],
    });
    pipeline.start();
    other.emit(frame(1));
    await expect(pipeline.drain()).rejects.toThrow(`cannot ${method}`);
    expect(other.closed).toBe(1);
    expect(pipeline.state).toBe('ended');
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('end the run if one cannot be ready', async () => {
    const source = Object.assign(new ManualSource<Frame>(), { start: () => Promise.reject(new Error('no server')) });
    const queue = { items: 1, bytes: 1, onFull: 'wait' as const };
    const pipeline = new Pipeline<Frame>({ sources: [{ name: 'a', source, queue }], processors: [] });
    pipeline.start();
    await expect(pipeline.ended).rejects.toThrow('no server');
    await expect(pipeline.ready).rejects.toThrow('the run ended before');
  });
});

describe('throttles', () => {
  it('hold the sources back until the last is cleared, and tell for how long', async () => {
    const { source, pipeline, clock, written } = build((event) => event);
    pipeline.throttle('kafka', true);
    pipeline.throttle('disk', true);
    source.emit(frame(1));
    await clock.advance(5);
    pipeline.throttle('kafka', false);
    await clock.advance(5);
    expect(written).toEqual([]);
    pipeline.throttle('disk', false);
    await settlePromises();
    expect(written).toEqual([1]);
    expect(pipeline.stats().throttles).toEqual({ kafka: { isOn: false, ms: 5 }, disk: { isOn: false, ms: 10 } });
  });
});

describe('catchError', () => {
  const failing = (decision: 'soft' | 'hard') =>
    build(
      (event) => {
        if (event.id === 2) throw new RangeError('two');
        return event;
      },
      {
        catchError: (error, { stage, event }) =>
          String(error).includes('two') && stage === 'test' && event?.id === 2 ? decision : 'soft',
      },
    );

  it('lets the run go on after a soft failure', () => {
    const { source, written } = failing('soft');
    source.emit(frame(1), frame(2), frame(3));
    expect(written).toEqual([1, 3]);
  });

  it('ends it with the error after a hard one', async () => {
    const { source, written, pipeline } = failing('hard');
    source.emit(frame(1), frame(2), frame(3));
    await expect(pipeline.ended).rejects.toThrow('two');
    expect(written).toEqual([1]);
    expect(pipeline.stats()).toMatchObject({ failed: 1, rejectedBy: { stopped: 1 }, inFlight: 0 });
    expect(pipeline.imbalance()).toBeUndefined();
  });
});
