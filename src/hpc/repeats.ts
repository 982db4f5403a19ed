/** Keeps a log readable: of what repeats, the first is said at once, and the number of the others once in a while. */
export class Repeats {
  readonly #seen = new Map<string, { saidAt: number; unsaid: number }>();

  /** @param everyMs how often the same thing may be said */
  constructor(
    readonly everyMs = 10_000,
    readonly now: () => number = () => performance.now(),
  ) {}

  /** Calls `say` with how many times this happened since it was said last, unless that was just now. */
  note(key: string, say: (times: number) => void): void {
    const seen = this.#seen.get(key);
    const now = this.now();
    if (seen !== undefined && now - seen.saidAt < this.everyMs) {
      seen.unsaid += 1;
      return;
    }
    this.#seen.set(key, { saidAt: now, unsaid: 0 });
    say((seen?.unsaid ?? 0) + 1);
  }
}
