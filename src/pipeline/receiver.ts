import type { Account } from './account.js';
import { BoundedQueue, QUEUE_FULL, QueueOverflow } from './bounded-queue.js';
import type { Clock } from './clock.js';
import type { EdgeOptions } from './edge.js';
import type { Source } from './interfaces.js';

/** At most this many events are asked of a source at once. */
const BATCH = 256;

/** The queue between a source and the first stage. */
export interface SourceQueueOptions<E> extends EdgeOptions<E> {
  /** Fill the queue while a processor is busy. Otherwise events stay with the source until a processor is free. */
  readonly eager?: boolean;
  /** Begin only when this many events are queued, or nothing has come for the time given. */
  readonly accumulate?: { readonly items: number; readonly timeoutMs: number } | undefined;
}

/** A source with a name and a queue of its own. */
export interface SourceOptions<E> {
  /** Under which it appears in statistics; names of a pipeline differ. */
  readonly name: string;
  readonly source: Source<E>;
  readonly queue: SourceQueueOptions<E>;
}

/** What a receiver tells its pipeline. */
export interface ReceiverHost<E> {
  readonly clock: Clock;
  readonly account: Account;
  /** An event was turned away; it has been counted. */
  rejected(event: E, reason: string): void;
  /** The time to accumulate is over. */
  resume(): void;
}

/** Moves events from a source into a bounded queue, under a named policy, and gives them out. */
export class Receiver<E> {
  readonly name: string;
  readonly source: Source<E>;
  readonly queue: BoundedQueue<E>;
  /** The source may have more than was taken. */
  readable = false;
  /** Its events wait, although the first stage accepts some. */
  isHeldBack = false;
  readonly #options: SourceQueueOptions<E>;
  readonly #host: ReceiverHost<E>;
  #lastSize = 0;
  #lastArrival = 0;
  #forgetTimer: (() => void) | undefined;

  constructor({ name, source, queue }: SourceOptions<E>, host: ReceiverHost<E>) {
    this.name = name;
    this.source = source;
    this.queue = new BoundedQueue(queue);
    this.#options = queue;
    this.#host = host;
  }

  /** Fills an eager queue, although nothing is wanted of it now. */
  fillAhead(): void {
    if (this.#options.eager === true) this.#fill();
  }

  /**
   * The next event; undefined when there is none, or they are still accumulated.
   *
   * @throws {QueueOverflow} with the policy `fail`
   */
  next(isDraining: boolean): E | undefined {
    const lowWater = this.#options.eager === true ? this.queue.limits.items >> 1 : 0;
    if (this.readable && this.queue.length <= lowWater) this.#fill();
    if (this.#options.accumulate !== undefined && !isDraining && !this.#hasAccumulated(this.#options.accumulate))
      return undefined;
    return this.queue.shift();
  }

  /** Gives up everything that is queued. */
  rejectAll(reason: string): void {
    for (let event = this.queue.drop(); event !== undefined; event = this.queue.drop()) this.#reject(event, reason);
  }

  close(): void {
    this.#forgetTimer?.();
    this.source.close();
  }

  /** Takes what the source has, as far as the policy lets it. */
  #fill(): void {
    let came = 0;
    // A source that is filled as fast as it is emptied must not keep the processors waiting.
    while (this.readable && came < this.queue.limits.items + BATCH) {
      const room = this.#options.onFull === 'wait' ? this.queue.room(this.#lastSize) : BATCH;
      if (room <= 0) break;
      const batch = this.source.take(Math.min(room, BATCH));
      if (batch.length === 0) this.readable = false;
      came += batch.length;
      this.#host.account.received += batch.length;
      this.#acceptAll(batch);
    }
    if (came > 0 && this.#options.accumulate !== undefined) this.#lastArrival = this.#host.clock.now();
  }

  #acceptAll(batch: readonly E[]): void {
    let overflow = 0;
    for (const event of batch) if (!this.#accept(event)) overflow += 1;
    if (overflow > 0 && this.#options.onFull === 'fail')
      throw new QueueOverflow(this.queue.limits, `the queue of ${this.name}`);
  }

  #accept(event: E): boolean {
    const { sizeOf, onFull } = this.#options;
    const size = sizeOf === undefined ? 0 : sizeOf(event);
    this.#lastSize = size;
    // With `wait` the batch was measured before it was taken: it may pass the limit in bytes by less than one batch.
    while (onFull !== 'wait' && this.queue.length > 0 && this.queue.isFull) {
      if (onFull !== 'dropOldest') {
        this.queue.refuse();
        this.#reject(event, QUEUE_FULL);
        return false;
      }
      this.#reject(this.queue.drop() as E, QUEUE_FULL); // one or more, as they are large
    }
    this.queue.push(event, size);
    return true;
  }

  /** Whether enough has been accumulated; if not, sees to it that the question is asked again. */
  #hasAccumulated({ items, timeoutMs }: { items: number; timeoutMs: number }): boolean {
    if (this.queue.length === 0 || this.queue.length >= items || this.queue.isFull) return true;
    const leftMs = this.#lastArrival + timeoutMs - this.#host.clock.now();
    if (leftMs <= 0) return true;
    this.#forgetTimer ??= this.#host.clock.after(leftMs, () => {
      this.#forgetTimer = undefined;
      this.#host.resume();
    });
    return false;
  }

  #reject(event: E, reason: string): void {
    this.#host.account.reject(reason);
    this.#host.rejected(event, reason);
  }
}
