import { BoundedQueue } from './bounded-queue.js';
import type { Carrier } from './carrier.js';

/** No more events than this that were injected, or made from nothing, wait at a stage. */
export const MAX_INJECTED = 1000;

interface Entry<E> {
  readonly carrier: Carrier<E>;
  readonly taken: () => void;
}

/** Events that were injected at a stage, and wait until it takes them. */
export class Inbox<E> {
  readonly #entries = new BoundedQueue<Entry<E>>({ items: MAX_INJECTED, bytes: Infinity });

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  get isFull(): boolean {
    return this.#entries.isFull;
  }

  /** @returns resolves when the event is taken */
  put(carrier: Carrier<E>): Promise<void> {
    return new Promise((taken) => this.#entries.push({ carrier, taken }, 0));
  }

  take(): Carrier<E> | undefined {
    const entry = this.#entries.shift();
    entry?.taken();
    return entry?.carrier;
  }
}
