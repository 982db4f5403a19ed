/** Where the gone ones are cut off the front of the arrays. */
const CUT_AT = 512;

/** Things in the order of their times, which mostly come in that order. To add one and to forget one takes constant time then. */
export class TimeSeries<T> {
  readonly #times: number[] = [];
  readonly #items: T[] = [];
  /** How many at the front of the arrays are gone. */
  #gone = 0;

  get length(): number {
    return this.#times.length - this.#gone;
  }

  /** Time of the one at `index`, from 0 for the oldest. */
  timeAt(index: number): number {
    return this.#times[this.#gone + index] as number;
  }

  itemAt(index: number): T {
    return this.#items[this.#gone + index] as T;
  }

  /** Adds one; of equal times the one that came last stands last. */
  add(time: number, item: T): void {
    const last = this.#times[this.#times.length - 1];
    if (this.length === 0 || time >= (last as number)) {
      this.#times.push(time);
      this.#items.push(item);
      return;
    }
    const at = this.#gone + this.#search((index) => this.timeAt(index) > time);
    this.#times.splice(at, 0, time);
    this.#items.splice(at, 0, item);
  }

  /** Index of the first whose time is `time` or later; `length` when there is none. */
  firstFrom(time: number): number {
    return this.#search((index) => this.timeAt(index) >= time);
  }

  /** Takes the oldest out. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#gone] as T;
    this.#gone += 1;
    if (this.#gone >= CUT_AT && this.#gone * 2 >= this.#times.length) this.#cut();
    return item;
  }

  /** The first index, of `length` too, of which `isBeyond` holds; it must not hold before one of which it does not. */
  #search(isBeyond: (index: number) => boolean): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBeyond(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #cut(): void {
    this.#times.splice(0, this.#gone);
    this.#items.splice(0, this.#gone);
    this.#gone = 0;
  }
}
