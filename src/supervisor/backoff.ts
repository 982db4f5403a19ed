/** When a child is started again. */
export interface RestartPolicy {
  /**
   * What it is started again after: `crash`, an end that it did not announce (a signal, an exception that nobody caught);
   * `failure`, also an end with an error that it told of; `never`.
   */
  readonly on: 'crash' | 'failure' | 'never';
  /** Seconds before the first restart. Each further one waits twice as long. */
  readonly delay: number;
  /** … but no longer than so many seconds. */
  readonly maxDelay: number;
  /** After so many seconds without a fault, it begins again with the first delay. */
  readonly goodAfter: number;
  /** It is given up when it needs more restarts than this in so many seconds. Absent: never. */
  readonly limit?: { readonly restarts: number; readonly seconds: number } | undefined;
}

export const defaultRestartPolicy: RestartPolicy = { on: 'crash', delay: 0.5, maxDelay: 60, goodAfter: 60 };

/** Tells how long to wait before the next restart of one child. Times are in milliseconds of a clock that never goes back. */
export class Backoff {
  #next = 0;
  readonly #restarts: number[] = [];

  constructor(readonly policy: RestartPolicy) {}

  /**
   * The child ended at `now`, having been well since `since` (undefined: it never was).
   *
   * @returns milliseconds to wait, or undefined to give up
   */
  delayMs(now: number, since: number | undefined): number | undefined {
    const { delay, maxDelay, goodAfter, limit } = this.policy;
    if (since !== undefined && now - since >= goodAfter * 1000) this.#next = 0;
    if (limit !== undefined) {
      if (this.#recent(now, limit.seconds) >= limit.restarts) return undefined;
      this.#restarts.push(now);
    }
    const ms = Math.min(maxDelay, delay * 2 ** this.#next) * 1000;
    this.#next += 1;
    return ms;
  }

  /** How many restarts there were in the last `seconds`. */
  #recent(now: number, seconds: number): number {
    while (this.#restarts.length > 0 && now - (this.#restarts[0] as number) > seconds * 1000) this.#restarts.shift();
    return this.#restarts.length;
  }
}
