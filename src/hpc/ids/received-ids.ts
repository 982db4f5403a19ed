/**
 * Ids that came at regular distances: the blocks `first … first + length - 1`, `first + period …`, and so on, `count` of
 * them. With a distributor that gives three updates to each of two clients, one of them gets { first: 1, length: 3,
 * period: 6, count: n }.
 */
export interface IdBlocks {
  readonly first: number;
  readonly length: number;
  readonly period: number;
  readonly count: number;
  /** In the first block of a counting: its ids, and all that follow, may have come before, as those of other frames. */
  readonly isAnew?: true;
}

/** More is not kept until somebody takes it; of what came then it is only known that it came. */
const MAX_BLOCKS = 100_000;

/** Writes down which ids came, in little space as long as they come regularly. */
export class ReceivedIds {
  #blocks: IdBlocks[] = [];
  #first = 0;
  #next: number | undefined;
  #isAnew = false;
  /** How many runs of ids were not written down, because nobody took those before them. */
  unlisted = 0;

  add(id: number): void {
    if (id === this.#next) {
      this.#next = id + 1;
      return;
    }
    this.#closeRun();
    this.#first = id;
    this.#next = id + 1;
  }

  /** A new counting begins with what is added next. */
  countAnew(): void {
    this.#closeRun();
    this.#next = undefined;
    this.#isAnew = true;
  }

  /** What came since it was called the last time. */
  take(): IdBlocks[] {
    this.#closeRun();
    this.#next = undefined;
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #closeRun(): void {
    if (this.#next === undefined) return;
    const first = this.#first;
    const length = this.#next - first;
    const last = this.#blocks.at(-1);
    const longer = last && !this.#isAnew && continued(last, first, length);
    if (longer) this.#blocks[this.#blocks.length - 1] = longer;
    else if (this.#blocks.length >= MAX_BLOCKS) this.unlisted += 1;
    else this.#blocks.push({ first, length, period: 0, count: 1, ...(this.#isAnew ? { isAnew: true } : {}) });
    this.#isAnew = false;
  }
}

/** The blocks with one run more, if this is where the next would be. */
function continued(blocks: IdBlocks, first: number, length: number): IdBlocks | undefined {
  const period = blocks.count === 1 ? first - blocks.first : blocks.period;
  const isNext = length === blocks.length && period > 0 && first === blocks.first + blocks.count * period;
  return isNext ? { ...blocks, period, count: blocks.count + 1 } : undefined;
}
