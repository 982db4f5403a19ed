/** Of more things than this the one that was said first is forgotten. */
const MAX_KEYS = 1000;

/** Keeps a log readable: of what repeats, the first is said at once, and the number of the others once in a while. */
export class Repeats {
  readonly #seen = new Map<string, { saidAt: number; unsaid: number }>();

  /** @param everyMs how often the same thing may be said */
  constructor(
    readonly everyMs = 10_000,
    readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Calls `say`, unless it did just now.
   *
   * @param say gets what to add to the message, ` (15 times)` since it was said last; nothing for once
   */
  note(key: string, say: (times: string) => void): void {
    const seen = this.#seen.get(key);
    const now = this.now();
    if (seen !== undefined && now - seen.saidAt < this.everyMs) {
      seen.unsaid += 1;
      return;
    }
    this.#seen.delete(key); // it goes to the end of the order
    this.#seen.set(key, { saidAt: now, unsaid: 0 });
    if (this.#seen.size > MAX_KEYS) this.#seen.delete(this.#seen.keys().next().value as string);
    say(seen === undefined || seen.unsaid === 0 ? '' : ` (${seen.unsaid + 1} times)`);
  }
}
