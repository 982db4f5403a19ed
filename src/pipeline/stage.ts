import { Account } from './account.js';
import { BoundedQueue, QUEUE_FULL } from './bounded-queue.js';
import { FILTERED, REJECTED, type Carrier } from './carrier.js';
import type { Clock } from './clock.js';
import type { EdgeOptions } from './edge.js';
import { Holder, isHolding, type HolderStage } from './holder.js';
import { HELD, LEFT_BEHIND, type HoldingProcessor, type Processor } from './interfaces.js';
import { LatencyHistogram } from './latency.js';
import { STOPPED } from './ledger.js';
import type { Downstream, Link, Shared, Upstream } from './link.js';
import { Outbox, type OutboxStage, type Results } from './outbox.js';
import { causeOf, isIterator, isPromise, wrongResult } from './results.js';

/** One event in eight is timed; to time each would cost more than a small processor. */
const TIMED_MASK = 7;
/** No more events than this that were injected, or made from nothing, wait at a stage. */
const MAX_INJECTED = 1000;

/** A processor and how it is run. */
export interface StageOptions<E> {
  /** Under which it appears in statistics and messages; names of a chain differ. */
  readonly name: string;
  readonly processor: Processor<E> | HoldingProcessor<E>;
  /** At most so many events are in work at once, as promises (1000). A processor that gives none has one at a time. */
  readonly concurrency?: number | undefined;
  /** Whether asynchronous events leave as they came (`arrival`, the default) or as they are done (`completion`). */
  readonly order?: 'arrival' | 'completion' | undefined;
  /** A queue in front. Without one the stage before hands over directly, and holds back when this one is busy. */
  readonly edge?: EdgeOptions<E> | undefined;
  /** In causes of failures; `name.process` if not given. */
  readonly where?: string | undefined;
}

interface Injected<E> {
  readonly carrier: Carrier<E>;
  readonly taken: () => void;
}

/**
 * A processor at its place in the chain. An event that it gives back at once goes on at once, and costs no promise and no
 * allocation; all else waits in the {@link Outbox}, or is held by the processor, see {@link Holder}.
 *
 * Its account is about the events it was given: an event is `processed` when it, or the last event made of it, has been handed
 * on. What it handed on is counted by `emitted`, and is what the next link was given.
 */
export class Stage<E> implements Link<E>, HolderStage<E>, OutboxStage<E> {
  previous!: Upstream;
  next!: Downstream<E>;
  isClosed = false;
  isOver = false;
  readonly account = new Account();
  readonly latency = new LatencyHistogram();
  emitted = 0;
  /** How many of the received were injected here. */
  injected = 0;
  /** Events that entered and have not been settled by this stage. */
  inFlight = 0;
  /** Time the timed events took, one in eight. */
  #sampledMs = 0;
  readonly #shared: Shared<E>;
  #options!: StageOptions<E>;
  #worker!: { process(event: E, carrier: Carrier<E>): unknown };
  #holder: Holder<E> | undefined;
  #outbox!: Outbox<E>;
  readonly #inbox = new BoundedQueue<Injected<E>>({ items: MAX_INJECTED, bytes: Infinity });
  #isWaking = false;
  #isLeaving = false;
  #flush: 'due' | 'running' | 'done' = 'due';
  #retired: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(options: StageOptions<E>, shared: Shared<E>) {
    this.#shared = shared;
    this.become(options);
  }

  get name(): string {
    return this.#options.name;
  }

  get clock(): Clock {
    return this.#shared.clock;
  }

  get arrived(): number {
    return this.account.received - this.injected;
  }

  get held(): number {
    return this.#holder?.size ?? 0;
  }

  /** Milliseconds all events have spent here together, estimated. */
  get totalMs(): number {
    return this.#sampledMs * (TIMED_MASK + 1);
  }

  get accepts(): boolean {
    return !this.isClosed && this.#flush !== 'running' && this.#outbox.accepts;
  }

  get mayPass(): boolean {
    return this.next.accepts;
  }

  // ---- events come ----

  accept(carrier: Carrier<E>): void {
    this.account.received += 1;
    this.inFlight += 1;
    this.#run(carrier);
  }

  /** An event that comes from no link. The promise resolves when it has been taken, or turned away because too many wait. */
  inject(carrier: Carrier<E>): Promise<void> {
    this.account.received += 1;
    this.injected += 1;
    this.inFlight += 1;
    if (this.#inbox.isFull) {
      this.reject(carrier, QUEUE_FULL);
      return Promise.resolve();
    }
    this.wake();
    return new Promise((taken) => this.#inbox.push({ carrier, taken }, 0));
  }

  #run(carrier: Carrier<E>): void {
    const { event } = carrier;
    carrier.startedAt = (this.account.received & TIMED_MASK) === 1 ? this.#shared.clock.now() : -1;
    let result: unknown;
    try {
      result = this.#worker.process(event, carrier);
    } catch (error) {
      return this.isOver ? this.discard(carrier, undefined) : this.fail(carrier, error);
    }
    if (this.isOver) this.discard(carrier, result);
    else if (result === event) this.#done(carrier);
    else if (isPromise(result)) this.#outbox.addPending(carrier, result);
    else this.#judged(carrier, this.judge(carrier, result));
  }

  judge(carrier: Carrier<E>, result: unknown): boolean | Results<E> {
    if (result === HELD) return false;
    if (result === null || result === undefined) this.filter(carrier);
    else if (isIterator<E>(result)) return result;
    else if (result !== carrier.event && !this.#shared.isEvent(result)) this.fail(carrier, wrongResult(result));
    else {
      this.#time(carrier);
      if (result !== carrier.event) this.#shared.ledger.replace(carrier, result as E);
      return true;
    }
    return false;
  }

  #judged(carrier: Carrier<E>, verdict: boolean | Results<E>): void {
    if (verdict === true) return this.#done(carrier);
    if (verdict === false) return;
    this.#outbox.addResults(carrier, verdict);
    this.#outbox.handOver();
  }

  derive(parent: Carrier<E>, event: unknown): Carrier<E> {
    if (event !== parent.event && !this.#shared.isEvent(event)) throw wrongResult(event);
    return this.#shared.ledger.derive(event as E, [parent]);
  }

  // ---- events go ----

  #done(carrier: Carrier<E>): void {
    this.#time(carrier);
    if (this.#outbox.isClear && this.next.accepts) this.pass(carrier);
    else this.#outbox.add(carrier);
  }

  pass(carrier: Carrier<E>): void {
    this.inFlight -= 1;
    this.account.processed += 1;
    this.emitted += 1;
    this.next.accept(carrier);
  }

  passMade(carrier: Carrier<E>, isAll: boolean): void {
    if (isAll) for (const parent of carrier.parents) this.spent(parent);
    this.emitted += 1;
    this.next.accept(carrier);
  }

  spent(carrier: Carrier<E>): void {
    this.#time(carrier);
    this.inFlight -= 1;
    this.account.processed += 1;
    this.#shared.ledger.close(carrier, FILTERED);
  }

  filter(carrier: Carrier<E>): void {
    this.#time(carrier);
    this.inFlight -= 1;
    this.account.filtered += 1;
    this.#shared.ledger.close(carrier, FILTERED);
  }

  reject(carrier: Carrier<E>, reason: string): void {
    this.inFlight -= 1;
    this.account.reject(reason);
    this.#shared.ledger.close(carrier, REJECTED, reason);
  }

  fail(carrier: Carrier<E>, error: unknown, where = this.#options.where ?? `${this.name}.process`): void {
    this.inFlight -= 1;
    const cause = causeOf(error, where);
    this.account.fail(cause);
    this.#shared.failed(carrier, this.name, error, cause);
  }

  discard(carrier: Carrier<E>, late: unknown): void {
    if (late === HELD) return; // the holder has given it up
    const { ledger } = this.#shared;
    if (late !== null && late !== undefined) {
      if (isPromise(late))
        return void late.then(
          (value) => this.discard(carrier, value),
          () => this.discard(carrier, null),
        );
      if (late !== carrier.event && !isIterator(late) && this.#shared.isEvent(late)) ledger.replace(carrier, late as E);
    }
    ledger.close(carrier, REJECTED);
  }

  /** The time until a processor has given something, or an event was let go. */
  #time(carrier: Carrier<E>): void {
    if (carrier.startedAt < 0) return;
    const ms = this.#shared.clock.now() - carrier.startedAt;
    this.latency.add(ms);
    this.#sampledMs += ms;
    carrier.startedAt = -1;
  }

  // ---- what a holding processor says ----

  give(carrier: Carrier<E>, isInside: boolean): void {
    if (isInside) return this.#done(carrier);
    this.#time(carrier);
    this.#outbox.add(carrier);
    this.wake();
  }

  make(event: E, spent: readonly Carrier<E>[], isInside: boolean): void {
    const { ledger } = this.#shared;
    const made = spent.length > 0 ? ledger.derive(event, spent) : ledger.inject(event);
    if (spent.length === 0 && this.#outbox.size >= MAX_INJECTED) return ledger.close(made, REJECTED, QUEUE_FULL);
    if (isInside && this.#outbox.isClear && this.next.accepts) return this.passMade(made, true);
    this.#outbox.addMade(made);
    if (!isInside) this.wake();
  }

  complain(error: unknown): void {
    this.#shared.fault(this.name, error);
  }

  throttle(name: string, isOn: boolean): void {
    this.#shared.throttle(name, isOn);
  }

  // ---- turns, and the end ----

  /** Goes on as soon as nothing else is on the stack. */
  wake(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    queueMicrotask(() => {
      this.#isWaking = false;
      this.resume();
    });
  }

  resume(): void {
    if (this.isOver) return;
    this.#shared.turn(() => {
      this.#outbox.handOver();
      this.#takeInjected();
      if (this.#retired !== undefined && this.finish()) this.#retired.resolve();
    });
    this.previous.resume();
  }

  get #mustTakeInjected(): boolean {
    return this.#inbox.length > 0 && this.#flush !== 'running' && (!this.isClosed || this.#isLeaving);
  }

  #takeInjected(): void {
    while (this.#mustTakeInjected && this.#outbox.accepts) {
      const { carrier, taken } = this.#inbox.shift() as Injected<E>;
      taken();
      this.#run(carrier);
    }
  }

  /** A holding processor may want to know of its stage before the first event. */
  attach(): void {
    this.#holder?.processor.attach(this.#holder);
  }

  /** Another processor takes the place of one that is retired, or has not begun. */
  become(options: StageOptions<E>): void {
    this.#options = options;
    this.#outbox = new Outbox(options.concurrency ?? 1000, options.order ?? 'arrival', this);
    this.#holder?.stop();
    this.#holder = isHolding(options.processor) ? new Holder(options.processor, this) : undefined;
    this.#worker = this.#holder ?? options.processor;
    this.#flush = 'due';
    this.#retired = undefined;
    this.isClosed = false;
    this.latency.reset();
  }

  /**
   * Takes no more, and resolves when all has been handed on. Rejects when the run ends before.
   *
   * @param isLeaving no other processor will take the place: what was injected is its as well
   */
  retire(isLeaving = false): Promise<void> {
    this.isClosed = true;
    this.#isLeaving = isLeaving;
    this.wake();
    return new Promise((resolve, reject) => (this.#retired = { resolve, reject }));
  }

  /** It is empty and out of the chain: its processor has no more to say. */
  leave(): void {
    this.isOver = true;
    this.#holder?.stop();
  }

  finish(): boolean {
    if (this.#outbox.size > 0 || this.#flush === 'running') return false;
    if (this.#mustTakeInjected) return false;
    if (this.#holder === undefined || (this.#flush === 'done' && this.held === 0)) return true;
    this.#flush = 'running';
    void this.#flushHolder(this.#holder);
    return false;
  }

  async #flushHolder(holder: Holder<E>): Promise<void> {
    try {
      await holder.processor.flush();
    } catch (error) {
      if (this.isOver) return;
      this.#shared.fault(this.name, error);
      for (const carrier of holder.takeAll()) this.fail(carrier, error, `${this.name}.flush`);
    }
    if (this.isOver) return;
    for (const carrier of holder.takeAll()) this.reject(carrier, LEFT_BEHIND);
    this.#flush = 'done';
    this.wake();
  }

  stop(lost: (carrier: Carrier<E>, isBusy: boolean) => void): void {
    this.isOver = true;
    // what a holding processor has is known to its holder
    this.#outbox.stop((carrier, isBusy) => {
      if (!isBusy || this.#holder === undefined) lost(carrier, isBusy);
    });
    for (const carrier of this.#holder?.stop() ?? []) lost(carrier, false);
    for (let each = this.#inbox.shift(); each !== undefined; each = this.#inbox.shift()) {
      lost(each.carrier, false);
      each.taken();
    }
    this.account.reject(STOPPED, this.inFlight);
    this.inFlight = 0;
    this.#retired?.reject(new Error(`the run ended before ${this.name} was retired`));
  }

  resetStats(): void {
    this.account.reset(this.inFlight);
    this.latency.reset();
    this.emitted = this.injected = this.#sampledMs = 0;
  }
}
