import { OrderingCache } from '../../../src/hpc/collector/ordering-cache.js';
import type { CachePolicy } from '../../../src/hpc/collector/ordering-options.js';
import { IdTracker } from '../../../src/hpc/ids/id-tracker.js';

export interface Item {
  readonly id: number;
  readonly tile?: string | undefined;
}

export interface SorterOptions {
  readonly producers?: number;
  readonly size?: number;
  readonly bytes?: number;
  readonly timeoutMs?: number;
  readonly offset?: number;
  readonly watermark?: boolean;
  readonly onFull?: CachePolicy;
  readonly objectsPerId?: number;
}

/** An ordering cache with a clock of its own, and a record of what became of everything. */
export class Sorter {
  readonly start = 1_000_000;
  now = this.start;
  readonly ids: IdTracker;
  readonly cache: OrderingCache<Item>;
  readonly rejected: [id: number, reason: string][] = [];
  readonly rejectedItems: Item[] = [];
  readonly #back = new Set<number>();
  readonly #batches: Item[][] = [];

  constructor(options: SorterOptions) {
    const { producers = 1, size = 10, bytes = 2 ** 30, timeoutMs = 5000, offset = 1 } = options;
    this.ids = new IdTracker({ offset, sequentialUpdates: 1 });
    this.cache = new OrderingCache<Item>({
      producers: Array.from({ length: producers }, (_, i) => i + 1),
      limits: { objects: size, bytes, timeoutMs },
      watermark: options.watermark ?? true,
      onFull: options.onFull ?? 'release',
      objectsPerId: options.objectsPerId ?? 0,
      tileOf: ({ tile }) => tile,
      ids: this.ids,
      onRejected: (item, reason, id) => {
        this.rejected.push([id, reason]);
        this.rejectedItems.push(item);
      },
    });
  }

  add(id: number, producer = 1, bytes = 1): this {
    return this.put({ id }, producer, bytes);
  }

  tile(id: number, producer: number, tile: string): this {
    return this.put({ id, tile }, producer, 1);
  }

  put(item: Item, producer: number, bytes: number): this {
    const isFirst = this.#back.delete(producer);
    this.cache.add({ producer, id: item.id, event: item, bytes, isFirst }, this.now);
    return this;
  }

  /** A producer is there again. */
  comeBack(producer: number): void {
    this.cache.connected(producer);
    this.#back.add(producer);
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Everything that has left, batch by batch. */
  get items(): readonly Item[][] {
    this.#batches.push(...this.cache.take().map(({ objects }) => objects.map(({ event }) => event)));
    return this.#batches;
  }

  get batches(): number[][] {
    return this.items.map((batch) => batch.map(({ id }) => id));
  }

  get left(): number[] {
    return this.batches.flat();
  }
}
