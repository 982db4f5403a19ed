import { describe, expect, it } from 'vitest';
import { HELD, type HoldingProcessor, type HoldingResult, type StageControl } from '../../src/pipeline/interfaces.js';
import { Pipeline, type PipelineOptions } from '../../src/pipeline/pipeline.js';
import { FakeClock, ManualSource, settlePromises } from './fakes.js';

/** Holds everything it is given, unless a test says otherwise. */
class Keeper implements HoldingProcessor<string> {
  stage!: StageControl<string>;
  flushed = 0;

  constructor(
    readonly decide: (event: string, stage: StageControl<string>) => HoldingResult<string> = () => HELD,
    readonly onFlush: (stage: StageControl<string>) => void | Promise<void> = () => {},
  ) {}

  attach(stage: StageControl<string>): void {
    this.stage = stage;
  }

  process(event: string): HoldingResult<string> {
    return this.decide(event, this.stage);
  }

  flush(): void | Promise<void> {
    this.flushed += 1;
    return this.onFlush(this.stage);
  }
}

function build(keeper: Keeper, more: Partial<PipelineOptions<string>> = {}) {
  const source = new ManualSource<string>();
  const written: string[] = [];
  const released: string[] = [];
  const pipeline = new Pipeline<string>({
    sources: [{ name: 'source', source, queue: { items: 100, bytes: Infinity, onFull: 'wait' } }],
    processors: [{ name: 'keeper', processor: keeper }],
    sink: { write: (event) => void written.push(event) },
    release: (event) => released.push(event),
    clock: new FakeClock(),
    ...more,
  });
  pipeline.start();
  return { source, pipeline, written, released };
}

describe('a stage that holds events', () => {
  it('has them in flight until it emits them, in the order in which it does', async () => {
    const keeper = new Keeper();
    const { source, pipeline, written, released } = build(keeper);
    source.emit('a', 'b', 'c');
    expect(pipeline.stats()).toMatchObject({ received: 3, inFlight: 3, stages: [{ inFlight: 3, held: 3 }] });
    expect(released).toEqual([]);
    keeper.stage.emit('c');
    keeper.stage.emit('a');
    expect(pipeline.imbalance()).toBeUndefined();
    await settlePromises();
    expect(written).toEqual(['c', 'a']);
    expect(released).toEqual(['c', 'a']);
    expect(pipeline.stats()).toMatchObject({
      processed: 2,
      inFlight: 1,
      stages: [{ processed: 2, emitted: 2, held: 1 }],
    });
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('may emit within process, the event it was given or others, without a turn', () => {
    const keeper = new Keeper((event, stage) => {
      if (event !== 'c') return HELD;
      stage.emit('b');
      stage.emit('a');
      return event;
    });
    const { source, written } = build(keeper);
    source.emit('a', 'b', 'c');
    expect(written).toEqual(['b', 'a', 'c']);
  });

  it('makes one event of several: they share its fate, and are released after it', async () => {
    const keeper = new Keeper((event, stage) => {
      if (event === 'c') stage.emit('abc', ['a', 'b', 'c']);
      return HELD;
    });
    const { source, pipeline, written, released } = build(keeper);
    source.emit('a', 'b');
    expect(pipeline.stats()).toMatchObject({ inFlight: 2 });
    source.emit('c');
    expect(written).toEqual(['abc']);
    expect(released).toEqual(['abc', 'a', 'b', 'c']);
    expect(pipeline.stats()).toMatchObject({ received: 3, processed: 3, inFlight: 0, output: { received: 1 } });
    expect(pipeline.stats().stages).toMatchObject([{ processed: 3, emitted: 1 }]);
    expect(pipeline.imbalance()).toBeUndefined();
    await pipeline.drain();
  });

  it('fails all of which an event was made when it fails later', () => {
    const failed: string[] = [];
    const keeper = new Keeper((event, stage) => {
      if (event === 'b') stage.emit('b', ['a', 'b']);
      return HELD;
    });
    const { source, pipeline, released } = build(keeper, {
      sink: {
        write: () => {
          throw new RangeError('no');
        },
      },
      observer: { onFailed: (input) => failed.push(input) },
    });
    source.emit('a', 'b');
    expect(failed).toEqual(['a', 'b']);
    expect(released).toEqual(['a', 'b']);
    expect(pipeline.stats()).toMatchObject({ failed: 2, failedBy: { 'RangeError in the output': 2 } });
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('filters, rejects and fails what it holds, and what it did not keep', async () => {
    const keeper = new Keeper((event) => (event === 'd' ? undefined : HELD));
    const { source, pipeline, released } = build(keeper);
    source.emit('a', 'b', 'c', 'd');
    keeper.stage.filter('a');
    keeper.stage.reject('b', 'too late');
    keeper.stage.fail('c', new TypeError('odd'));
    expect(released).toEqual(['d', 'a', 'b', 'c']);
    expect(pipeline.stats()).toMatchObject({
      filtered: 2,
      rejectedBy: { 'too late': 1 },
      failedBy: { 'TypeError in keeper.process': 1 },
      inFlight: 0,
    });
    expect(() => keeper.stage.filter('a')).toThrow(RangeError);
    expect(() => keeper.stage.emit('x', ['a'])).toThrow(RangeError);
    await pipeline.drain();
  });

  it('counts a new event as one that the pipeline received', async () => {
    const keeper = new Keeper();
    const { pipeline, written } = build(keeper);
    expect(() => keeper.stage.emit('new')).toThrow(RangeError);
    keeper.stage.emit('new', []);
    await settlePromises();
    expect(written).toEqual(['new']);
    expect(pipeline.stats()).toMatchObject({ received: 1, injected: 1, processed: 1 });
    expect(pipeline.stats().stages).toMatchObject([{ received: 0, emitted: 1 }]);
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('is flushed at a drain; what is left then is rejected', async () => {
    const keeper = new Keeper(undefined, async (stage) => {
      await settlePromises();
      stage.emit('a');
    });
    const { source, pipeline, written } = build(keeper);
    source.emit('a', 'b');
    await pipeline.drain();
    expect(written).toEqual(['a']);
    expect(keeper.flushed).toBe(1);
    expect(pipeline.stats()).toMatchObject({
      processed: 1,
      rejectedBy: { 'left behind by the stage': 1 },
      inFlight: 0,
    });
  });

  it('fails what it holds if its flush throws', async () => {
    const faults: string[] = [];
    const keeper = new Keeper(undefined, () => {
      throw new RangeError('no');
    });
    const { source, pipeline } = build(keeper, { observer: { onFault: (stage) => faults.push(stage) } });
    source.emit('a');
    await pipeline.drain();
    expect(faults).toEqual(['keeper']);
    expect(pipeline.stats()).toMatchObject({ failedBy: { 'RangeError in keeper.flush': 1 }, inFlight: 0 });
  });

  it('is flushed after the stages in front of it', async () => {
    const first = new Keeper(undefined, (stage) => void stage.emit('a'));
    const second = new Keeper(undefined, (stage) => void stage.emit('a'));
    const { source, pipeline, written } = build(first, {
      processors: [
        { name: 'first', processor: first },
        { name: 'second', processor: second },
      ],
    });
    source.emit('a');
    await pipeline.drain();
    expect(written).toEqual(['a']);
    expect([first.flushed, second.flushed]).toEqual([1, 1]);
  });

  it('gives up what it holds at a stop, and can say nothing of it after that', async () => {
    const rejected: string[] = [];
    const keeper = new Keeper();
    const { source, pipeline, released, written } = build(keeper, {
      observer: { onRejected: (input, reason) => rejected.push(`${input} ${reason}`) },
    });
    source.emit('a', 'b');
    pipeline.stop();
    expect(rejected).toEqual(['a stopped', 'b stopped']);
    expect(released).toEqual(['a', 'b']);
    keeper.stage.emit('a');
    keeper.stage.reject('b', 'late');
    await settlePromises();
    expect(written).toEqual([]);
    expect(pipeline.stats()).toMatchObject({ rejectedBy: { stopped: 2 }, inFlight: 0 });
    expect(pipeline.imbalance()).toBeUndefined();
  });

  it('tells of an error after it has disposed of the event', () => {
    const faults: unknown[] = [];
    const keeper = new Keeper((event, stage) => {
      stage.emit(event);
      throw new Error('too late to fail it');
    });
    const { source, pipeline, written } = build(keeper, {
      observer: { onFault: (_stage, error) => faults.push(error) },
    });
    source.emit('a');
    expect(written).toEqual(['a']);
    expect(faults).toHaveLength(1);
    expect(pipeline.stats()).toMatchObject({ processed: 1, failed: 0 });
  });

  it('holds an event once at a time', () => {
    const { source, pipeline } = build(new Keeper());
    source.emit('a', 'a');
    expect(pipeline.stats()).toMatchObject({ inFlight: 1, failedBy: { 'RangeError in keeper.process': 1 } });
  });

  it('is given no new events while what it emitted waits for the next stage', async () => {
    let free: (() => void) | undefined;
    const keeper = new Keeper();
    const { source, pipeline } = build(keeper, {
      sink: { write: () => new Promise((resolve) => (free = resolve)) },
    });
    source.emit('a', 'b', 'c');
    expect(keeper.stage.emit('a')).toBe(true);
    await settlePromises();
    expect(keeper.stage.emit('b')).toBe(false);
    await settlePromises();
    source.emit('d');
    expect(source.waiting).toEqual(['d']);
    expect(pipeline.stats()).toMatchObject({ stages: [{ inFlight: 2, held: 1 }] });
    free?.();
    await settlePromises();
    expect(source.waiting).toEqual([]);
    expect(pipeline.stats()).toMatchObject({ stages: [{ inFlight: 2, held: 2 }] });
    expect(pipeline.imbalance()).toBeUndefined();
  });
});

describe('a stage that first needs what another source has', () => {
  const queue = { items: 2, bytes: Infinity, onFull: 'wait' } as const;
  const build = (processor: Keeper) => {
    const [one, other] = [new ManualSource<string>(), new ManualSource<string>()];
    const written: string[] = [];
    const pipeline = new Pipeline<string>({
      sources: [
        { name: 'one', source: one, queue },
        { name: 'other', source: other, queue },
      ],
      processors: [{ name: 'keeper', processor }],
      sink: { write: (event) => void written.push(event) },
      clock: new FakeClock(),
    });
    pipeline.start();
    return { one, other, written, pipeline };
  };

  it('holds back one source, and the other goes on', async () => {
    const keeper = new Keeper((event) => event);
    const { one, other, written, pipeline } = build(keeper);
    keeper.stage.holdBack('one', true);
    one.emit('a1', 'a2', 'a3');
    other.emit('b1', 'b2', 'b3');
    expect(written).toEqual(['b1', 'b2', 'b3']);
    expect(pipeline.imbalance()).toBeUndefined();
    keeper.stage.holdBack('one', false);
    await settlePromises();
    expect(written).toEqual(['b1', 'b2', 'b3', 'a1', 'a2', 'a3']);
  });

  it('may do so within process', () => {
    const keeper = new Keeper((event, stage) => {
      stage.holdBack('one', event === 'a1');
      return event;
    });
    const { one, other, written } = build(keeper);
    one.emit('a1', 'a2');
    expect(written).toEqual(['a1']);
    other.emit('b1');
    expect(written).toEqual(['a1', 'b1', 'a2']);
  });

  it('holds nothing back while the pipeline drains', async () => {
    const keeper = new Keeper((event) => event);
    const { one, written, pipeline } = build(keeper);
    keeper.stage.holdBack('one', true);
    one.emit('a1', 'a2', 'a3');
    await pipeline.drain();
    expect(written).toEqual(['a1', 'a2', 'a3']);
  });

  it('names one that there is', () => {
    const keeper = new Keeper();
    build(keeper);
    expect(() => keeper.stage.holdBack('none', true)).toThrow('there is no source none');
  });
});
