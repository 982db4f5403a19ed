import type { Losses } from '../loss-report.js';
import type { IdBlocks } from '../ids/received-ids.js';
import { Coverage } from './coverage.js';
import { SettledIds } from './settled-ids.js';
import { sumLosses } from './sum-reports.js';

/** What nobody received of a shared stream. */
export interface SharedGaps {
  readonly missed: Losses;
  /** Ids, among the last before the end, that had not yet reached the consumer whose turn it was. */
  readonly notFetched: Losses;
  /** It is known to which counting of the source each id belongs. */
  readonly isCertain: boolean;
}

/** The ids of one counting of the source. */
interface Counting {
  readonly coverage: Coverage;
  readonly settled: SettledIds;
  readonly begunAt: number;
  /** When somebody told of ids of it for the last time. */
  lastAt: number;
}

/** Where one of the consumers is: in one of the countings `from … to`. */
interface Member {
  from: number;
  to: number;
  /** It has told of ids. */
  hasTold: boolean;
}

/** No more countings than this are kept apart; of those before, what was missed is known. */
const MAX_COUNTINGS = 100;

/**
 * Which ids of a stream its consumers have received together, for each counting of the source: when it counts anew, or its ids
 * wrap, the same ids are other frames. Each consumer tells that a counting begins, and they go from one to the next one by one.
 */
export class SharedIds {
  readonly #settleMs: number;
  #countings: Counting[] = [];
  /** How many countings are no longer kept. */
  #nPast = 0;
  #past: Losses = { count: 0, ids: [], unlisted: 0 };
  readonly #members = new Map<object, Member>();
  #isCertain = true;
  #isFrozen = false;

  /** @param settleMs an id has had time to reach its consumer when another had a later one so long ago */
  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /** A consumer tells of the ids that it has received since it told last, perhaps none. `now` in milliseconds. */
  add(consumer: object, blocks: readonly IdBlocks[], now: number): void {
    if (blocks.length > 0) this.#addTo(this.#memberOf(consumer), blocks, now);
    for (const { settled, coverage } of this.#countings) settled.note(now, coverage.lastId);
    this.#forgetOldest();
  }

  /** What a consumer tells next is of another run: it begins with the counting that goes on now, or with a later one. */
  ended(consumer: object): void {
    this.#members.set(consumer, { from: this.#newest, to: this.#newest, hasTold: false });
  }

  /** The consumers are being stopped. */
  freeze(now: number): void {
    this.#isFrozen = true;
    for (const { settled } of this.#countings) settled.freeze(now);
  }

  gaps(): SharedGaps {
    const gaps = this.#countings.map(({ coverage, settled }) => coverage.gaps(settled.id));
    return {
      missed: sumLosses([this.#past, ...gaps.map(({ before }) => before)]),
      notFetched: sumLosses(gaps.map(({ after }) => after)),
      isCertain: this.#isCertain,
    };
  }

  #memberOf(consumer: object): Member {
    const member = this.#members.get(consumer) ?? { from: 0, to: 0, hasTold: false };
    this.#members.set(consumer, member);
    return member;
  }

  #addTo(member: Member, blocks: readonly IdBlocks[], now: number): void {
    this.#place(member, blocks.filter(({ isAnew }) => isAnew).length, now);
    for (const block of blocks) {
      if (block.isAnew) {
        member.from += 1;
        member.to = Math.max(member.from, Math.min(member.to + 1, this.#newest));
      }
      this.#addBlock(member, block, now);
    }
  }

  /** Finds in which countings the ids may be that a consumer tells of next, before it tells `nAnew` times of a new one. */
  #place(member: Member, nAnew: number, now: number): void {
    const latest = this.#newest - nAnew;
    const isLeftBehind = member.hasTold && member.to < latest && this.#isPast(member.to, now);
    if (isLeftBehind || !member.hasTold) member.to = Math.max(member.from, latest);
    if (!isLeftBehind) while (member.from < member.to && this.#isOver(member, now)) member.from += 1;
    member.hasTold = true;
  }

  /** Whether a consumer can be no longer in the first of its countings: it is past, or was when the consumer had told nothing. */
  #isOver({ from, hasTold }: Member, now: number): boolean {
    const ended = this.#countings[from - this.#nPast]?.lastAt ?? -Infinity;
    const begun = this.#countings[from + 1 - this.#nPast]?.begunAt ?? Infinity;
    return this.#isPast(from, now) || (!hasTold && begun - ended >= this.#settleMs);
  }

  #addBlock({ from, to }: Member, block: IdBlocks, now: number): void {
    if (from !== to) this.#isCertain = false;
    for (let number = from; number <= to; number++) {
      const counting = this.#at(number, now);
      counting.lastAt = now;
      if (from === to) counting.coverage.add([block]);
      else counting.coverage.addPossible([block]);
    }
  }

  get #newest(): number {
    return Math.max(0, this.#nPast + this.#countings.length - 1);
  }

  #at(number: number, now: number): Counting {
    // A consumer is further behind than what is kept: nobody can tell.
    if (number < this.#nPast) this.#isCertain = false;
    const at = Math.max(0, number - this.#nPast);
    while (this.#countings.length <= at) this.#begin(now);
    return this.#countings[at] as Counting;
  }

  #begin(now: number): void {
    const settled = new SettledIds(this.#settleMs);
    if (this.#isFrozen) settled.freeze(now);
    this.#countings.push({ coverage: new Coverage(), settled, begunAt: now, lastAt: now });
  }

  /** Whether the others have been in the next counting for a while. */
  #isPast(number: number, now: number): boolean {
    const next = this.#countings[number + 1 - this.#nPast];
    return number < this.#nPast || (next !== undefined && now - next.begunAt >= this.#settleMs);
  }

  #forgetOldest(): void {
    while (this.#countings.length > MAX_COUNTINGS) {
      const { coverage } = this.#countings.shift() as Counting;
      this.#past = sumLosses([this.#past, coverage.gaps(Infinity).before]);
      this.#nPast += 1;
    }
  }
}
