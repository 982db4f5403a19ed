/** Sixteen classes for each power of two: a quantile is right within five percent. */
const CLASSES_PER_OCTAVE = 16;
/** From about 60 ns up to about 70 minutes. */
const OCTAVES = 36;
const SMALLEST_MS = 2 ** -14;

/** How long things took: counts in classes of logarithmic width, so that it never grows. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(CLASSES_PER_OCTAVE * OCTAVES);
  #count = 0;

  /** One more thing took `ms` milliseconds. */
  add(ms: number): void {
    const at = ms <= SMALLEST_MS ? 0 : Math.log2(ms / SMALLEST_MS) * CLASSES_PER_OCTAVE;
    const index = Math.min(at | 0, this.#counts.length - 1);
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** The time that a share `q` (0 to 1) of all did not exceed, in milliseconds; 0 when nothing was measured. */
  quantile(q: number): number {
    if (this.#count === 0) return 0;
    let left = Math.ceil(q * this.#count);
    const index = this.#counts.findIndex((count) => (left -= count) <= 0);
    return SMALLEST_MS * 2 ** ((index + 0.5) / CLASSES_PER_OCTAVE);
  }

  reset(): void {
    this.#counts.fill(0);
    this.#count = 0;
  }
}
