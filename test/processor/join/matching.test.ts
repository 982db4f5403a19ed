import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinMethods, matchAt, PENDING, type Match } from '../../../src/processor/join/matching.js';
import { TimeSeries } from '../../../src/processor/join/time-series.js';

const times = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 30 });
const moment = fc.integer({ min: -5, max: 65 });
const tolerance = fc.integer({ min: 0, max: 20 });
const method = fc.constantFrom(...joinMethods);

/** Items are told by their index in `order`. */
function seriesOf(order: readonly number[]): TimeSeries<number> {
  const series = new TimeSeries<number>();
  order.forEach((time, index) => series.add(time, index));
  return series;
}

/** The time of what was found, or of the two around. */
function timesOf(match: Match<number>, order: readonly number[]): number[] {
  if (match.kind === 'none') return [];
  return (match.kind === 'item' ? [match.item] : [match.before, match.after]).map((index) => order[index] as number);
}

describe('matchAt', () => {
  it('finds the nearest within the tolerance, as a search through all does', () => {
    fc.assert(
      fc.property(times, moment, tolerance, (order, time, limit) => {
        const match = matchAt(seriesOf(order), time, { method: 'nearest', tolerance: limit }, true) as Match<number>;
        const distances = order.map((each) => Math.abs(each - time));
        const least = Math.min(...distances);
        if (least > limit) return void expect(match).toEqual({ kind: 'none' });
        expect(match.kind).toBe('item');
        const [found] = timesOf(match, order);
        expect(Math.abs((found as number) - time)).toBe(least);
        expect(match).toMatchObject({ difference: (found as number) - time });
        // Of several that are equally near the later, and of the same time the last.
        const candidates = order.map((each, index) => ({ each, index })).filter((_, i) => distances[i] === least);
        const later = Math.max(...candidates.map(({ each }) => each));
        const last = candidates.filter(({ each }) => each === later).at(-1)?.index;
        if (later >= time) expect(match).toMatchObject({ item: last });
      }),
    );
  });

  it('finds the last up to the moment, however old, and never waits', () => {
    fc.assert(
      fc.property(times, moment, (order, time) => {
        const match = matchAt(seriesOf(order), time, { method: 'last', tolerance: 0 }, false) as Match<number>;
        const before = order.filter((each) => each <= time);
        expect(timesOf(match, order)).toEqual(before.length === 0 ? [] : [Math.max(...before)]);
      }),
    );
  });

  it('finds the two around the moment, and how far it is between them', () => {
    fc.assert(
      fc.property(times, moment, tolerance, (order, time, limit) => {
        const match = matchAt(seriesOf(order), time, { method: 'linear', tolerance: limit }, true) as Match<number>;
        if (match.kind !== 'between') return;
        const [before, after] = timesOf(match, order) as [number, number];
        expect(before).toBe(Math.max(...order.filter((each) => each < time)));
        expect(after).toBe(Math.min(...order.filter((each) => each > time)));
        expect(before + (after - before) * match.share).toBeCloseTo(time, 9);
        expect(Math.max(time - before, after - time)).toBeLessThanOrEqual(limit);
        expect(Math.abs(match.difference)).toBe(Math.min(time - before, after - time));
      }),
    );
  });

  it('does not change its answer whatever comes later, once it has one', () => {
    fc.assert(
      fc.property(times, times, moment, tolerance, method, (order, more, time, limit, how) => {
        const rule = { method: how, tolerance: limit };
        const answer = matchAt(seriesOf(order), time, rule, false);
        if (answer === PENDING || how === 'last') return;
        const latest = Math.max(...order);
        // What comes now is later than all that was there; of the very same time another may come, too.
        const all = [...order, ...more.map((each) => latest + 1 + each)];
        expect(matchAt(seriesOf(all), time, rule, false)).toEqual(answer);
      }),
    );
  });

  it.each(['nearest', 'linear'] as const)('waits, with %s, until something of that time or later is there', (how) => {
    const rule = { method: how, tolerance: 10 };
    expect(matchAt(seriesOf([1, 9]), 10, rule, false)).toBe(PENDING);
    expect(matchAt(seriesOf([1, 9]), 10, rule, true)).toEqual({ kind: 'item', item: 1, difference: -1 });
    expect(matchAt(seriesOf([1, 9, 10]), 10, rule, false)).toEqual({ kind: 'item', item: 2, difference: 0 });
  });

  it('takes one neighbour where there is only one', () => {
    const rule = { method: 'linear', tolerance: 5 } as const;
    expect(matchAt(seriesOf([12]), 10, rule, false)).toEqual({ kind: 'item', item: 0, difference: 2 });
    expect(matchAt(seriesOf([16]), 10, rule, false)).toEqual({ kind: 'none' });
    expect(matchAt(seriesOf([7, 16]), 10, rule, false)).toEqual({ kind: 'none' });
  });
});
