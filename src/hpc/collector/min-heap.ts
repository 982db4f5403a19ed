/** A binary heap: what is smallest is at hand, to add and to take costs a logarithm. */
export class MinHeap<T> {
  readonly #items: T[] = [];

  /** @param isBefore whether one comes before another */
  constructor(readonly isBefore: (one: T, other: T) => boolean) {}

  get size(): number {
    return this.#items.length;
  }

  /** The smallest, left where it is. */
  get first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(item, this.#items[parent] as T)) break;
      this.#items[at] = this.#items[parent] as T;
      at = parent;
    }
    this.#items[at] = item;
  }

  /** Takes the smallest out. */
  pop(): T | undefined {
    const smallest = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return smallest;
  }

  #sink(item: T): void {
    const items = this.#items;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < items.length && this.isBefore(items[right] as T, items[child] as T)) child = right;
      if (!this.isBefore(items[child] as T, item)) break;
      items[at] = items[child] as T;
      at = child;
    }
    items[at] = item;
  }
}
