/** Ids in the order in which they came, as runs of consecutive ones: `1-1000,1003`. */
export class IdRuns {
  #first: number | undefined;
  #last = 0;
  #done = '';

  add(id: number): void {
    if (this.#first !== undefined && id === this.#last + 1) {
      this.#last = id;
      return;
    }
    this.#done = this.toString();
    this.#first = this.#last = id;
  }

  toString(): string {
    if (this.#first === undefined) return '';
    const run = this.#first === this.#last ? String(this.#first) : `${this.#first}-${this.#last}`;
    return this.#done === '' ? run : `${this.#done},${run}`;
  }
}
