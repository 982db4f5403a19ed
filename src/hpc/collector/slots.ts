import { MinHeap } from './min-heap.js';
import type { Held } from './producer.js';

/** The objects of one id, in one epoch. */
export interface Slot<E> {
  readonly epoch: number;
  readonly position: number;
  readonly id: number;
  readonly objects: Held<E>[];
  hasLeft: boolean;
}

/** What is held, by id: the smallest and the oldest are at hand. */
export class Slots<E> {
  /** Objects that are held. */
  objects = 0;
  bytes = 0;
  readonly #heap = new MinHeap<Slot<E>>(isBefore);
  readonly #byPlace = new Map<number, Map<number, Slot<E>>>();
  /** In the order in which their first objects came; some have left. */
  #byAge: Slot<E>[] = [];

  /** The one that is to leave first. */
  get first(): Slot<E> | undefined {
    return this.#heap.first;
  }

  at(epoch: number, position: number): Slot<E> | undefined {
    return this.#byPlace.get(epoch)?.get(position);
  }

  /** Holds an object in the slot of its id. */
  add(held: Held<E>): void {
    const { epoch } = held.producer;
    const slot = this.at(epoch, held.position) ?? this.#open(epoch, held.position, held.id);
    slot.objects.push(held);
    this.objects += 1;
    this.bytes += held.bytes;
  }

  /** Takes out the one that is to leave first. */
  pop(): Slot<E> | undefined {
    const slot = this.#heap.pop();
    if (slot === undefined) return undefined;
    slot.hasLeft = true;
    for (const { bytes } of slot.objects) this.bytes -= bytes;
    this.objects -= slot.objects.length;
    const ofEpoch = this.#byPlace.get(slot.epoch);
    ofEpoch?.delete(slot.position);
    if (ofEpoch?.size === 0) this.#byPlace.delete(slot.epoch);
    return slot;
  }

  /** When the object came that has waited longest; undefined when nothing waits. */
  get oldest(): number | undefined {
    const at = this.#byAge.findIndex(({ hasLeft }) => !hasLeft);
    if (at !== 0) this.#byAge = at < 0 ? [] : this.#byAge.slice(at);
    return this.#byAge[0]?.objects[0]?.since;
  }

  #open(epoch: number, position: number, id: number): Slot<E> {
    const slot: Slot<E> = { epoch, position, id, objects: [], hasLeft: false };
    let ofEpoch = this.#byPlace.get(epoch);
    if (ofEpoch === undefined) this.#byPlace.set(epoch, (ofEpoch = new Map<number, Slot<E>>()));
    ofEpoch.set(position, slot);
    this.#heap.push(slot);
    if (this.#byAge.length > 2 * this.#heap.size + 16) this.#byAge = this.#byAge.filter(({ hasLeft }) => !hasLeft);
    this.#byAge.push(slot);
    return slot;
  }
}

/** Whether one is to leave before the other. */
export function isBefore(
  one: { epoch: number; position: number },
  other: { epoch: number; position: number },
): boolean {
  return one.epoch === other.epoch ? one.position < other.position : one.epoch < other.epoch;
}
