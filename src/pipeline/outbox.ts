import { BoundedQueue } from './bounded-queue.js';
import type { Carrier } from './carrier.js';
import type { Clock } from './clock.js';
import { isPromise } from './results.js';

/** A generator that needs no promise lets others have their turn after so many events. */
const RESULTS_PER_TURN = 1000;

export type Results<E> = Iterator<E> | AsyncIterator<E>;

/** What the stage around it does for an {@link Outbox}. */
export interface OutboxStage<E> {
  /** Whether the next link takes an event now. */
  readonly mayPass: boolean;
  readonly isOver: boolean;
  readonly clock: Clock;
  /** What a promise gave for an event: whether it goes on or has gone otherwise; or the several that are to go on instead. */
  judge(carrier: Carrier<E>, value: unknown): boolean | Results<E>;
  /** Hands an event over. */
  pass(carrier: Carrier<E>): void;
  /** An event is made of another. Throws what is wrong with it. */
  derive(parent: Carrier<E>, event: unknown): Carrier<E>;
  /** Hands over an event that the stage made; with `isAll`, those it was made of are spent. */
  passMade(carrier: Carrier<E>, isAll: boolean): void;
  /** All events that were made of this one have been handed over. */
  spent(carrier: Carrier<E>): void;
  fail(carrier: Carrier<E>, error: unknown): void;
  /** After a stop: a processor has given an event back, and perhaps another one. */
  discard(carrier: Carrier<E>, late: unknown): void;
  /** Something was awaited, and came. */
  resume(): void;
}

/** A place in the line of what a stage has to hand over. */
interface Slot<E> {
  /** The event the stage was given; undefined when it is settled, or the stage had it from nowhere. */
  carrier: Carrier<E> | undefined;
  /** A promise is awaited. */
  isPending: boolean;
  /** Gives the events to hand over instead. */
  results: Results<E> | undefined;
  /** An event that the stage made, which is to be handed over first. */
  made: Carrier<E> | undefined;
}

/**
 * What a stage is at work on, or could not hand over yet, up to its concurrency. With order `arrival` an event that is done waits
 * in line for those before it; with `completion` it comes into line only when it is done.
 */
export class Outbox<E> {
  readonly #line = new BoundedQueue<Slot<E>>({ items: Infinity, bytes: Infinity });
  /** Pending, and not in line. */
  readonly #aside = new Set<Slot<E>>();

  constructor(
    readonly concurrency: () => number,
    readonly order: 'arrival' | 'completion',
    readonly stage: OutboxStage<E>,
  ) {}

  get size(): number {
    return this.#line.length + this.#aside.size;
  }

  /** Whether the stage may begin with one more: there is room, and nothing that is done waits for the next stage. */
  get accepts(): boolean {
    if (this.#line.length === 0) return this.#aside.size < this.concurrency();
    return this.size < this.concurrency() && this.#line.peek()?.isPending === true;
  }

  /** Whether something that is done now need not wait for others. */
  get isClear(): boolean {
    return this.#line.length === 0;
  }

  /** An event is done. */
  add(carrier: Carrier<E>): void {
    this.#line.push({ carrier, isPending: false, results: undefined, made: undefined }, 0);
  }

  /** An event was made, of held ones or of nothing. */
  addMade(made: Carrier<E>): void {
    this.#line.push({ carrier: undefined, isPending: false, results: undefined, made }, 0);
  }

  /** Several events come of one. */
  addResults(carrier: Carrier<E>, results: Results<E>): void {
    this.#line.push({ carrier, isPending: false, results, made: undefined }, 0);
  }

  /** What becomes of an event is awaited. */
  addPending(carrier: Carrier<E>, promise: PromiseLike<unknown>): void {
    const slot: Slot<E> = { carrier, isPending: true, results: undefined, made: undefined };
    if (this.order === 'completion') this.#aside.add(slot);
    else this.#line.push(slot, 0);
    this.#await(slot, carrier, promise);
  }

  /** Hands over, in turn, as long as the next stage takes it. */
  handOver(): void {
    let left = RESULTS_PER_TURN;
    for (let head = this.#line.peek(); head !== undefined && !head.isPending; head = this.#line.peek()) {
      const { carrier, made, results } = head;
      if (made === undefined && results !== undefined && carrier !== undefined) {
        if ((left -= 1) >= 0) this.#step(head, carrier, results);
        else this.#rest(head);
        continue;
      }
      if ((made ?? carrier) !== undefined && !this.stage.mayPass) return;
      if (results === undefined) this.#line.shift();
      head.made = undefined;
      if (made !== undefined) this.stage.passMade(made, carrier === undefined);
      else if (carrier !== undefined) this.stage.pass(carrier);
    }
  }

  /** Empties it; `isBusy` tells that a processor still has the event. */
  stop(lost: (carrier: Carrier<E>, isBusy: boolean) => void): void {
    const slots = [...this.#aside];
    this.#aside.clear();
    for (let slot = this.#line.shift(); slot !== undefined; slot = this.#line.shift()) slots.push(slot);
    for (const { carrier, made, isPending, results } of slots) {
      if (made !== undefined) lost(made, false);
      if (carrier === undefined) made?.parents.forEach((parent) => lost(parent, false));
      if (carrier !== undefined) lost(carrier, isPending);
      if (!isPending) closeResults(results);
    }
  }

  /** Asks for the next of several events. */
  #step(head: Slot<E>, carrier: Carrier<E>, results: Results<E>): void {
    try {
      const step = results.next();
      if (this.stage.isOver) return; // the generator itself has stopped the run
      if (!isPromise(step)) return this.#stepped(head, carrier, step);
      this.#suspend(head);
      this.#await(head, carrier, step);
    } catch (error) {
      this.#failed(head, carrier, error);
    }
  }

  #stepped(slot: Slot<E>, carrier: Carrier<E>, step: IteratorResult<E>): void {
    if (step.done !== true) {
      slot.made = this.stage.derive(carrier, step.value);
      return;
    }
    slot.carrier = slot.results = undefined;
    this.stage.spent(carrier);
  }

  #await(slot: Slot<E>, carrier: Carrier<E>, promise: PromiseLike<unknown>): void {
    void Promise.resolve(promise).then(
      (value) => this.#came(slot, carrier, value),
      (error: unknown) => {
        if (this.stage.isOver) return this.stage.discard(carrier, undefined);
        this.#failed(slot, carrier, error);
        this.#wake(slot);
      },
    );
  }

  /** A promise has resolved: it gave what becomes of the event, or the next of several. */
  #came(slot: Slot<E>, carrier: Carrier<E>, value: unknown): void {
    const step = slot.results === undefined ? undefined : (value as IteratorResult<E>);
    if (this.stage.isOver) {
      this.stage.discard(carrier, step === undefined ? value : step.done === true ? undefined : step.value);
      return closeResults(slot.results);
    }
    try {
      if (step !== undefined) this.#stepped(slot, carrier, step);
      else this.#judged(slot, this.stage.judge(carrier, value));
    } catch (error) {
      this.#failed(slot, carrier, error);
    }
    this.#wake(slot);
  }

  #judged(slot: Slot<E>, verdict: boolean | Results<E>): void {
    if (verdict === false) slot.carrier = undefined;
    else if (verdict !== true) slot.results = verdict;
  }

  #failed(slot: Slot<E>, carrier: Carrier<E>, error: unknown): void {
    closeResults(slot.results);
    slot.carrier = slot.results = undefined;
    this.stage.fail(carrier, error);
  }

  #suspend(head: Slot<E>): void {
    head.isPending = true;
    if (this.order === 'arrival') return;
    this.#line.shift();
    this.#aside.add(head);
  }

  #wake(slot: Slot<E>): void {
    slot.isPending = false;
    if (this.#aside.delete(slot)) this.#line.push(slot, 0);
    this.stage.resume();
  }

  /** The generator has had its turn. */
  #rest(head: Slot<E>): void {
    this.#suspend(head);
    this.stage.clock.soon(() => {
      if (!this.stage.isOver) this.#wake(head);
    });
  }
}

/** Lets a generator that is not asked any more clean up. */
function closeResults(results: Results<unknown> | undefined): void {
  try {
    void Promise.resolve(results?.return?.()).catch(() => {});
  } catch {
    // what it throws now concerns no event
  }
}
