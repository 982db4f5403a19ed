import type { Losses } from '../loss-report.js';
import type { IdBlocks } from '../received-ids.js';
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
}

/** Where one of the consumers is. */
interface Member {
  counting: number;
  /** When it told of ids the last time. */
  toldAt: number;
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
    // One that has not told of any ids yet is nowhere: the source may count anew before it does.
    if (blocks.length > 0) this.#addTo(this.#memberOf(consumer, blocks), blocks, now);
    for (const { settled, coverage } of this.#countings) settled.note(now, coverage.lastId);
    this.#forgetOldest();
  }

  /** What a consumer tells next is of another run: it begins with the counting that goes on then. */
  ended(consumer: object): void {
    const member = this.#members.get(consumer);
    if (member !== undefined && this.#isLeftBehind(member)) this.#isCertain = false;
    this.#members.delete(consumer);
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
      isCertain: this.#isCertain && [...this.#members.values()].every((member) => !this.#isLeftBehind(member)),
    };
  }

  /** A consumer that tells of its ids for the first time has come as far as the others. */
  #memberOf(consumer: object, blocks: readonly IdBlocks[]): Member {
    let member = this.#members.get(consumer);
    if (member !== undefined) return member;
    const counting = Math.max(0, this.#newest - blocks.filter(({ isAnew }) => isAnew).length);
    this.#members.set(consumer, (member = { counting, toldAt: 0 }));
    return member;
  }

  #addTo(member: Member, blocks: readonly IdBlocks[], now: number): void {
    member.toldAt = now;
    for (const block of blocks) {
      if (block.isAnew) member.counting += 1;
      this.#at(member.counting, now).coverage.add([block]);
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
    this.#countings.push({ coverage: new Coverage(), settled, begunAt: now });
  }

  /** Whether a consumer goes on with a counting when the others have been in the next one for a while. */
  #isLeftBehind({ counting, toldAt }: Member): boolean {
    const next = this.#countings[counting + 1 - this.#nPast];
    return next !== undefined && toldAt > next.begunAt + this.#settleMs;
  }

  #forgetOldest(): void {
    while (this.#countings.length > MAX_COUNTINGS) {
      const { coverage } = this.#countings.shift() as Counting;
      this.#past = sumLosses([this.#past, coverage.gaps(Infinity).before]);
      this.#nPast += 1;
    }
  }
}
