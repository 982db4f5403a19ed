import type { QueueLimits } from '../../pipeline/bounded-queue.js';
import { channelStats, type ChannelStats } from '../channel-stats.js';
import type { Input } from '../inputs/input.js';
import { BoundedMetadataQueue } from './metadata-queue.js';

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
  stats(): ChannelStats {
    const { overruns } = this.input.figures();
    const seconds = (this.#lastAt - this.#firstAt) / 1000;
    const rate = (count: number) => (seconds > 0 ? count / seconds : 0);
    const queue = { ...this.queue.counters, length: this.queue.length };
    return channelStats({ producerId: this.id, channel: this.name, overruns, queue }, rate);
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
