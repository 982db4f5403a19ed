import { IdRanges } from '../ids/id-ranges.js';
import type { DUPLICATE } from '../loss-report.js';
import type { Held } from './producer.js';
import { isBefore, type Slot } from './slots.js';

/** Why an object is turned away: its id had its turn without it, or it had come already. */
export type RejectReason = 'late' | typeof DUPLICATE;

/** Of so many ids that have left it is known which of their tiles came. */
const REMEMBERED_TILES = 1000;

/** What has left the cache: everything that belongs before it comes too late. */
export class Departed<E> {
  /** The last that left. */
  last: { readonly epoch: number; readonly position: number } | undefined;
  #first = 0;
  readonly #positions = new IdRanges();
  readonly #tiles = new Map<number, { readonly count: number; readonly tiles: ReadonlySet<string> }>();

  /** @param objectsPerId how many objects make an id complete; 0 when any number may come */
  constructor(
    readonly objectsPerId: number,
    readonly step: () => number,
  ) {}

  note(slot: Slot<E>): void {
    const { epoch, position } = slot;
    if (this.last?.epoch !== epoch) this.#begin(position);
    this.last = { epoch, position };
    this.#positions.add({ first: position, last: position, step: this.step() });
    this.#remember(slot);
  }

  /** Whether what is at this place would come after something that belongs behind it. */
  isPast(epoch: number, position: number): boolean {
    return this.last !== undefined && !isBefore(this.last, { epoch, position });
  }

  /** Whether the id at this place was one that was waited for, and has not come. */
  wasDue(epoch: number, position: number): boolean {
    return epoch === this.last?.epoch && position >= this.#first && !this.#positions.has(position);
  }

  /** What an object is whose place is past. */
  reasonFor(held: Held<E>): RejectReason {
    const { producer, position } = held;
    if (producer.epoch !== this.last?.epoch || !this.#positions.has(position)) return 'late';
    const left = this.#tiles.get(position);
    if (left === undefined) return 'duplicate';
    if (held.tile !== undefined && left.tiles.size > 0) return left.tiles.has(held.tile) ? 'duplicate' : 'late';
    return left.count < this.objectsPerId ? 'late' : 'duplicate';
  }

  #begin(position: number): void {
    this.#first = position;
    this.#positions.clear();
    this.#tiles.clear();
  }

  #remember({ position, objects }: Slot<E>): void {
    const tiles = new Set(objects.map(({ tile }) => tile).filter((tile) => tile !== undefined));
    if (tiles.size === 0 && this.objectsPerId === 0) return;
    this.#tiles.set(position, { count: objects.length, tiles });
    if (this.#tiles.size > REMEMBERED_TILES) this.#tiles.delete(this.#tiles.keys().next().value as number);
  }
}
