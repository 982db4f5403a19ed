import type { Clock } from './clock.js';

/** Named reasons to hold the sources back, and for how long each did. */
export class Throttles {
  readonly #since = new Map<string, number>();
  readonly #spentMs = new Map<string, number>();

  constructor(
    readonly clock: Clock,
    /** The last one was cleared. */
    readonly onCleared: () => void,
  ) {}

  get isOn(): boolean {
    return this.#since.size > 0;
  }

  has(name: string): boolean {
    return this.#since.has(name);
  }

  set(name: string, isOn: boolean): void {
    if (this.#since.has(name) === isOn) return;
    const now = this.clock.now();
    if (isOn) {
      this.#since.set(name, now);
      return;
    }
    this.#spentMs.set(name, this.#msOf(name, now));
    this.#since.delete(name);
    if (!this.isOn) this.onCleared();
  }

  /** For how many milliseconds each was set, those that are set included. */
  figures(): Record<string, { isOn: boolean; ms: number }> {
    const now = this.clock.now();
    const names = new Set([...this.#spentMs.keys(), ...this.#since.keys()]);
    return Object.fromEntries(
      [...names].map((name) => [name, { isOn: this.#since.has(name), ms: this.#msOf(name, now) }]),
    );
  }

  resetStats(): void {
    const now = this.clock.now();
    this.#spentMs.clear();
    for (const name of this.#since.keys()) this.#since.set(name, now);
  }

  #msOf(name: string, now: number): number {
    return (this.#spentMs.get(name) ?? 0) + (now - (this.#since.get(name) ?? now));
  }
}
