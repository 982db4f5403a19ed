/**
 * What happens when a queue is full: `wait` holds the source back, `dropOldest` and `dropNewest` give up an event and count
 * it, `fail` ends the run.
 */
export const onFullPolicies = ['wait', 'dropOldest', 'dropNewest', 'fail'] as const;
export type OnFull = (typeof onFullPolicies)[number];

/** The limits of a queue: it is full when either is reached. */
export interface QueueLimits {
  readonly items: number;
  readonly bytes: number;
}

/** What a queue has seen. `received = delivered + dropped + length` at every moment. */
export interface QueueCounters {
  received: number;
  delivered: number;
  dropped: number;
}

/** The reason under which events are counted that a full queue turned away: that of a source, or of those that are injected. */
export const QUEUE_FULL = 'queue full';

/** The same for the queue in front of a stage. */
export function queueFullAt(stage: string): string {
  return `${QUEUE_FULL} in front of ${stage}`;
}

/** A ring of events with a limit in items and in bytes. It grows up to its limit and keeps no event that has left it. */
export class BoundedQueue<E> {
  readonly counters: QueueCounters = { received: 0, delivered: 0, dropped: 0 };
  #limits: QueueLimits;
  #items: (E | undefined)[] = new Array<E | undefined>(16);
  #sizes: number[] = new Array<number>(16).fill(0);
  #head = 0;
  #length = 0;
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get limits(): QueueLimits {
    return this.#limits;
  }

  /** New limits hold for what comes; what is queued already stays. */
  set limits(limits: QueueLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#length >= this.#limits.items || this.#bytes >= this.#limits.bytes;
  }

  /** How many more events of `size` bytes fit; at least one when the queue is empty, so that none is too large for ever. */
  room(size: number): number {
    const items = this.#limits.items - this.#length;
    const bytes = size > 0 ? Math.ceil((this.#limits.bytes - this.#bytes) / size) : items;
    return Math.max(this.#length === 0 ? 1 : 0, Math.min(items, bytes));
  }

  /** Adds an event at the end. The caller has asked `isFull` and acted on its policy. */
  push(event: E, size: number): void {
    if (this.#length === this.#items.length) this.#grow();
    const at = (this.#head + this.#length) & (this.#items.length - 1);
    this.#items[at] = event;
    this.#sizes[at] = size;
    this.#length += 1;
    this.#bytes += size;
    this.counters.received += 1;
  }

  /** The oldest event, left where it is. */
  peek(): E | undefined {
    return this.#length === 0 ? undefined : this.#items[this.#head];
  }

  /** Takes the oldest event for delivery. */
  shift(): E | undefined {
    if (this.#length === 0) return undefined;
    this.counters.delivered += 1;
    return this.#remove();
  }

  /** Takes the oldest event to give it up. */
  drop(): E | undefined {
    if (this.#length === 0) return undefined;
    this.counters.dropped += 1;
    return this.#remove();
  }

  /** An event that was turned away before it got in. */
  refuse(): void {
    this.counters.received += 1;
    this.counters.dropped += 1;
  }

  /** Counts anew; what is queued counts as received. */
  resetCounters(): void {
    this.counters.received = this.#length;
    this.counters.delivered = this.counters.dropped = 0;
  }

  #remove(): E {
    const event = this.#items[this.#head] as E;
    this.#bytes -= this.#sizes[this.#head] as number;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#length -= 1;
    return event;
  }

  #grow(): void {
    const size = this.#items.length;
    const order = Array.from({ length: size }, (_, i) => (this.#head + i) & (size - 1));
    const items = order.map((at) => this.#items[at]);
    const sizes = order.map((at) => this.#sizes[at] as number);
    this.#items = items.concat(new Array<undefined>(size).fill(undefined));
    this.#sizes = sizes.concat(new Array<number>(size).fill(0));
    this.#head = 0;
  }
}

/** A queue with the policy `fail` was full. */
export class QueueOverflow extends Error {
  override readonly name = 'QueueOverflow';

  /** @param what whose queue it is: `the queue in front of fit` */
  constructor({ items, bytes }: QueueLimits, what: string) {
    super(`${what}, of ${items} events and ${bytes} bytes, was full, and its policy is to fail (onFull)`);
  }
}
