import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdRange } from '../../../src/hpc/ids/id-ranges.js';
import { IdTracker, type IdType } from '../../../src/hpc/ids/id-tracker.js';

/** What a tracker ought to have counted. */
interface Account {
  missed: number;
  late: number;
  rewound: number;
  restarted: number;
  wrapped: number;
}

function newAccount(): Account {
  return { missed: 0, late: 0, rewound: 0, restarted: 0, wrapped: 0 };
}

function expectAccount(tracker: IdTracker, account: Account, missing: readonly number[]): void {
  const { missed, late, rewound, restarted, wrapped, repeated, offPhase } = tracker;
  const told = { missed, late, rewound, restarted, wrapped, repeated, offPhase };
  expect(told).toEqual({ ...account, repeated: 0, offPhase: 0 });
  const listed = tracker.missing.list.flatMap(idsOf);
  expect(listed.sort((a, b) => a - b)).toEqual([...missing].sort((a, b) => a - b));
}

function idsOf({ first, last, step }: IdRange): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, at) => first + at * step);
}

/** A type of ids and where they begin the first time: at 1, or so near to the end that they wrap. */
interface Range extends IdType {
  readonly start: number;
  /** After the largest comes 0, also where a negative number would. */
  readonly wrapsToZero: boolean;
}

const ranges: fc.Arbitrary<Range> = fc
  .record({
    bits: fc.constantFrom(20, 32),
    signed: fc.boolean(),
    beforeEnd: fc.option(fc.integer({ min: 1, max: 40 })),
  })
  .map(({ bits, signed, beforeEnd }) => {
    const end = signed ? 2 ** (bits - 1) : 2 ** bits;
    return { bits, signed, wrapsToZero: true, start: beforeEnd === null ? 1 : end - beforeEnd };
  });

/** The id that a source which counts on without end gives as this one. */
function idOf(place: number, { bits, signed }: IdType): number {
  const end = signed ? 2 ** (bits - 1) : 2 ** bits;
  return place < end ? place : place - end;
}

/** One counting of a source: its first id, and what happens to each frame. */
interface Counting {
  readonly isAnnounced: boolean;
  readonly frames: readonly { readonly isLost: boolean; readonly isLate: boolean; readonly leap: number }[];
}

/** Of each counting this id and the next come, and in their turn: they tell it from late ids of the one before. */
const SURE = 6;
const plain = { isLost: false, isLate: false, leap: 0 };

const countings: fc.Arbitrary<readonly Counting[]> = fc.array(
  fc.record({
    isAnnounced: fc.boolean(),
    frames: fc.array(
      fc.record({
        isLost: fc.integer({ max: 4 }).map((n) => n === 0),
        isLate: fc.integer({ max: 9 }).map((n) => n === 0),
        leap: fc.constantFrom(...Array.from({ length: 30 }, () => 0), 7, 1500),
      }),
      { minLength: SURE + 2, maxLength: 60 },
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Sends the frames of a counting to a tracker. @returns the ids that never came, of those between the first and the last that did */
function send(tracker: IdTracker, counting: Counting, range: Range, start: number, account: Account): number[] {
  const frames = start === 1 ? counting.frames : [...counting.frames, ...Array.from({ length: 60 }, () => plain)];
  const missing: number[] = [];
  let place = start;
  let late: number | undefined;
  let [isBegun, lastPlace] = [false, start];
  let lost: number[] = [];
  frames.forEach(({ isLost, isLate, leap }, at) => {
    const id = idOf(place, range);
    const isSure = id === 0 || (id >= SURE && id <= SURE + 1); // without the 0 it is not known where ids go on after the largest
    const mayBeOff = isBegun && at > SURE + 1 && at < frames.length - 1 && !isSure && (id > SURE || start > 1);
    for (let n = 0; mayBeOff && id > SURE && n < leap && late === undefined; n++) lost.push(place++);
    const own = place++;
    if (mayBeOff && isLate && late === undefined) return void (late = own);
    if (!isSure && at < frames.length - 1 && isLost) return void (isBegun ? lost.push(own) : 0);
    if (isBegun) account.wrapped += idOf(lastPlace, range) > idOf(own, range) ? 1 : 0;
    [isBegun, lastPlace] = [true, own];
    tracker.note(idOf(own, range));
    missing.push(...lost);
    lost = [];
    if (late === undefined || at % 3 > 0) return;
    tracker.note(idOf(late, range));
    account.late += 1;
    late = undefined;
  });
  if (late !== undefined) missing.push(late);
  account.missed += missing.length;
  return missing.map((each) => idOf(each, range));
}

describe('of a whole stream that loses frames, brings some late, begins anew and wraps', () => {
  it('exactly what never came is missed', () => {
    fc.assert(
      fc.property(ranges, countings, (range, all) => {
        const tracker = new IdTracker({ offset: 1, sequentialUpdates: 1 });
        tracker.type = range;
        const account = newAccount();
        const missing = all.flatMap((counting, at) => {
          if (at === 0) return send(tracker, counting, range, range.start, account);
          if (counting.isAnnounced) tracker.sourceCameBack();
          account[counting.isAnnounced ? 'restarted' : 'rewound'] += 1;
          return send(tracker, counting, range, 1, account);
        });
        expectAccount(tracker, account, missing);
      }),
      { numRuns: 500 },
    );
  });
});

/** What happens to a stream that a distributor shares out. */
type Event =
  /** So many cycles of frames, of which some do not reach the consumer that is looked at. */
  | { readonly kind: 'frames'; readonly cycles: number; readonly lost: readonly number[] }
  /** Another consumer leaves, and so many of the frames that waited for it are handed over; somebody takes its place at once. */
  | { readonly kind: 'handOver'; readonly from: number; readonly frames: number }
  /** The detector counts anew, with or without a connection that is lost, when so many have had their turn. */
  | { readonly kind: 'anew'; readonly isAnnounced: boolean; readonly turns: number };

const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('frames' as const),
      cycles: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(600)),
      lost: fc.array(fc.nat(40), { maxLength: 8 }),
    }),
    fc.record({ kind: fc.constant('handOver' as const), from: fc.integer({ min: 1, max: 3 }), frames: fc.nat(30) }),
    fc.record({ kind: fc.constant('anew' as const), isAnnounced: fc.boolean(), turns: fc.nat(3) }),
  ),
  { maxLength: 12 },
);

/** A distributor as the first of its consumers sees it. */
class SharedStream {
  readonly account = newAccount();
  readonly missing: number[] = [];
  readonly tracker: IdTracker;
  readonly #cycle: number;
  /** The id that comes next, counted on over the end of the range. */
  #next: number;
  /** Where this counting begins, and the first of its whole cycles. */
  #begin: number;
  #first = 0;
  /** How many of the others come before the first one in a cycle of this counting. */
  #before = 0;
  #last: number | undefined;
  /** Lost ones after the last that came. */
  #lost: number[] = [];

  constructor(
    readonly range: Range,
    readonly consumers: number,
    readonly updates: number,
  ) {
    this.tracker = new IdTracker({ offset: (consumers - 1) * updates + 1, sequentialUpdates: updates });
    this.tracker.type = range;
    this.#cycle = consumers * updates;
    this.#next = this.#begin = this.#first = range.start;
    this.frames(4, []);
  }

  take(event: Event): void {
    if (event.kind === 'frames') this.frames(event.cycles, event.lost);
    else if (event.kind === 'handOver') this.#handOver(1 + (event.from % (this.consumers - 1 || 1)), event.frames);
    else this.#countAnew(event.isAnnounced, event.turns % this.consumers);
  }

  frames(cycles: number, lost: readonly number[]): void {
    for (let nth = 0; nth < cycles * this.#cycle; nth++) {
      const place = this.#next++;
      if (this.#consumerOf(place) !== 0) continue;
      if (lost.includes(nth)) this.#lost.push(place);
      else this.#receive(place);
    }
  }

  #consumerOf(place: number): number {
    const turn = Math.floor((place - this.#begin) / this.updates);
    return (turn + this.consumers - this.#before) % this.consumers;
  }

  #receive(place: number): void {
    const { range, account, tracker } = this;
    if (this.#last !== undefined && idOf(place, range) < idOf(this.#last, range)) account.wrapped += 1;
    tracker.note(idOf(place, range));
    this.#last = place;
    account.missed += this.#lost.length;
    this.missing.push(...this.#lost.map((each) => idOf(each, range)));
    this.#lost = [];
  }

  /** What waited for another, up to what the first has seen. The first ids of a counting are sent, and do not wait. */
  #handOver(from: number, frames: number): void {
    const last = this.#last as number;
    const waiting: number[] = [];
    for (let place = last; place > this.#first + 2 * this.#cycle && waiting.length < frames; place--)
      if (this.#consumerOf(place) === from && !this.#isLow(place)) waiting.unshift(place);
    for (const place of waiting) this.tracker.note(idOf(place, this.range));
    this.account.late += waiting.length;
  }

  #isLow(place: number): boolean {
    const id = idOf(place, this.range);
    return id >= 0 && id <= this.#cycle;
  }

  #countAnew(isAnnounced: boolean, turns: number): void {
    if (this.#first > 1) this.frames(40 + 8, []); // else it were a wrap
    if (isAnnounced) this.tracker.sourceCameBack();
    this.account[isAnnounced ? 'restarted' : 'rewound'] += 1;
    this.#lost = [];
    this.#before = turns;
    this.#last = undefined;
    this.#next = this.#begin = this.#first = 1;
    this.frames(4, []);
  }
}

describe('of a share of a stream of which others leave, that loses frames, begins anew and wraps', () => {
  it('exactly what never came is missed, and what others left behind is late', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        events,
        (range, consumers, updates, all) => {
          const stream = new SharedStream(range, consumers, updates);
          for (const event of all) stream.take(event);
          expectAccount(stream.tracker, stream.account, stream.missing);
        },
      ),
      { numRuns: 500 },
    );
  });
});
