import { QUEUE_FULL } from './bounded-queue.js';
import { FILTERED, REJECTED, type Carrier } from './carrier.js';
import type { Clock } from './clock.js';
import { Flush, type FlushStage } from './flush.js';
import { Holder, isHolding, type HolderStage } from './holder.js';
import { Inbox, MAX_INJECTED } from './inbox.js';
import { HELD } from './interfaces.js';
import { STOPPED } from './ledger.js';
import type { Downstream, Link, Shared, Upstream } from './link.js';
import { Outbox, type OutboxStage, type Results } from './outbox.js';
import { causeOf, isIterator, isPromise, wrongResult } from './results.js';
import { Retirement } from './retirement.js';
import { discard } from './discard.js';
import { StageCounts } from './stage-counts.js';
import type { StageOptions } from './stage-options.js';
import { Wake } from './wake.js';

/**
 * A processor at its place in the chain. An event that it gives back at once goes on at once, and costs no promise and no
 * allocation; all else waits in the {@link Outbox}, or is held by the processor, see {@link Holder}.
 *
 * Its account is about the events it was given: an event is `processed` when it, or the last event made of it, has been handed
 * on. What it handed on is counted by `emitted`, and is what the next link was given.
 */
export class Stage<E> implements Link<E>, HolderStage<E>, OutboxStage<E>, FlushStage<E> {
  previous!: Upstream;
  next!: Downstream<E>;
  isClosed = false;
  isOver = false;
  readonly counts: StageCounts;
  readonly #shared: Shared<E>;
  #options!: StageOptions<E>;
  #worker!: { process(event: E, carrier: Carrier<E>): unknown };
  #holder: Holder<E> | undefined;
  #flush: Flush<E> | undefined;
  #outbox!: Outbox<E>;
  readonly #inbox = new Inbox<E>();
  readonly #retirement = new Retirement();
  readonly #wake = new Wake(() => this.resume());
  #isLeaving = false;

  constructor(options: StageOptions<E>, shared: Shared<E>) {
    this.#shared = shared;
    this.counts = new StageCounts(shared.clock);
    this.become(options);
  }

  get name(): string {
    return this.#options.name;
  }

  get clock(): Clock {
    return this.#shared.clock;
  }

  get arrived(): number {
    return this.counts.arrived;
  }

  get emitted(): number {
    return this.counts.emitted;
  }

  get held(): number {
    return this.#holder?.size ?? 0;
  }

  get accepts(): boolean {
    return !this.isClosed && this.#outbox.accepts && !this.#isFlushing;
  }

  get mayPass(): boolean {
    return this.next.accepts;
  }

  // ---- events come ----

  accept(carrier: Carrier<E>): void {
    this.counts.receive();
    this.#run(carrier);
  }

  /** An event that comes from no link. The promise resolves when it has been taken, or turned away because too many wait. */
  inject(carrier: Carrier<E>): Promise<void> {
    this.counts.receive();
    this.counts.injected += 1;
    if (this.#inbox.isFull) {
      this.reject(carrier, QUEUE_FULL);
      return Promise.resolve();
    }
    this.wake();
    return this.#inbox.put(carrier);
  }

  #run(carrier: Carrier<E>): void {
    const { event } = carrier;
    this.counts.begin(carrier);
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
      this.counts.time(carrier);
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
    this.counts.time(carrier);
    if (this.#outbox.isClear && this.next.accepts) this.pass(carrier);
    else this.#outbox.add(carrier);
  }

  pass(carrier: Carrier<E>): void {
    this.counts.inFlight -= 1;
    this.counts.processed += 1;
    this.counts.emitted += 1;
    this.next.accept(carrier);
  }

  passMade(carrier: Carrier<E>, isAll: boolean): void {
    if (isAll) for (const parent of carrier.parents) this.spent(parent);
    this.counts.emitted += 1;
    this.next.accept(carrier);
  }

  spent(carrier: Carrier<E>): void {
    this.counts.time(carrier);
    this.counts.inFlight -= 1;
    this.counts.processed += 1;
    this.#shared.ledger.close(carrier, FILTERED);
  }

  filter(carrier: Carrier<E>): void {
    this.counts.time(carrier);
    this.counts.inFlight -= 1;
    this.counts.filtered += 1;
    this.#shared.ledger.close(carrier, FILTERED);
  }

  reject(carrier: Carrier<E>, reason: string): void {
    this.counts.inFlight -= 1;
    this.counts.reject(reason);
    this.#shared.ledger.close(carrier, REJECTED, reason);
  }

  fail(carrier: Carrier<E>, error: unknown, method: 'process' | 'flush' = 'process'): void {
    this.counts.inFlight -= 1;
    const cause = causeOf(error, this.#options.where ?? `${this.name}.${method}`);
    this.counts.fail(cause);
    this.#shared.failed(carrier, this.name, error, cause);
  }

  discard(carrier: Carrier<E>, late: unknown): void {
    discard(this.#shared, carrier, late);
  }

  // ---- what a holding processor says ----

  give(carrier: Carrier<E>, isInside: boolean): void {
    if (isInside) return this.#done(carrier);
    this.counts.time(carrier);
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

  giveLast(event: E): void {
    if (this.isOver) this.#shared.ledger.release(event);
    else this.make(event, [], false);
  }

  complain(error: unknown): void {
    this.#shared.fault(this.name, error);
  }

  throttle(name: string, isOn: boolean): void {
    this.#shared.throttle(name, isOn);
  }

  holdBack(source: string, isOn: boolean): void {
    this.#shared.holdBack(source, isOn);
  }

  // ---- turns, and the end ----

  /** Goes on as soon as nothing else is on the stack. */
  wake(): void {
    this.#wake.call();
  }

  resume(): void {
    if (this.isOver) return;
    this.#shared.turn(() => {
      this.#outbox.handOver();
      this.#takeInjected();
      if (this.#retirement.isPending && this.finish()) this.#retirement.done();
    });
    this.previous.resume();
  }

  #takeInjected(): void {
    while (this.#mustTakeInjected && this.#outbox.accepts) this.#run(this.#inbox.take() as Carrier<E>);
  }

  get #mustTakeInjected(): boolean {
    return !this.#inbox.isEmpty && !this.#isFlushing && (!this.isClosed || this.#isLeaving);
  }

  get #isFlushing(): boolean {
    return this.#holder?.isFlushing === true || this.#flush?.isPending === true;
  }

  /** A holding processor may want to know of its stage before the first event. */
  attach(): void {
    this.#holder?.processor.attach(this.#holder);
  }

  /** Another processor takes the place of one that is retired, or has not begun. */
  become(options: StageOptions<E>): void {
    this.#options = options;
    const { concurrency = 1000 } = options;
    const limit = typeof concurrency === 'number' ? () => concurrency : concurrency;
    this.#outbox = new Outbox(limit, options.order ?? 'arrival', this);
    this.#holder?.stop();
    this.#holder = isHolding(options.processor) ? new Holder(options.processor, this) : undefined;
    this.#worker = this.#holder ?? options.processor;
    this.#flush = options.flush && new Flush(options.flush, this);
    this.isClosed = false;
    this.counts.latency.reset();
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
    return this.#retirement.begin();
  }

  /** It is empty and out of the chain: its processor has no more to say. */
  leave(): void {
    this.isOver = true;
    this.#holder?.stop();
  }

  finish(): boolean {
    if (this.#outbox.size > 0 || this.#mustTakeInjected) return false;
    return (this.#holder ?? this.#flush)?.finish() ?? true;
  }

  stop(lost: (carrier: Carrier<E>, isBusy: boolean) => void): void {
    this.isOver = true;
    // what a holding processor has is known to its holder
    this.#outbox.stop((carrier, isBusy) => {
      if (!isBusy || this.#holder === undefined) lost(carrier, isBusy);
    });
    for (const carrier of this.#holder?.stop() ?? []) lost(carrier, false);
    for (let each = this.#inbox.take(); each !== undefined; each = this.#inbox.take()) lost(each, false);
    this.counts.reject(STOPPED, this.counts.inFlight);
    this.counts.inFlight = 0;
    this.#retirement.fail(this.name);
  }
}
