import type { Clock } from '../../pipeline/clock.js';

/** A batch is not larger than this, so that the event loop gets its turn. */
const MAX_BATCH = 64;

/** Who falls back by more than this does not catch up with a burst, but goes on from here. */
const MAX_LAG_MS = 1000;

/**
 * Says when how many frames are due. At high rates several are due at each turn of a timer; at any rate the times are
 * those of a fixed grid, so that nothing drifts.
 */
export class Pacer {
  readonly #intervalMs: number;
  #origin: number;
  #given = 0;

  /** @param rate frames per second; 0 or less for as many as are taken */
  constructor(
    rate: number,
    readonly clock: Clock,
  ) {
    this.#intervalMs = rate > 0 ? 1000 / rate : 0;
    this.#origin = clock.now();
  }

  /** How many frames are due now; they count as given. */
  take(max = MAX_BATCH): number {
    const most = Math.min(max, MAX_BATCH);
    if (this.#intervalMs === 0) return most;
    const now = this.clock.now();
    const due = Math.floor((now - this.#origin) / this.#intervalMs) + 1 - this.#given;
    if (due * this.#intervalMs > MAX_LAG_MS + this.#intervalMs) return this.#startAnew(now);
    const count = Math.max(0, Math.min(due, most));
    this.#given += count;
    return count;
  }

  /** Milliseconds until the next frame is due. */
  untilNext(): number {
    if (this.#intervalMs === 0) return 0;
    return Math.max(0, this.#origin + this.#given * this.#intervalMs - this.clock.now());
  }

  #startAnew(now: number): number {
    this.#origin = now;
    this.#given = 1;
    return 1;
  }
}
