import { BoundedQueue, queueFullAt, QueueOverflow, type OnFull, type QueueLimits } from './bounded-queue.js';
import { REJECTED, type Carrier } from './carrier.js';
import type { Downstream, Link, Shared, Upstream } from './link.js';
import { Retirement } from './retirement.js';

/** A queue in front of a stage. */
export interface EdgeOptions<E> extends QueueLimits {
  readonly onFull: OnFull;
  /** Bytes that an event holds; asked once, when it arrives. Without it the limit in bytes does not apply. */
  readonly sizeOf?: ((event: E) => number) | undefined;
}

/** A bounded queue between two stages, under a named policy. */
export class Edge<E> implements Link<E> {
  previous!: Upstream;
  next!: Downstream<E>;
  isClosed = false;
  readonly queue: BoundedQueue<Carrier<E>>;
  readonly #options: EdgeOptions<E>;
  readonly #fullReason: string;
  readonly #shared: Shared<E>;
  readonly #retirement = new Retirement();

  constructor(
    /** Name of the stage behind it. */
    public name: string,
    options: EdgeOptions<E>,
    shared: Shared<E>,
  ) {
    this.#options = options;
    this.#fullReason = queueFullAt(name);
    this.#shared = shared;
    this.queue = new BoundedQueue(options);
  }

  get arrived(): number {
    return this.queue.counters.received;
  }

  get emitted(): number {
    return this.queue.counters.delivered;
  }

  get accepts(): boolean {
    if (this.isClosed) return false;
    return this.#options.onFull !== 'wait' || this.queue.length === 0 || !this.queue.isFull;
  }

  accept(carrier: Carrier<E>): void {
    const { sizeOf, onFull } = this.#options;
    while (onFull !== 'wait' && this.queue.length > 0 && this.queue.isFull) {
      if (onFull !== 'dropOldest') return this.#refuse(carrier);
      this.#reject(this.queue.drop() as Carrier<E>); // one or more, as they are large
    }
    this.queue.push(carrier, sizeOf === undefined ? 0 : sizeOf(carrier.event));
    this.#deliver();
  }

  resume(): void {
    this.#shared.turn(() => this.#deliver());
    if (this.finish()) this.#retirement.done();
    this.previous.resume();
  }

  wake(): void {
    queueMicrotask(() => this.resume());
  }

  retire(): Promise<void> {
    this.isClosed = true;
    this.wake();
    return this.#retirement.begin();
  }

  finish(): boolean {
    return this.queue.length === 0;
  }

  stop(lost: (carrier: Carrier<E>, isBusy: boolean) => void): void {
    this.isClosed = true;
    this.#retirement.fail(this.name);
    for (let each = this.queue.drop(); each !== undefined; each = this.queue.drop()) lost(each, false);
  }

  #deliver(): void {
    while (this.queue.length > 0 && this.next.accepts) this.next.accept(this.queue.shift() as Carrier<E>);
  }

  #refuse(carrier: Carrier<E>): void {
    this.queue.refuse();
    this.#reject(carrier);
    if (this.#options.onFull !== 'fail') return;
    this.#shared.abort(new QueueOverflow(this.queue.limits, `the queue in front of ${this.name}`));
  }

  #reject(carrier: Carrier<E>): void {
    this.#shared.ledger.close(carrier, REJECTED, this.#fullReason);
  }
}
