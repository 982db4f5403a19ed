import type { Departed } from './departed.js';
import type { Producer } from './producer.js';
import type { Slot } from './slots.js';
import type { Tiles } from './tiles.js';

/** Tells whether an id may leave the ordering cache although nothing forces it to: nothing can come that belongs before it. */
export class Readiness<E> {
  constructor(
    readonly producers: ReadonlyMap<number, Producer<E>>,
    readonly tiles: Tiles<E>,
    readonly departed: Departed<E>,
  ) {}

  /** All of its objects are there, and its id follows the one that left last. */
  isNext(slot: Slot<E>): boolean {
    const { last } = this.departed;
    return (
      this.tiles.areAll(slot.objects) &&
      last?.epoch === slot.epoch &&
      slot.position - last.position === this.departed.step()
    );
  }

  /** No producer that is there can still give an object of this id, or of one before. */
  isPassed(slot: Slot<E>): boolean {
    for (const producer of this.producers.values())
      if (producer.isAwaited && !this.hasPassed(producer, slot)) return false;
    return true;
  }

  /** Whether a producer can give no object of this id any more. */
  hasPassed({ epoch, furthest }: Producer<E>, slot: Slot<E>): boolean {
    if (epoch !== slot.epoch) return epoch > slot.epoch;
    if (furthest === undefined) return false;
    return (
      furthest.position > slot.position || (furthest.position === slot.position && this.tiles.areAll(slot.objects))
    );
  }

  /** Whether the next id can go with the one before: it follows at once, and tiles of it are not still under way. */
  continues(before: Slot<E>, next: Slot<E>): boolean {
    if (next.epoch !== before.epoch || next.position !== before.position + 1) return false;
    if (this.tiles.perId > 0) return this.tiles.areAll(next.objects);
    return !this.tiles.areTold || this.isPassed(next);
  }
}
