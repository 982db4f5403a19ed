/** Tells which ids of a stream had time to reach every consumer before it was stopped. Times in milliseconds. */
export class SettledIds {
  /** Ids up to this one came at least `settleMs` before the end. */
  id = -Infinity;
  readonly #notes: { at: number; id: number }[] = [];
  #isFrozen = false;

  constructor(readonly settleMs: number) {}

  /** The largest id that anybody had received at `now`. */
  note(now: number, id: number | undefined): void {
    if (this.#isFrozen || id === undefined) return;
    if (this.#notes.at(-1)?.id !== id && id !== this.id) this.#notes.push({ at: now, id });
    this.#settle(now);
  }

  /** The end: what is noted later does not count. */
  freeze(now: number): void {
    this.#settle(now);
    this.#isFrozen = true;
  }

  #settle(now: number): void {
    for (let first = this.#notes[0]; first !== undefined && now - first.at >= this.settleMs; first = this.#notes[0]) {
      this.id = Math.max(this.id, first.id);
      this.#notes.shift();
    }
  }
}
