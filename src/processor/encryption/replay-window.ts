/** How far back counters are remembered, so that what came before can be told from what comes late. */
const REMEMBERED = 1024;

/** The counters of one stream that have come. */
export class ReplayWindow {
  #highest = 0;
  /** At `counter % length` the last counter of that remainder. */
  readonly #seen: Float64Array;

  /** @param tolerance how many counters behind the highest one may still come */
  constructor(readonly tolerance: number) {
    this.#seen = new Float64Array(Math.max(tolerance + 1, REMEMBERED));
  }

  /** Takes a counter, from 1 on, unless there is a reason against it. */
  take(counter: number): 'replayed' | 'reordered' | undefined {
    const behind = this.#highest - counter;
    const place = counter % this.#seen.length;
    if (behind >= this.#seen.length || this.#seen[place] === counter) return 'replayed';
    if (behind > this.tolerance) return 'reordered';
    this.#seen[place] = counter;
    this.#highest = Math.max(this.#highest, counter);
    return undefined;
  }
}
