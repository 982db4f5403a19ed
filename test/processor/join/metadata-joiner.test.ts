import { describe, expect, it } from 'vitest';
import { getLogger, configureLogging } from '../../../src/core/logger.js';
import type { BoundedMetadataQueue } from '../../../src/hpc/metadata/metadata-queue.js';
import type { JoinRule } from '../../../src/processor/join/joined-channel.js';
import { MetadataJoiner, type JoinMatches } from '../../../src/processor/join/metadata-joiner.js';
import { FakeClock } from '../../pipeline/fakes.js';
import { newQueue, START, update } from './metadata.js';

configureLogging({ level: 'silent' });

const MS = 1e6;

class Join {
  readonly clock = new FakeClock();
  readonly queues: ReadonlyMap<string, BoundedMetadataQueue>;
  readonly joiner: MetadataJoiner;

  constructor(rules: Record<string, Partial<JoinRule>>, maxWaitMs = 100) {
    this.queues = new Map(Object.keys(rules).map((name) => [name, newQueue()]));
    const ruleOf = (name: string): JoinRule => ({ method: 'nearest', tolerance: MS, offset: 0, ...rules[name] });
    const { queues, clock } = this;
    this.joiner = new MetadataJoiner({ queues, ruleOf, clock, logger: getLogger('join') }, START);
    this.joiner.maxWaitMs = maxWaitMs;
  }

  put(name: string, ...times: number[]): void {
    this.queues.get(name)?.put(times.map((ms) => update(ms)));
  }

  /** Values that a frame is joined with, each as its name and time; what was not found is `-`. */
  match(ms: number): string[] | Promise<string[]> {
    const matches = this.joiner.match(ms * MS);
    return matches instanceof Promise ? matches.then(shown) : shown(matches);
  }
}

function shown(matches: JoinMatches): string[] {
  return matches.map((match) => {
    if (match.kind === 'none') return '-';
    if (match.kind === 'item') return String(match.item.object.get('value'));
    return `${String(match.before.object.get('value'))}..${String(match.after.object.get('value'))}@${match.share}`;
  });
}

describe('MetadataJoiner', () => {
  it('joins at once what is certain', () => {
    const join = new Join({ a: {}, b: {} });
    join.put('a', 1, 2, 3);
    join.put('b', 0.5, 2.5);
    expect(join.match(2)).toEqual(['2', '2.5']);
    expect(join.joiner.waited).toBe(0);
  });

  it('waits for what may be on the way, and goes on when the last of it has come', async () => {
    const join = new Join({ a: {}, b: {} });
    join.put('a', 1);
    join.put('b', 1);
    const found = join.match(2);
    expect(found).toBeInstanceOf(Promise);
    join.put('a', 2);
    join.put('b', 1.5); // still before the frame: something nearer may follow
    join.put('b', 2.25);
    expect(await found).toEqual(['2', '2.25']);
    expect(join.joiner.waited).toBe(1);
  });

  it.each([
    ['updates', 0, 70_000, 65_536],
    ['bytes', 2 ** 20, 70, 64],
  ])(
    'holds no more than so many %s of a channel when the times of the frames stand still',
    (_of, bytes, sent, held) => {
      const join = new Join({ a: {} });
      const type = { value: 'ubyte[]' } as const;
      for (let i = 0; i < sent; i++) {
        join.queues.get('a')?.put([update(i, new Uint8Array(bytes), type)]);
        void join.match(-100);
      }
      expect(join.joiner.discarded).toBe(sent - held);
      join.joiner.channels[0]?.clear();
      expect(join.joiner.discarded).toBe(sent);
    },
  );

  it('waits no longer than it may, and then takes what is there', async () => {
    const join = new Join({ a: {}, b: {} });
    join.put('a', 1.5);
    join.put('b', 0.5);
    const found = join.match(2);
    await join.clock.advance(99);
    await join.clock.advance(1);
    expect(await found).toEqual(['1.5', '-']);
  });

  it('does not wait again for a channel that is behind, until it has caught up', async () => {
    const join = new Join({ a: {} });
    join.put('a', 1);
    const first = join.match(10);
    await join.clock.advance(100);
    expect(await first).toEqual(['-']);
    join.put('a', 9.5);
    expect(join.match(20)).toEqual(['-']);
    join.put('a', 20);
    expect(join.match(20.5)).toBeInstanceOf(Promise);
  });

  it('does not wait for a channel that never said anything', () => {
    expect(new Join({ a: {} }).match(1)).toEqual(['-']);
  });

  it('decides at once when it may not wait', () => {
    const join = new Join({ a: {} }, 0);
    join.put('a', 1);
    expect(join.match(1.5)).toEqual(['1']);
  });

  it('waits without limit when it shall', async () => {
    const join = new Join({ a: {} }, Infinity);
    join.put('a', 1);
    const found = join.match(5);
    await join.clock.advance(1e9);
    join.put('a', 5);
    expect(await found).toEqual(['5']);
  });

  it('has a rule for each channel, which may change', () => {
    const rules: Record<string, Partial<JoinRule>> = {
      late: { offset: -10 * MS },
      numbers: { method: 'linear', tolerance: 4 * MS },
      state: { method: 'last' },
    };
    const join = new Join(rules);
    join.put('late', 12, 13);
    join.put('numbers', 0, 4);
    join.put('state', -5000);
    expect(join.match(3)).toEqual(['13', '0..4@0.75', '-5000']);
    rules.late = { offset: -9 * MS };
    join.joiner.updateRules();
    join.put('late', 14);
    expect(join.match(3.5)).toEqual(['13', '0..4@0.875', '-5000']);
  });

  it('joins many frames with one update if it is near enough, and counts what no frame was joined with', () => {
    const join = new Join({ a: { tolerance: 5 * MS } });
    join.put('a', 0, 1, 10, 20);
    expect([8, 10, 12].map((ms) => join.match(ms))).toEqual([['10'], ['10'], ['10']]);
    expect(join.joiner.discarded).toBe(2);
    expect(join.match(20)).toEqual(['20']);
    expect(join.joiner.discarded).toBe(2);
    join.joiner.resetStats();
    expect(join.joiner.discarded).toBe(0);
  });

  it('gives back what it does not need any more', async () => {
    const join = new Join({ a: {} });
    const updates = [1, 2, 3].map((ms) => update(ms));
    join.queues.get('a')?.put(updates);
    void join.match(2);
    expect(updates.map(({ released }) => released)).toEqual([false, false, false]);
    void join.match(3.5);
    expect(updates.map(({ released }) => released)).toEqual([true, true, false]);
    join.joiner.close();
    await join.clock.advance(0);
    expect(updates.every(({ released }) => released)).toBe(true);
  });

  it('begins anew when the clock of a channel was set back', () => {
    const join = new Join({ a: {} });
    join.put('a', 10_000, 10_001);
    expect(join.match(10_000)).toEqual(['10000']);
    join.put('a', 5, 6);
    expect(join.match(5.5)).toEqual(['6']);
  });

  it('takes updates that come out of order', () => {
    const join = new Join({ a: {} });
    join.put('a', 3, 1, 2);
    expect(join.match(2)).toEqual(['2']);
  });

  it('counts updates without a time, and joins no frame with them', () => {
    const join = new Join({ a: {} });
    const noTime = update(0).set('timeStamp.secondsPastEpoch', 0n);
    join.queues.get('a')?.put([noTime, update(1)]);
    expect(join.match(1)).toEqual(['1']);
    expect([join.joiner.discarded, noTime.released]).toEqual([1, true]);
  });

  it('lets the frame that waits go when it is closed', async () => {
    const join = new Join({ a: {} }, Infinity);
    join.put('a', 1);
    const found = join.match(1.5);
    join.joiner.close();
    expect(await found).toEqual(['1']);
  });
});
