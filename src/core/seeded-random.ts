/** Numbers that look random, and are the same for the same seed (xorshift32, Marsaglia 2003). */
export class SeededRandom {
  #state: number;

  /** @param seed any whole number; neighbours differ from the first number on */
  constructor(seed: number) {
    this.#state = scattered(seed);
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}

/** Seeds that are near each other become states that are not; 0, which would stay 0, becomes another (MurmurHash3's finaliser). */
function scattered(seed: number): number {
  let hash = Math.trunc(seed) ^ 0x9e3779b9;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16) || 1;
}
