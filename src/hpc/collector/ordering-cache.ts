import type { IdType } from '../ids/id-tracker.js';
import { Countings, type Rules } from './countings.js';
import { Departed, type RejectReason } from './departed.js';
import {
  newCounts,
  type Arrival,
  type Batch,
  type OrderingFigures,
  type OrderingLimits,
  type OrderingOptions,
  type ReleaseReason,
} from './ordering-options.js';
import type { Held, Producer } from './producer.js';
import { Readiness } from './readiness.js';
import { Slots, type Slot } from './slots.js';
import { Tiles } from './tiles.js';

/** With `wait`, what cannot be held back may fill the cache so many times before it is let go. */
const MAX_OVERFILL = 2;

/** An id is taken to be late as long as it is behind by no more than so many ids, or so many times the size of the cache. */
const WINDOW_IDS = 1000;
const WINDOW_SIZES = 10;

/**
 * Puts the objects of several producers in the order of their ids.
 *
 * What comes in leaves once, in order, or is turned away as `late` or `duplicate`. Objects with the same id are tiles and leave
 * together. The smallest ids leave when all producers that are there have passed them, when they are complete and next, when
 * they have waited too long, or when the cache is full (with those that follow without a gap). A producer for which the others
 * have waited in vain is not waited for until it gives something.
 *
 * An id that belongs before what has left is late if it never came, and a copy if it did; unless its producer counts anew: it
 * came back after it had gone, or paused for longer than anything waits, or goes back further than an id can be late, or
 * two of its ids in a row had come already. What is counted anew leaves after all of the counting before, in which the
 * other producers are expected to follow.
 *
 * Ids wrap around. No clock is read and no timer set: whoever uses this says what time it is, in milliseconds.
 */
export class OrderingCache<E> {
  readonly #options: OrderingOptions<E>;
  readonly #slots = new Slots<E>();
  readonly #tiles: Tiles<E>;
  readonly #departed: Departed<E>;
  readonly #countings: Countings<E>;
  readonly #readiness: Readiness<E>;
  readonly #rules: Rules = { idType: { bits: 32, signed: true }, timeoutMs: 0, window: 0 };
  #limits!: OrderingLimits;
  #batches: Batch<E>[] = [];
  #counts = newCounts();
  #epochAtReset = 0;

  constructor(options: OrderingOptions<E>) {
    this.#options = options;
    this.#tiles = new Tiles(options.objectsPerId, options.tileOf);
    this.#departed = new Departed(options.objectsPerId, () => options.ids.sequence.offset);
    this.#countings = new Countings(options.producers, {
      slots: this.#slots,
      departed: this.#departed,
      rules: this.#rules,
      tileOf: (held) => this.#tiles.of(held),
      put: (held, isCopy) => this.#put(held, isCopy),
      reject: (held, reason) => this.#reject(held, reason),
    });
    this.#readiness = new Readiness(this.#countings.producers, this.#tiles, this.#departed);
    this.limits = options.limits;
  }

  /** The type of the ids, which says where they wrap around. */
  set idType(type: IdType) {
    this.#rules.idType = type;
    this.#options.ids.type = type;
  }

  get limits(): OrderingLimits {
    return this.#limits;
  }

  /** New limits; what is over them leaves. */
  set limits(limits: OrderingLimits) {
    this.#limits = limits;
    this.#rules.timeoutMs = limits.timeoutMs;
    this.#rules.window = Math.max(WINDOW_IDS, WINDOW_SIZES * limits.objects) * this.#options.ids.sequence.offset;
    this.#release();
  }

  /** How many objects are held. */
  get cached(): number {
    return this.#slots.objects + this.#countings.suspects;
  }

  /** How many bytes the objects have that are held. */
  get bytes(): number {
    return this.#slots.bytes + this.#countings.suspectBytes;
  }

  figures(): OrderingFigures {
    const restarts = this.#countings.epoch - this.#epochAtReset;
    return { ...this.#counts, releasedBy: { ...this.#counts.releasedBy }, cached: this.cached, restarts };
  }

  /** Counts anew; what is held counts as received. */
  resetCounts(): void {
    this.#counts = { ...newCounts(), received: this.cached };
    this.#epochAtReset = this.#countings.epoch;
  }

  /** An object has come. What leaves because of it is there to be taken. */
  add({ producer: producerId, id, event, bytes, isFirst = false }: Arrival<E>, now: number): void {
    const producer = this.#producer(producerId);
    if (isFirst) producer.cameBack = true;
    const pauseMs = now - producer.lastAt;
    producer.lastAt = now;
    producer.isAwaited = true;
    this.#counts.received += 1;
    this.#countings.place({ producer, id, event, bytes, since: now, position: 0 }, pauseMs);
    this.#release();
  }

  /** Takes what has left since this was called last. */
  take(): readonly Batch<E>[] {
    const batches = this.#batches;
    if (batches.length > 0) this.#batches = [];
    return batches;
  }

  /** When `expire` is to be called; undefined when nothing waits. */
  get deadline(): number | undefined {
    const since = [...this.#countings.producers.values()].map(({ suspects }) => suspects[0]?.since ?? Infinity);
    const oldest = Math.min(this.#slots.oldest ?? Infinity, ...since);
    return oldest === Infinity ? undefined : oldest + this.#limits.timeoutMs;
  }

  /** Lets go what has waited too long, and all that belongs before it. */
  expire(now: number): void {
    const isOver = (since: number | undefined) => since !== undefined && since + this.#limits.timeoutMs <= now;
    for (const producer of this.#countings.producers.values())
      if (isOver(producer.suspects[0]?.since)) this.#countings.decide(producer);
    while (isOver(this.#slots.oldest)) {
      this.#giveUpWaiting();
      this.#releaseRun('time');
    }
    this.#release();
  }

  /** Those for which the first of all waits were waited for in vain. */
  #giveUpWaiting(): void {
    const { first } = this.#slots;
    for (const producer of this.#countings.producers.values())
      if (first !== undefined && !this.#readiness.hasPassed(producer, first)) producer.isAwaited = false;
  }

  /** Whether the limits are reached. */
  get isFull(): boolean {
    return this.#isFilled(1);
  }

  /** Whether a producer is to be held back: the cache is full, and what belongs before its objects is to come from another. */
  isAhead(producerId: number): boolean {
    const { first } = this.#slots;
    if (this.#options.onFull === 'release' || first === undefined || !this.isFull) return false;
    const isBehind = (other: Producer<E>) => other.isAwaited && !this.#readiness.hasPassed(other, first);
    return (
      this.#readiness.hasPassed(this.#producer(producerId), first) &&
      [...this.#countings.producers.values()].some(isBehind)
    );
  }

  /** Lets everything go: nothing will come for now. */
  flush(): void {
    this.#decideAll();
    while (this.#slots.first !== undefined) this.#releaseRun('flush');
  }

  /** A producer went away: the others do not wait for it. */
  wentAway(producer: number): void {
    this.#producer(producer).isAwaited = false;
    this.#release();
  }

  /** A producer is there, again or at last: it is waited for. As all are in the beginning. */
  connected(producer: number): void {
    this.#producer(producer).isAwaited = true;
  }

  #producer(id: number): Producer<E> {
    const producer = this.#countings.producers.get(id);
    if (producer === undefined) throw new RangeError(`there is no producer ${id}`);
    return producer;
  }

  #put(held: Held<E>, isCopy: boolean): void {
    const { producer, position } = held;
    if (this.#departed.isPast(producer.epoch, position)) return this.#rejectPast(held);
    const objects = this.#slots.at(producer.epoch, position)?.objects;
    if (objects !== undefined) {
      const isOwn = objects.some((other) => other.producer === producer);
      if (this.#tiles.isIn(held, objects) || (isCopy && isOwn && held.tile === undefined))
        return this.#reject(held, 'duplicate');
      if (held.tile !== undefined) this.#tiles.areTold = true;
      else if (isOwn && this.#tiles.perId === 0) this.#counts.repeated += 1;
    }
    this.#slots.add(held);
  }

  #rejectPast(held: Held<E>): void {
    if (this.#tiles.areTold) this.#tiles.of(held);
    const reason = this.#departed.reasonFor(held);
    if (reason === 'late') this.#options.ids.cameLate(held.id);
    this.#reject(held, reason);
  }

  #reject({ event, id }: Held<E>, reason: RejectReason): void {
    this.#counts[reason] += 1;
    this.#options.onRejected(event, reason, id);
  }

  /** Lets go what nothing needs to be waited for any more, and what there is no room for. */
  #release(): void {
    if (this.#options.watermark) this.#releasePassed();
    const times = this.#options.onFull === 'wait' && this.#options.watermark ? MAX_OVERFILL : 1;
    while (this.#isFilled(times)) {
      const isFull = this.cached >= this.#limits.objects;
      if (this.#slots.first === undefined) this.#decideAll();
      this.#releaseRun(isFull ? 'size' : 'bytes');
    }
  }

  #isFilled(times: number): boolean {
    return this.cached >= times * this.#limits.objects || this.bytes >= times * this.#limits.bytes;
  }

  #decideAll(): void {
    for (const producer of this.#countings.producers.values()) this.#countings.decide(producer);
  }

  #releasePassed(): void {
    const reasonOf = (slot: Slot<E>) =>
      this.#readiness.isNext(slot) ? 'complete' : this.#readiness.isPassed(slot) ? 'watermark' : undefined;
    for (let first = this.#slots.first; first !== undefined; first = this.#slots.first) {
      const reason = reasonOf(first);
      if (reason === undefined) return;
      this.#leave([this.#slots.pop() as Slot<E>], reason);
    }
  }

  /** Lets the first id go, and those that follow it without a gap: nothing can come between them. */
  #releaseRun(reason: ReleaseReason): void {
    const run: Slot<E>[] = [];
    for (let slot = this.#slots.first; slot !== undefined; slot = this.#slots.first) {
      const before = run.at(-1);
      if (before !== undefined && !this.#readiness.continues(before, slot)) break;
      run.push(this.#slots.pop() as Slot<E>);
    }
    this.#leave(run, reason);
  }

  #leave(slots: readonly Slot<E>[], reason: ReleaseReason): void {
    if (slots.length === 0) return;
    for (const slot of slots) this.#noteDeparture(slot, reason);
    const objects = slots.flatMap((slot) => slot.objects.map(({ id, event }) => ({ id, event })));
    this.#batches.push({ reason, objects });
  }

  #noteDeparture(slot: Slot<E>, reason: ReleaseReason): void {
    const { ids } = this.#options;
    if (this.#tiles.areTold) slot.objects.forEach((held) => this.#tiles.of(held));
    if (this.#departed.last !== undefined && this.#departed.last.epoch !== slot.epoch) {
      ids.sourceCameBack();
      this.#countings.forgetBefore(slot.epoch);
    }
    this.#departed.note(slot);
    ids.note(slot.id);
    if (slot.objects.length < this.#tiles.perId) this.#counts.incomplete += 1;
    this.#counts.released += slot.objects.length;
    this.#counts.releasedBy[reason] += slot.objects.length;
  }
}
