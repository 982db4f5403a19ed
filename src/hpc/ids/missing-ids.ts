import { IdRanges, type IdRange } from './id-ranges.js';

/**
 * The ids that were missed and are missing still. Those of a counting that is over stay missing for good: the same id of the
 * next one is another frame.
 */
export class MissingIds {
  readonly #closed = new IdRanges();
  /** Before the end of the range of ids, when those of this counting have wrapped around. */
  #beforeWrap = new IdRanges();
  #open = new IdRanges();

  /** In the order in which they were missed. */
  get list(): readonly IdRange[] {
    return [...this.#closed.list, ...this.#beforeWrap.list, ...this.#open.list];
  }

  /** Ids that are no longer listed, because there were too many ranges. */
  get unlisted(): number {
    return this.#closed.unlisted + this.#beforeWrap.unlisted + this.#open.unlisted;
  }

  add(range: IdRange): void {
    this.#open.add(range);
  }

  addBeforeWrap(range: IdRange): void {
    this.#beforeWrap.add(range);
  }

  /** @returns whether the id was missing, in the counting that goes on */
  remove(id: number, isBeforeWrap = false): boolean {
    return (isBeforeWrap ? this.#beforeWrap : this.#open).remove(id);
  }

  /** Ids go on at the other end of their range. */
  wrap(): void {
    this.#closed.addAll(this.#beforeWrap);
    this.#beforeWrap = this.#open;
    this.#open = new IdRanges();
  }

  /** A new counting begins. */
  close(): void {
    this.wrap();
    this.wrap();
  }

  clear(): void {
    for (const each of [this.#closed, this.#beforeWrap, this.#open]) each.clear();
  }
}
