/** The ids `first`, `first + step`, … `last`. */
export interface IdRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** No more ranges are kept than this; of those before, only the number of ids is known. */
const MAX_RANGES = 10_000;

/** Ids as ranges, in the order in which they came, with a limit on how many there are. */
export class IdRanges {
  #ranges: IdRange[] = [];
  /** Ids that are no longer listed, because there were too many ranges. */
  unlisted = 0;

  get list(): readonly IdRange[] {
    return this.#ranges;
  }

  add(range: IdRange): void {
    const before = this.#ranges.at(-1);
    if (before !== undefined && before.step === range.step && before.last + range.step === range.first) {
      this.#ranges[this.#ranges.length - 1] = { ...before, last: range.last };
      return;
    }
    this.#ranges.push(range);
    this.#forgetOldest();
  }

  addAll(others: IdRanges): void {
    for (const range of others.#ranges) this.add(range);
    this.unlisted += others.unlisted;
  }

  has(id: number): boolean {
    return this.#ranges.some((range) => includes(range, id));
  }

  /** @returns whether the id was in a range */
  remove(id: number): boolean {
    const at = this.#ranges.findLastIndex((range) => includes(range, id));
    const range = this.#ranges[at];
    if (range === undefined) return false;
    const left = [
      { ...range, last: id - range.step },
      { ...range, first: id + range.step },
    ].filter((part) => part.last >= part.first);
    this.#ranges.splice(at, 1, ...left);
    this.#forgetOldest();
    return true;
  }

  clear(): void {
    this.#ranges = [];
    this.unlisted = 0;
  }

  #forgetOldest(): void {
    while (this.#ranges.length > MAX_RANGES) this.unlisted += sizeOf(this.#ranges.shift() as IdRange);
  }
}

function includes({ first, last, step }: IdRange, id: number): boolean {
  return id >= first && id <= last && (id - first) % step === 0;
}

function sizeOf({ first, last, step }: IdRange): number {
  return (last - first) / step + 1;
}
