import type { IdType } from '../ids/id-tracker.js';
import type { Departed, RejectReason } from './departed.js';
import { Producer, type Held, type Mark } from './producer.js';
import type { Slots } from './slots.js';

/** By what ids are judged; may change at any time. */
export interface Rules {
  idType: IdType;
  /** A producer that gave nothing for longer may have begun to count anew. */
  timeoutMs: number;
  /** An id that goes back further than this is not late: its source counts anew. */
  window: number;
}

/** Who takes the objects once their place is known, and what has to be known to find it. */
export interface Order<E> {
  readonly slots: Slots<E>;
  readonly departed: Departed<E>;
  readonly rules: Readonly<Rules>;
  tileOf(held: Held<E>): string | undefined;
  /** The place of an object is known. A copy goes back in the ids of its producer. */
  put(held: Held<E>, isCopy: boolean): void;
  reject(held: Held<E>, reason: RejectReason): void;
}

/**
 * Finds the place of each object: its id counted on over the end of the range, in the epoch of its producer. Each time a source
 * begins to count anew is an epoch; its producers enter it one by one.
 *
 * An id that goes back and had come already is a copy or the beginning of an epoch. If nothing else tells, it is held as a
 * suspect until what follows does.
 */
export class Countings<E> {
  /** How many epochs have begun since the first. */
  epoch = 0;
  /** Suspects that are held, and their bytes. */
  suspects = 0;
  suspectBytes = 0;
  readonly producers: ReadonlyMap<number, Producer<E>>;
  /** The furthest id of each epoch. */
  readonly #marks = new Map<number, Mark>();
  readonly #order: Order<E>;

  constructor(producers: readonly number[], order: Order<E>) {
    this.producers = new Map(producers.map((id) => [id, new Producer<E>(id)]));
    this.#order = order;
  }

  /** Finds the place of an object that came `pauseMs` after the one before from the same producer. */
  place(held: Held<E>, pauseMs: number): void {
    const { producer } = held;
    if (producer.furthest === undefined) producer.epoch = this.epoch;
    else if (this.#belongsToLatest(producer, held.id)) producer.enter(this.epoch);
    this.#locate(held);
    const { furthest } = producer;
    if (furthest === undefined || held.position > furthest.position) this.#goOn(held);
    else if (this.#isRestart(held, furthest, pauseMs)) this.#restart(producer, [held]);
    else if (this.#isSuspect(held, furthest)) this.#suspect(held, pauseMs);
    else this.#order.put(held, false);
  }

  /** Nothing will tell more of the suspects of a producer: ids that went back are an epoch, the same once more is a copy. */
  decide(producer: Producer<E>): void {
    const { furthest, suspects } = producer;
    if (suspects.some(({ position }) => position < (furthest?.position ?? 0))) this.#convict(producer);
    else this.#acquit(producer);
  }

  /** Forgets the epochs before this one: everything of them has left. */
  forgetBefore(epoch: number): void {
    for (const past of this.#marks.keys()) if (past < epoch) this.#marks.delete(past);
  }

  #locate(held: Held<E>): void {
    held.position = held.producer.placeOf(held.id, this.#marks.get(held.producer.epoch), this.#order.rules.idType);
  }

  /** The others have entered a later epoch, and this id fits in there and no longer in the one before. */
  #belongsToLatest(producer: Producer<E>, id: number): boolean {
    const mark = this.#marks.get(this.epoch);
    const { departed, rules } = this.#order;
    if (producer.epoch === this.epoch || mark === undefined) return false;
    if (!departed.isPast(producer.epoch, producer.placeOf(id, undefined, rules.idType))) return false;
    const position = mark.position + (id - mark.id);
    return Math.abs(position - mark.position) <= rules.window && !departed.isPast(this.epoch, position);
  }

  /** The ids of a producer go on. If suspects were held, they were copies. */
  #goOn(held: Held<E>): void {
    const { producer, id, position } = held;
    if (producer.suspects.length > 0) this.#acquit(producer);
    producer.furthest = { id, position };
    producer.cameBack = false;
    const mark = this.#marks.get(producer.epoch);
    if (mark === undefined || position > mark.position) this.#marks.set(producer.epoch, producer.furthest);
    this.#order.put(held, false);
  }

  /** Whether it is plain that the producer begins an epoch. */
  #isRestart({ producer, position }: Held<E>, furthest: Mark, pauseMs: number): boolean {
    const hasPaused = pauseMs > this.#order.rules.timeoutMs;
    if (position === furthest.position) return hasPaused && this.#order.departed.isPast(producer.epoch, position);
    return producer.cameBack || hasPaused || furthest.position - position > this.#order.rules.window;
  }

  /** Whether the object has come already, as far as can be told. */
  #isSuspect(held: Held<E>, furthest: Mark): boolean {
    const { producer, position } = held;
    const { departed, slots } = this.#order;
    if (position >= (producer.suspects[0]?.position ?? Infinity)) return true;
    if (departed.isPast(producer.epoch, position)) return !departed.wasDue(producer.epoch, position);
    if (position === furthest.position) return false;
    const objects = slots.at(producer.epoch, position)?.objects ?? [];
    return objects.some((other) => this.#isSameTile(held, other));
  }

  #isSameTile(one: Held<E>, other: Held<E>): boolean {
    const tile = this.#order.tileOf(one);
    return tile === undefined || tile === this.#order.tileOf(other);
  }

  /** The second id in a row that goes back says that its source counts anew. */
  #suspect(held: Held<E>, pauseMs: number): void {
    const { producer, position } = held;
    const first = producer.suspects[0];
    if (first !== undefined && position < first.position) {
      this.#acquit(producer);
      return this.place(held, pauseMs);
    }
    const isCopy = (other: Held<E>) => other.position === position && this.#isSameTile(held, other);
    if (producer.suspects.some(isCopy)) return this.#order.reject(held, 'duplicate');
    producer.suspects.push(held);
    this.suspects += 1;
    this.suspectBytes += held.bytes;
    if (first !== undefined && position > first.position) this.#convict(producer);
  }

  #convict(producer: Producer<E>): void {
    this.#restart(producer, this.#takeSuspects(producer));
  }

  #acquit(producer: Producer<E>): void {
    for (const held of this.#takeSuspects(producer)) this.#order.put(held, true);
  }

  #takeSuspects(producer: Producer<E>): Held<E>[] {
    const { suspects } = producer;
    producer.suspects = [];
    this.suspects -= suspects.length;
    for (const { bytes } of suspects) this.suspectBytes -= bytes;
    return suspects;
  }

  /** A producer counts anew, from these objects on: with the others that did so before, or as the first. */
  #restart(producer: Producer<E>, objects: readonly Held<E>[]): void {
    this.#acquit(producer);
    if (producer.epoch === this.epoch) this.epoch += 1;
    producer.enter(this.epoch);
    for (const held of objects) {
      this.#locate(held);
      if (held.position > (producer.furthest?.position ?? -Infinity)) this.#goOn(held);
      else this.#order.put(held, false);
    }
  }
}
