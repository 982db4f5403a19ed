import type { Held } from './producer.js';

/** The objects that share an id: how many there are to be, and which of them is which. */
export class Tiles<E> {
  /** Whether any object has said which tile it is. */
  areTold = false;

  /**
   * @param perId how many objects share an id; 0: any number
   * @param nameOf names the tile that an object is, if it is one
   */
  constructor(
    readonly perId: number,
    readonly nameOf: ((event: E) => string | undefined) | undefined,
  ) {}

  /** Which tile an object is; asked of its fields when it is needed for the first time. */
  of(held: Held<E>): string | undefined {
    if (!('tile' in held)) held.tile = this.nameOf?.(held.event);
    return held.tile;
  }

  /** Whether these are all objects of their id, as far as that can be known. */
  areAll(objects: readonly Held<E>[]): boolean {
    return this.perId > 0 && objects.length >= this.perId;
  }

  /** Whether an object is among these of its id already, or there is no place for more. */
  isIn(held: Held<E>, objects: readonly Held<E>[]): boolean {
    if (this.areAll(objects)) return true;
    const tile = this.of(held);
    return tile !== undefined && objects.some((other) => this.of(other) === tile);
  }
}
