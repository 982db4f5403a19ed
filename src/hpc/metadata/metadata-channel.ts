import type { QueueLimits } from '../../pipeline/bounded-queue.js';
import type { Input } from '../inputs/input.js';
import { BoundedMetadataQueue } from './metadata-queue.js';

/** Figures of a metadata channel in pvaPy's words and order. */
export interface MetadataStats {
  producerId: number;
  channel: string;
  receiverStats: {
    nReceived: number;
    receivedRate: number;
    nRejected: number;
    rejectedRate: number;
    nOverruns: number;
    overrunRate: number;
  };
  queueStats: { nReceived: number; nRejected: number; nDelivered: number; nQueued: number };
}

/** So many updates are taken at once. */
const BATCH = 256;

/** One metadata channel: what its input gives is queued until processors take it. */
export class MetadataChannel {
  readonly queue: BoundedMetadataQueue;
  #firstAt = 0;
  #lastAt = 0;

  /** @param id counts from 1, in the order in which the channels were named */
  constructor(
    readonly id: number,
    readonly name: string,
    readonly input: Input,
    limits: QueueLimits,
  ) {
    this.queue = new BoundedMetadataQueue(limits);
  }

  get isConnected(): boolean {
    return this.input.isConnected;
  }

  start(): void {
    void this.input.start(() => this.#fill());
  }

  /** Rates are averages over the time in which updates came. */
  stats(): MetadataStats {
    const { received, delivered, dropped } = this.queue.counters;
    const { overruns } = this.input.figures();
    const seconds = (this.#lastAt - this.#firstAt) / 1000;
    const rate = (count: number) => (seconds > 0 ? count / seconds : 0);
    return {
      producerId: this.id,
      channel: this.name,
      receiverStats: {
        nReceived: received,
        receivedRate: rate(received),
        nRejected: dropped,
        rejectedRate: rate(dropped),
        nOverruns: overruns,
        overrunRate: rate(overruns),
      },
      queueStats: { nReceived: received, nRejected: dropped, nDelivered: delivered, nQueued: this.queue.length },
    };
  }

  resetStats(): void {
    this.#firstAt = this.#lastAt = 0;
    this.queue.resetCounters();
    this.input.resetStats();
  }

  close(): void {
    this.input.close();
    this.queue.clear();
  }

  #fill(): void {
    for (let updates = this.input.take(BATCH); updates.length > 0; updates = this.input.take(BATCH)) {
      this.#lastAt = performance.now();
      if (this.#firstAt === 0) this.#firstAt = this.#lastAt;
      this.queue.put(updates);
    }
  }
}
