import type { TimeSeries } from './time-series.js';

/** How the value for a moment is found. */
export const joinMethods = ['nearest', 'linear', 'last'] as const;
export type JoinMethod = (typeof joinMethods)[number];

/** What was found for a moment. `difference` is the time of what was found less the moment. */
export type Match<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'item'; readonly item: T; readonly difference: number }
  | {
      readonly kind: 'between';
      readonly before: T;
      readonly after: T;
      /** Where the moment lies between the two, from 0 to 1. */
      readonly share: number;
      /** That of the nearer of the two. */
      readonly difference: number;
    };

/** Nothing that fits. */
export const NO_MATCH: Match<never> = { kind: 'none' };

/** Something that comes later may fit better than anything that is there. */
export const PENDING = Symbol('pending');

/**
 * What belongs to the moment `time`:
 *
 * - `nearest`: the nearest in time, if it is not farther than `tolerance`; of two that are equally near, the later.
 * - `linear`: the two around the moment, neither farther than `tolerance`; where there is one at that very moment, or none on
 *   one side, as `nearest`.
 * - `last`: the last up to the moment, however old.
 *
 * As things come in the order of their times, the answer is certain once there is something of that time or later: nothing
 * that comes after can change it. Until then it is {@link PENDING}, but for `last`, which never waits, and `isFinal`: then it is
 * made of what is there.
 */
export function matchAt<T>(
  series: TimeSeries<T>,
  time: number,
  rule: { readonly method: JoinMethod; readonly tolerance: number },
  isFinal: boolean,
): Match<T> | typeof PENDING {
  const after = series.firstFrom(time);
  if (rule.method === 'last') return lastAt(series, after, time);
  if (after === series.length && !isFinal) return PENDING;
  const isBetween = after < series.length && after > 0 && series.timeAt(after) > time;
  if (rule.method === 'linear' && isBetween) return between(series, after, time, rule.tolerance);
  return nearest(series, after, time, rule.tolerance);
}

function lastAt<T>(series: TimeSeries<T>, after: number, time: number): Match<T> {
  const at = after < series.length && series.timeAt(after) === time ? lastOfTime(series, after) : after - 1;
  return at < 0 ? NO_MATCH : found(series, at, time);
}

function nearest<T>(series: TimeSeries<T>, after: number, time: number, tolerance: number): Match<T> {
  const late = after < series.length ? series.timeAt(after) - time : Infinity;
  const early = after > 0 ? time - series.timeAt(after - 1) : Infinity;
  if (Math.min(late, early) > tolerance) return NO_MATCH;
  return found(series, late <= early ? lastOfTime(series, after) : after - 1, time);
}

function found<T>(series: TimeSeries<T>, at: number, time: number): Match<T> {
  return { kind: 'item', item: series.itemAt(at), difference: series.timeAt(at) - time };
}

/** The last of those with the same time as the one at `at`. */
function lastOfTime(series: TimeSeries<unknown>, at: number): number {
  let last = at;
  while (last + 1 < series.length && series.timeAt(last + 1) === series.timeAt(at)) last += 1;
  return last;
}

function between<T>(series: TimeSeries<T>, after: number, time: number, tolerance: number): Match<T> {
  const late = series.timeAt(after) - time;
  const early = time - series.timeAt(after - 1);
  if (Math.max(late, early) > tolerance) return NO_MATCH;
  return {
    kind: 'between',
    before: series.itemAt(after - 1),
    after: series.itemAt(after),
    share: early / (early + late),
    difference: late <= early ? late : -early,
  };
}
