import type { Account } from './account.js';
import { BoundedQueue, type OnFull, type QueueLimits } from './bounded-queue.js';
import type { Source } from './interfaces.js';

/** At most this many events are asked of a source at once. */
const BATCH = 256;

/** The reason under which events are counted that a full queue turned away. */
export const QUEUE_FULL = 'queue full';

/** How events wait between a source and the first processor. */
export interface ReceiverOptions<E> {
  readonly limits: QueueLimits;
  readonly onFull: OnFull;
  /** Bytes that an event holds; asked once, when it arrives. */
  readonly sizeOf?: ((event: E) => number) | undefined;
  /** An event left the queue without having been delivered. */
  readonly onRejected: (event: E, reason: string) => void;
}

/** Moves events from a source into a bounded queue, under a named policy. */
export class Receiver<E> {
  readonly queue: BoundedQueue<E>;
  /** The source may have more than was taken. */
  readable = false;
  #lastSize = 0;

  constructor(
    readonly source: Source<E>,
    readonly options: ReceiverOptions<E>,
    readonly account: Account,
  ) {
    this.queue = new BoundedQueue(options.limits);
  }

  /**
   * Takes what the source has, as far as the policy lets it.
   *
   * @returns how many events came
   * @throws {QueueOverflow} with the policy `fail`
   */
  fill(): number {
    let came = 0;
    // A source that is filled as fast as it is emptied must not keep the processors waiting.
    while (this.readable && came < this.queue.limits.items + BATCH) {
      const room = this.options.onFull === 'wait' ? this.queue.room(this.#lastSize) : BATCH;
      if (room <= 0) break;
      const batch = this.source.take(Math.min(room, BATCH));
      if (batch.length === 0) this.readable = false;
      came += batch.length;
      this.account.received += batch.length;
      this.#acceptAll(batch);
    }
    return came;
  }

  /** Gives up everything that is queued. */
  rejectAll(reason: string): void {
    for (let event = this.queue.drop(); event !== undefined; event = this.queue.drop()) this.#reject(event, reason);
  }

  #acceptAll(batch: readonly E[]): void {
    let overflow = 0;
    for (const event of batch) if (!this.#accept(event)) overflow += 1;
    if (overflow > 0 && this.options.onFull === 'fail') throw new QueueOverflow(this.queue.limits);
  }

  #accept(event: E): boolean {
    const { sizeOf, onFull } = this.options;
    const size = sizeOf === undefined ? 0 : sizeOf(event);
    this.#lastSize = size;
    // With `wait` the batch was measured before it was taken: it may pass the limit in bytes by less than one batch.
    const mustDrop = onFull !== 'wait' && this.queue.length > 0 && this.queue.isFull;
    if (mustDrop && onFull !== 'dropOldest') {
      this.queue.refuse();
      this.#reject(event, QUEUE_FULL);
      return false;
    }
    if (mustDrop) this.#reject(this.queue.drop() as E, QUEUE_FULL);
    this.queue.push(event, size);
    return true;
  }

  #reject(event: E, reason: string): void {
    this.account.reject(reason);
    this.options.onRejected(event, reason);
  }
}

/** A queue with the policy `fail` was full. */
export class QueueOverflow extends Error {
  override readonly name = 'QueueOverflow';

  constructor(limits: QueueLimits) {
    super(`a queue of ${limits.items} events and ${limits.bytes} bytes was full and its policy is to fail`);
  }
}
