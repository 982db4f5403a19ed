import { describe, expect, it } from 'vitest';
import type { EventContext } from '../../src/pipeline/interfaces.js';
import { Pipeline, type PipelineOptions } from '../../src/pipeline/pipeline.js';
import type { StageOptions } from '../../src/pipeline/stage-options.js';
import { FakeClock, ManualSource, settlePromises } from './fakes.js';

function build(stages: readonly Omit<StageOptions<string>, 'name'>[], more: Partial<PipelineOptions<string>> = {}) {
  const source = new ManualSource<string>();
  const clock = new FakeClock();
  const written: string[] = [];
  const pipeline = new Pipeline<string>({
    sources: [{ name: 'source', source, queue: { items: 100, bytes: Infinity, onFull: 'wait' } }],
    processors: stages.map((stage, at) => ({ name: `stage${at}`, ...stage })),
    sink: { write: (event) => void written.push(event) },
    clock,
    ...more,
  });
  pipeline.start();
  return { source, clock, pipeline, written };
}

/** Gives promises that a test resolves by the event. */
function awaited() {
  const finish = new Map<string, () => void>();
  const process = (event: string) => new Promise<string>((resolve) => finish.set(event, () => resolve(event)));
  return { finish, processor: { process } };
}

describe('a stage that gives promises', () => {
  it('has as many events in work as its concurrency, and keeps their order', async () => {
    const { finish, processor } = awaited();
    const { source, pipeline, written } = build([{ processor, concurrency: 2 }]);
    source.emit('a', 'b', 'c');
    expect([...finish.keys()]).toEqual(['a', 'b']);
    finish.get('b')?.();
    await settlePromises();
    expect([written, [...finish.keys()]]).toEqual([[], ['a', 'b']]); // b waits for a, and still counts
    finish.get('a')?.();
    await settlePromises();
    expect([written, [...finish.keys()]]).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('lets events leave as they are done when that is asked for', async () => {
    const { finish, processor } = awaited();
    const { source, pipeline, written } = build([{ processor, order: 'completion' }]);
    source.emit('a', 'b', 'c');
    for (const event of ['c', 'a', 'b']) {
      finish.get(event)?.();
      await settlePromises();
    }
    expect(written).toEqual(['c', 'a', 'b']);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('holds back the stages before it', async () => {
    const { finish, processor } = awaited();
    const seen: string[] = [];
    const first = { process: (event: string) => (seen.push(event), event) };
    const { source } = build([{ processor: first }, { processor, concurrency: 1 }]);
    source.emit('a', 'b', 'c', 'd');
    expect(seen).toEqual(['a', 'b']); // b is finished, and waits
    finish.get('a')?.();
    await settlePromises();
    expect(seen).toEqual(['a', 'b', 'c']);
  });
});

describe('a generator', () => {
  it('is asked for its next event when the next stage has taken the last', async () => {
    const { finish, processor } = awaited();
    const given: number[] = [];
    const generator = {
      *process(event: string) {
        for (let i = 0; i < 3; i++) {
          given.push(i);
          yield `${event}${i}`;
        }
      },
    };
    const { source, pipeline, written } = build([{ processor: generator }, { processor, concurrency: 1 }]);
    source.emit('a');
    expect(given).toEqual([0, 1]);
    expect(pipeline.stats().stages).toMatchObject([
      { received: 1, emitted: 1, inFlight: 1 },
      { received: 1, inFlight: 1 },
    ]);
    for (const event of ['a0', 'a1', 'a2']) {
      finish.get(event)?.();
      await settlePromises();
    }
    expect(written).toEqual(['a0', 'a1', 'a2']);
    expect(pipeline.stats()).toMatchObject({ received: 1, processed: 1 });
    expect(pipeline.stats().stages).toMatchObject([{ processed: 1, emitted: 3 }, { processed: 3 }]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('lets the event loop have its turn when it gives many', async () => {
    const generator = {
      *process() {
        for (let i = 0; i < 2500; i++) yield `${i}`;
      },
    };
    const { source, clock, written } = build([{ processor: generator }]);
    source.emit('a');
    expect(written).toHaveLength(1000);
    await clock.advance(0);
    expect(written).toHaveLength(2000);
    await clock.advance(0);
    expect(written).toHaveLength(2500);
  });

  it('can clean up when what it gave is no event', () => {
    let isClean = false;
    const generator = {
      *process(): Generator<string> {
        try {
          yield 17 as unknown as string;
        } finally {
          isClean = true;
        }
      },
    };
    const isEvent = (value: unknown) => typeof value === 'string';
    const { source, pipeline } = build([{ processor: generator }], { isEvent });
    source.emit('a');
    expect(isClean).toBe(true);
    expect(pipeline.stats()).toMatchObject({ failedBy: { 'TypeError in stage0.process': 1 }, inFlight: 0 });
  });
});

describe('the context of an event', () => {
  it('goes with it through all stages, to what is made of it, and into the sink', () => {
    const seen: unknown[] = [];
    const sets = { process: (event: string, context: EventContext) => (context.set('key', event), event) };
    const spreads = {
      *process(event: string) {
        yield `${event}1`;
        yield `${event}2`;
      },
    };
    const { source } = build([{ processor: sets }, { processor: spreads }], {
      sink: { write: (event, context) => void seen.push([event, context.get('key'), context.source]) },
    });
    source.emit('a', 'b');
    expect(seen).toEqual([
      ['a1', 'a', 'source'],
      ['a2', 'a', 'source'],
      ['b1', 'b', 'source'],
      ['b2', 'b', 'source'],
    ]);
  });

  it('begins empty for each event', () => {
    const seen: unknown[] = [];
    const processor = {
      process(event: string, context: EventContext) {
        seen.push(context.get('key'));
        context.set('key', event);
        return event;
      },
    };
    const { source } = build([{ processor }]);
    source.emit('a', 'b');
    expect(seen).toEqual([undefined, undefined]);
  });
});

describe('the queue in front of a stage', () => {
  const edge = (onFull: 'wait' | 'dropOldest' | 'dropNewest' | 'fail') => ({ items: 2, bytes: Infinity, onFull });
  const filled = (onFull: 'wait' | 'dropOldest' | 'dropNewest' | 'fail') => {
    const rejected: string[] = [];
    const never = { process: () => new Promise<string>(() => {}) };
    const first = { process: (event: string) => event };
    const built = build([{ processor: first }, { processor: never, concurrency: 1, edge: edge(onFull) }], {
      observer: { onRejected: (event, reason) => rejected.push(`${event} ${reason}`) },
    });
    built.source.emit('a', 'b', 'c', 'd', 'e');
    return { ...built, rejected };
  };

  it.each([
    ['wait', [], 0],
    ['dropOldest', ['b queue full in front of stage1', 'c queue full in front of stage1'], 2],
    ['dropNewest', ['d queue full in front of stage1', 'e queue full in front of stage1'], 2],
  ] as const)('does as its policy says: %s', (policy, lost, dropped) => {
    const { pipeline, rejected } = filled(policy);
    expect(rejected).toEqual(lost);
    expect(pipeline.stats().edges).toMatchObject([{ name: 'stage1', dropped, length: 2 }]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('drops as many of the oldest as a large one needs room', () => {
    const never = { process: () => new Promise<string>(() => {}) };
    const queue = { items: 100, bytes: 4, onFull: 'dropOldest' as const, sizeOf: (event: string) => event.length };
    const first = { process: (event: string) => event };
    const { source, pipeline } = build([{ processor: first }, { processor: never, concurrency: 1, edge: queue }]);
    source.emit('x', 'a', 'b', 'c', 'large', 'd', 'e');
    expect(pipeline.stats().edges).toMatchObject([{ name: 'stage1', dropped: 4, length: 2 }]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('ends the run if its policy is to fail', async () => {
    const { pipeline } = filled('fail');
    await expect(pipeline.ended).rejects.toThrow('the queue in front of stage1, of 2 events');
    expect(pipeline.stats()).toMatchObject({ inFlight: 0 });
    expect(pipeline.imbalance()).toBeUndefined();
  });
});

it('tells how long events took, and the share of the time', () => {
  const clock = new FakeClock();
  const processor = { process: (event: string) => (clock.spend(4), event) };
  const { source, pipeline } = build([{ processor }], { clock });
  source.emit('a');
  const [stage] = pipeline.stats().stages;
  expect(stage?.p50Ms).toBeCloseTo(4, 0);
  expect(stage?.share).toBe(8); // one in eight is timed, and this was the first
});
