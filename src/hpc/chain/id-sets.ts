import type { IdRange } from '../ids/id-ranges.js';

/** The ids of `ranges`, which ascend, that are in none of `others`, which ascend by 1 within each. */
export function without(ranges: readonly IdRange[], others: readonly IdRange[]): IdRange[] {
  return ranges.flatMap((range) => (range.step === 1 ? remainder(range, others) : eachWithout(range, others)));
}

/** How many ids there are. */
export function sizeOf(ranges: readonly IdRange[]): number {
  return ranges.reduce((sum, { first, last, step }) => sum + (last - first) / step + 1, 0);
}

/** The largest `count` ids of `ranges`, which ascend by 1 within each. */
export function largestOf(ranges: readonly IdRange[], count: number): IdRange[] {
  const largest: IdRange[] = [];
  for (let at = ranges.length - 1, left = count; at >= 0 && left > 0; at--) {
    const { first, last } = ranges[at] as IdRange;
    largest.unshift({ first: Math.max(first, last - left + 1), last, step: 1 });
    left -= last - first + 1;
  }
  return largest;
}

function remainder(range: IdRange, others: readonly IdRange[]): IdRange[] {
  const left: IdRange[] = [];
  let { first } = range;
  for (const other of others) {
    if (other.last < first) continue;
    if (other.first > range.last) break;
    if (other.first > first) left.push({ first, last: other.first - 1, step: 1 });
    first = other.last + 1;
  }
  return first <= range.last ? [...left, { first, last: range.last, step: 1 }] : left;
}

function eachWithout(range: IdRange, others: readonly IdRange[]): IdRange[] {
  const { first, step } = range;
  const ids = Array.from({ length: sizeOf([range]) }, (_, at) => first + at * step);
  const isIn = (id: number) => others.some((other) => id >= other.first && id <= other.last);
  return ids.filter((id) => !isIn(id)).map((id) => ({ first: id, last: id, step: 1 }));
}
