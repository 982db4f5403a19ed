import { IdRanges, type IdRange } from '../ids/id-ranges.js';
import type { Losses } from '../loss-report.js';
import type { IdBlocks } from '../ids/received-ids.js';

/** From `first` to `last`, both of them included. */
type Interval = readonly [first: number, last: number];

/** Of more intervals than this, the oldest gaps are only counted. */
const MAX_INTERVALS = 200_000;

/** Which ids of a stream several consumers have received together: what lies between them, nobody has. */
export class Coverage {
  /** In ascending order, with at least one id between two of them. */
  #intervals: Interval[] = [];
  /** What may have been received: it fills gaps, but between its ids there are none. */
  #possible: Interval[] = [];
  /** Ids in gaps that are no longer listed. */
  #unlisted = 0;

  /** The ids, as ranges in ascending order. */
  get ranges(): IdRange[] {
    return this.#intervals.map(([first, last]) => ({ first, last, step: 1 }));
  }

  get firstId(): number | undefined {
    return this.#intervals[0]?.[0];
  }

  get lastId(): number | undefined {
    return this.#intervals.at(-1)?.[1];
  }

  add(blocks: readonly IdBlocks[]): void {
    const added = blocks.flatMap(intervalsOf).sort(([a], [b]) => a - b);
    const start = added[0]?.[0];
    if (start === undefined) return;
    const from = this.#indexBefore(start);
    const merged = merge(this.#intervals.slice(from), added);
    this.#intervals = from === 0 ? merged : [...this.#intervals.slice(0, from), ...merged];
    this.#forgetOldest();
  }

  /** Ids that were received, if they are of this stream. */
  addPossible(blocks: readonly IdBlocks[]): void {
    const added = blocks.flatMap(intervalsOf).sort(([a], [b]) => a - b);
    this.#possible = merge(this.#possible, added).slice(-MAX_INTERVALS);
  }

  /** The ids up to `last` that nobody has received, and those after it. */
  gaps(last: number): { before: Losses; after: Losses } {
    const [before, after] = [new IdRanges(), new IdRanges()];
    let [nBefore, nAfter] = [this.#unlisted, 0];
    const intervals = this.#withPossible();
    for (let at = 1; at < intervals.length; at++) {
      const first = (intervals[at - 1] as Interval)[1] + 1;
      const end = (intervals[at] as Interval)[0] - 1;
      const middle = Math.min(end, last);
      if (first <= middle) nBefore += addRange(before, first, middle);
      if (Math.max(first, last + 1) <= end) nAfter += addRange(after, Math.max(first, last + 1), end);
    }
    return { before: lossesOf(before, nBefore), after: lossesOf(after, nAfter) };
  }

  #withPossible(): readonly Interval[] {
    const [start, end] = [this.firstId, this.lastId];
    if (this.#possible.length === 0 || start === undefined || end === undefined) return this.#intervals;
    const within = this.#possible.filter(([first, last]) => last >= start && first <= end);
    const clipped = within.map(([first, last]): Interval => [Math.max(first, start), Math.min(last, end)]);
    return merge(this.#intervals, clipped);
  }

  /** Index of the last interval that begins at `id` or before; 0 when there is none. */
  #indexBefore(id: number): number {
    let [low, high] = [0, this.#intervals.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#intervals[middle] as Interval)[0] <= id) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #forgetOldest(): void {
    const surplus = this.#intervals.length - MAX_INTERVALS;
    if (surplus <= 0) return;
    const first = this.firstId as number;
    for (let at = 1; at <= surplus; at++)
      this.#unlisted += (this.#intervals[at] as Interval)[0] - (this.#intervals[at - 1] as Interval)[1] - 1;
    const kept = this.#intervals.slice(surplus);
    kept[0] = [first, (kept[0] as Interval)[1]];
    this.#intervals = kept;
  }
}

function intervalsOf({ first, length, period, count }: IdBlocks): Interval[] {
  return Array.from({ length: count }, (_, at) => [first + at * period, first + at * period + length - 1] as const);
}

/** Both lists ascend. */
function merge(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const merged: [number, number][] = [];
  let [a, b] = [0, 0];
  while (a < some.length || b < others.length) {
    const isFirst = b >= others.length || (a < some.length && (some[a] as Interval)[0] <= (others[b] as Interval)[0]);
    const [first, last] = (isFirst ? some[a++] : others[b++]) as Interval;
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

function addRange(ranges: IdRanges, first: number, last: number): number {
  ranges.add({ first, last, step: 1 });
  return last - first + 1;
}

function lossesOf(ranges: IdRanges, count: number): Losses {
  const ids = [...ranges.list];
  const listed = ids.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return { count, ids, unlisted: count - listed };
}
