import { PvaflowError } from '../core/errors.js';
import { rethrowLater } from './callback.js';
import {
  native,
  type NativeStream,
  type NativeStreamEvent,
  type NativeStreamStats,
  type NativeValue,
} from './native.js';
import { wrapValue } from './normative/index.js';
import type { PvObject } from './pv-object.js';

/**
 * One element of a monitor's stream, in the order in which things happened. After `finished` (the server has no more)
 * and `error` (the server refused) nothing follows. After `disconnected` the client searches again by itself, and
 * `connected` and updates follow when the server is back.
 *
 * The value of an `update` belongs to who took it: call its release() when done with it (memory is then given back at
 * once), or leave it to the garbage collector.
 */
export type MonitorEvent =
  | { readonly type: 'connected'; readonly peer: string }
  | { readonly type: 'disconnected' | 'finished' }
  | { readonly type: 'error'; readonly error: PvaflowError }
  | { readonly type: 'update'; readonly value: PvObject };

/**
 * Counters since the monitor was opened. `received = taken + queued + dropped + discarded` at every moment, where taken
 * is what take() has returned.
 */
export interface StreamStats extends NativeStreamStats {
  /** Updates that came from the server with anything in them. */
  readonly received: number;
  /** Their size in memory, about. */
  readonly bytes: number;
  /** Updates dropped by the queue's policy. */
  readonly dropped: number;
  /** Updates that were in the queue when the subscription was closed. */
  readonly discarded: number;
  /** Updates in the queue now, and the most so far; their size in memory, about. */
  readonly queued: number;
  readonly queuedBytes: number;
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  /** Over pvAccess: whether a server has the channel. It may not be connected yet: one without a type has nothing to give. */
  readonly isFound?: boolean;
  /** Connections that came and went without an update while nobody took events: these are not shown. */
  readonly flaps: number;
}

type Waiter = () => void;

/**
 * How long take() may go on within one turn of the event loop. A server can send faster than JavaScript takes: timers,
 * signals and other channels must have their turn too.
 */
const TURN_MS = 5;

/**
 * A monitor of one channel. Updates wait in a bounded queue until they are taken: in batches with onReadable() and
 * take(), or one by one with `for await`.
 *
 * While a callback is set or an iterator waits, the subscription keeps the process alive; otherwise one that is no longer
 * referenced is closed by the garbage collector.
 */
export abstract class UpdateStream<Stats extends StreamStats = StreamStats>
  implements AsyncIterable<MonitorEvent>, Disposable
{
  private readonly waiters: Waiter[] = [];
  private callback: (() => void) | undefined;
  private ended = false;
  private turnEnds: number | undefined;
  private cut = false;

  /** @internal `owner` is kept as long as the subscription is. */
  constructor(
    readonly name: string,
    private readonly native: NativeStream,
    protected readonly owner: object,
  ) {
    native.onReadable = () => this.wake();
  }

  /** True after close(), of this or of the client. */
  get closed(): boolean {
    return this.native.closed;
  }

  get paused(): boolean {
    return this.native.paused;
  }

  /**
   * `callback` is called when there is something to take, and when the client is closed. Then not again before take()
   * returned fewer events than it was asked for: call take() until it returns an empty array. It does so after some
   * milliseconds even when there is more, and the callback is called again when the event loop has had its turn. It
   * replaces an earlier callback. What it throws becomes an uncaught exception.
   */
  onReadable(callback: () => void): void {
    this.callback = callback;
    this.holdWhileNeeded();
  }

  /** Up to `max` events that are here now, oldest first; all if `max` is not given. Never waits. */
  take(max?: number): MonitorEvent[] {
    if (!this.mayTake()) return [];
    const entries = this.native.take(max);
    const events = new Array<MonitorEvent>(entries.length);
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as NativeValue | NativeStreamEvent;
      events[i] = entry instanceof native.Value ? { type: 'update', value: wrapValue(entry) } : this.event(entry);
    }
    return events;
  }

  /**
   * Asks the server to send nothing more until resume(); also after a reconnection. What is under way still arrives.
   */
  pause(): void {
    this.native.pause(true);
  }

  resume(): void {
    this.native.pause(false);
  }

  abstract stats(): Stats;

  /** Ends the monitor; events that were not taken are discarded, iterators end. */
  close(): void {
    this.native.close();
    this.wakeWaiters();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Takes one event for each step, so that a slow loop fills the queue and its policy counts. It ends when the
   * subscription is closed and after `finished` or `error`; leaving the loop closes the subscription.
   */
  [Symbol.asyncIterator](): AsyncIterator<MonitorEvent> {
    return {
      next: () => this.next(),
      return: () => {
        this.close();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  /** False when this turn of the event loop has been used up; the next one then begins with a wake-up. */
  private mayTake(): boolean {
    const now = performance.now();
    if (this.turnEnds === undefined) {
      this.turnEnds = now + TURN_MS;
      setImmediate(() => this.endTurn());
    }
    this.cut = now > this.turnEnds;
    return !this.cut;
  }

  private endTurn(): void {
    this.turnEnds = undefined;
    if (!this.cut) return;
    this.cut = false;
    this.wake();
  }

  private async next(): Promise<IteratorResult<MonitorEvent>> {
    while (!this.closed) {
      const [event] = this.take(1);
      if (event) return { done: false, value: event };
      if (this.ended) break;
      await this.readable();
    }
    return { done: true, value: undefined };
  }

  private readable(): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.push(resolve);
      this.holdWhileNeeded();
    });
  }

  private wake(): void {
    this.wakeWaiters();
    if (!this.callback) return;
    try {
      this.callback();
    } catch (error) {
      rethrowLater(error);
    }
  }

  private wakeWaiters(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
    this.holdWhileNeeded();
  }

  private holdWhileNeeded(): void {
    if (!this.ended && (this.callback || this.waiters.length > 0)) this.native.hold();
    else this.native.letGo();
  }

  private event(entry: NativeStreamEvent): MonitorEvent {
    if (entry.type === 'error' || entry.type === 'finished') {
      this.ended = true;
      this.holdWhileNeeded();
    }
    if (entry.type !== 'error') return entry;
    const code = entry.error instanceof PvaflowError ? entry.error.code : 'PVAFLOW_CLIENT';
    return { type: 'error', error: new PvaflowError(code, `monitor ${this.name}: ${entry.error.message}`) };
  }
}
