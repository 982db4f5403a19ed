import type { Clock } from '../../src/pipeline/clock.js';
import type { Source } from '../../src/pipeline/interfaces.js';

/** A clock that moves only when a test moves it. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];
  #turns: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  soon(callback: () => void): void {
    this.#turns.push(callback);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, run: callback };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  /** Moves on, runs what is due and the turns that were asked for, and lets promises settle. */
  async advance(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.run();
    for (const turn of this.#turns.splice(0)) turn();
    await settlePromises();
  }

  /** Time passes inside a processor. */
  spend(ms: number): void {
    this.#now += ms;
  }
}

export async function settlePromises(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** A source that a test fills by hand. */
export class ManualSource<E> implements Source<E> {
  readonly waiting: E[] = [];
  paused = false;
  closed = 0;
  #onReadable: () => void = () => {};

  start(onReadable: () => void): void | Promise<void> {
    this.#onReadable = onReadable;
  }

  take(max: number): E[] {
    return this.waiting.splice(0, max);
  }

  pause(): void {
    this.paused = true;
  }

  close(): void {
    this.closed += 1;
  }

  emit(...events: E[]): void {
    if (this.paused) return;
    this.waiting.push(...events);
    this.#onReadable();
  }
}
