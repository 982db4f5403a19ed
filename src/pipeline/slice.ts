import type { Clock } from './clock.js';

/** After this long the event loop gets its turn: timers, signals, other channels. */
const SLICE_MS = 10;
/** While events take less than this, the clock is not looked at after each of them. */
const QUICK_MS = 0.5;
const MAX_STRIDE = 16;

/** The time in which events are processed before the event loop gets its turn. */
export class Slice {
  readonly #clock: Clock;
  readonly #until: number;
  #lookedAt: number;
  /** After so many events the clock is looked at again. */
  #stride = 1;
  #left = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lookedAt = clock.now();
    this.#until = this.#lookedAt + SLICE_MS;
  }

  /** Asked after each event. */
  isOver(): boolean {
    this.#left -= 1;
    if (this.#left > 0) return false;
    const now = this.#clock.now();
    this.#stride = now - this.#lookedAt < QUICK_MS ? Math.min(2 * this.#stride, MAX_STRIDE) : 1;
    this.#left = this.#stride;
    this.#lookedAt = now;
    return now >= this.#until;
  }
}
