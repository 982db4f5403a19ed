import { BoundedQueue, type QueueCounters, type QueueLimits } from '../../pipeline/bounded-queue.js';
import type { MetadataQueue } from '../../processor/user-data-processor.js';
import type { PvObject } from '../../pva/pv-object.js';

/** Updates of a metadata channel until a processor takes them. When it is full the oldest give way: they are counted. */
export class BoundedMetadataQueue implements MetadataQueue {
  readonly #queue: BoundedQueue<PvObject>;
  readonly #listeners = new Set<() => void>();

  constructor(limits: QueueLimits) {
    this.#queue = new BoundedQueue(limits);
  }

  get length(): number {
    return this.#queue.length;
  }

  get counters(): QueueCounters {
    return this.#queue.counters;
  }

  get(): PvObject | undefined {
    return this.#queue.shift();
  }

  peek(): PvObject | undefined {
    return this.#queue.peek();
  }

  onArrival(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => void this.#listeners.delete(callback);
  }

  /** Adds these updates at the end. */
  put(updates: readonly PvObject[]): void {
    for (const update of updates) {
      while (this.#queue.length > 0 && this.#queue.isFull) this.#queue.drop()?.release();
      this.#queue.push(update, update.bytes);
    }
    for (const listener of this.#listeners) listener();
  }

  /** New limits hold for what comes. */
  set limits(limits: QueueLimits) {
    this.#queue.limits = limits;
  }

  resetCounters(): void {
    this.#queue.resetCounters();
  }

  /** Gives back what is queued. */
  clear(): void {
    for (let update = this.#queue.shift(); update !== undefined; update = this.#queue.shift()) update.release();
  }
}
