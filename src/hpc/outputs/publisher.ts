import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { PvaChannel } from '../../pva/channel.js';
import type { PvaServer } from '../../pva/server.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import { logDeparture } from '../departures.js';
import { arrived, flushed } from '../flush.js';
import { Repeats } from '../repeats.js';
import { overflowError, type Output, type OutputContext, type OutputOnFull } from './output.js';

export interface PublisherOptions {
  readonly server: PvaServer;
  readonly channel: string;
  readonly onFull: OutputOnFull;
  readonly queue?: { readonly frames?: number; readonly bytes?: number } | undefined;
  /** The channel is there from the beginning, and objects wait while nobody subscribes. */
  readonly awaitsSubscriber?: boolean;
  readonly logger: Logger;
  /** Told of each object that could not be published. */
  readonly onError: OutputContext['onError'];
  readonly onOverflow: OutputContext['onOverflow'];
}

/** Subscribers that have not fetched what is left for them in this time lose it when the type changes. */
const REOPEN_S = 5;
/** For so long those that the new type has disconnected are waited for. */
const COME_BACK_S = 10;
const POLL_MS = 5;

/** So many objects may wait for a subscriber with `wait`. A processor is held back at once, what its timers publish is not. */
const MAX_BACKLOG = 1000;
const BACKLOG_FULL = `${MAX_BACKLOG} objects wait for a subscriber already`;

/** Publishes what processors hand over, in order, on a channel whose type comes from the first object. */
export class Publisher implements Output {
  published = 0;
  errors = 0;
  readonly #options: PublisherOptions;
  readonly #repeats = new Repeats();
  #channel: PvaChannel | undefined;
  /** Objects that were published while a subscriber had no room. As many as one call of `process` makes, or its timers. */
  #backlog: PvObject[] = [];
  #waiting: Promise<void> | undefined;
  #onSubscriber: () => void = () => {};
  /** Of the present type. */
  #hasSubscriber = false;
  #isReopening = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    if (options.awaitsSubscriber === true) this.#channel = this.#serve(null);
  }

  get channel(): PvaChannel | undefined {
    return this.#channel;
  }

  /** Serves the channel. With an object, clients see it at once, as they see the current value of any channel. */
  open(type: PvObject | PvType): void {
    if (this.#channel === undefined) this.#channel = this.#serve(type);
    else this.#channel.open(type);
  }

  #serve(type: PvObject | PvType | null): PvaChannel {
    const { server, channel, onFull, queue } = this.#options;
    return server.addChannel(channel, type, {
      onFull: onFull === 'fail' ? 'wait' : onFull, // as long as there is room it waits for nobody
      ...(queue === undefined ? {} : { queue }),
      onSubscribers: (count) => this.#onSubscribers(count),
      onDeparture: (departure) => logDeparture(this.#options.logger, channel, departure),
    });
  }

  #onSubscribers(count: number): void {
    this.#hasSubscriber = count > 0;
    if (this.#hasSubscriber) this.#onSubscriber();
  }

  get subscribers(): number {
    return this.#channel?.subscribers ?? 0;
  }

  /** Updates that slow subscribers lost by the policy of the channel. */
  get dropped(): number {
    return this.#channel?.stats().dropped ?? 0;
  }

  get waiting(): number {
    return this.#backlog.length;
  }

  /** Publishes. A promise says that somebody has no room, and resolves when everybody has. Never throws. */
  update(value: PvObject): Promise<void> | undefined {
    if (this.#waiting === undefined) this.#post(value);
    else if (this.#failsWhenFull) this.#overflow(value);
    else if (this.#backlog.length < MAX_BACKLOG) this.#backlog.push(value.retain());
    else this.#failed(value, new Error(BACKLOG_FULL));
    return this.ready();
  }

  /** A promise as long as somebody has no room, and is waited for. */
  ready(): Promise<void> | undefined {
    return this.#failsWhenFull ? undefined : this.#waiting;
  }

  resetStats(): void {
    this.published = this.errors = 0;
  }

  async flush(seconds: number): Promise<void> {
    if (this.#channel !== undefined) await arrived([this.#channel], seconds);
  }

  #post(value: PvObject): void {
    try {
      const pending = this.#offer(value);
      this.published += 1;
      if (!(pending instanceof Promise)) return;
      this.#waiting = this.#drain(pending);
      this.#waiting.catch(() => {}); // whoever waits for it sees the error; with `fail` nobody does
    } catch (error) {
      this.#failed(value, error);
    }
  }

  /**
   * Posts all fields: the object before may have been filtered, and what it changed must not be missing here. The first object
   * opens the channel, and one of another type opens it anew.
   */
  #offer(value: PvObject): Promise<void> | void {
    if ((this.#channel?.type ?? null) === null) this.open(value.type);
    if (this.#options.awaitsSubscriber === true && !this.#hasSubscriber) return this.#whenSubscribed(value.retain());
    try {
      return this.#channel?.post(value.markChanged());
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'PVAFLOW_TYPE') throw error;
      return this.#reopen(value.retain());
    }
  }

  async #whenSubscribed(value: PvObject): Promise<void> {
    await new Promise<void>((resolve) => (this.#onSubscriber = resolve));
    try {
      await this.#offer(value);
    } catch (error) {
      this.#failed(value, error);
    } finally {
      value.release();
    }
  }

  /** Clients are disconnected by the new type, so they get what is left for them before. */
  async #reopen(value: PvObject): Promise<void> {
    const { channel: name, logger } = this.#options;
    logger.warn(`${name}: the type of the objects has changed; clients reconnect`);
    this.#isReopening = true;
    const awaitsSubscriber = this.#options.awaitsSubscriber === true; // what is posted may come before it has started
    const before = this.#running();
    if (this.#channel !== undefined) await flushed([this.#channel], REOPEN_S, awaitsSubscriber);
    if (!awaitsSubscriber) {
      this.#channel?.open(value);
      await this.#comeBack(before);
    } else {
      this.#hasSubscriber = false; // those that there are have the type before
      this.#channel?.open(value.type);
      await this.#whenSubscribed(value.retain());
    }
    this.#isReopening = false;
    value.release();
  }

  /** Clients search for the channel anew, and are shown the object that it holds: those behind it wait for them. */
  async #comeBack(count: number): Promise<void> {
    const until = performance.now() + COME_BACK_S * 1000;
    while (this.#running() < count && performance.now() < until) await sleep(POLL_MS);
  }

  /** Subscribers that take what there is. */
  #running(): number {
    return this.#channel?.stats().subscribers.filter(({ running }) => running).length ?? 0;
  }

  async #drain(pending: Promise<void>): Promise<void> {
    await pending;
    this.#waiting = undefined;
    while (this.#waiting === undefined && this.#backlog.length > 0) {
      const value = this.#backlog.shift() as PvObject;
      this.#post(value);
      value.release();
    }
    await (this.#waiting as Promise<void> | undefined); // one of those that were waiting had to wait again
  }

  /** With the policy `fail`, and but for the time in which the channel gets another type. */
  get #failsWhenFull(): boolean {
    return this.#options.onFull === 'fail' && !this.#isReopening;
  }

  #overflow(value: PvObject): void {
    const { channel, onOverflow } = this.#options;
    const subscribers = this.#channel?.stats().subscribers ?? [];
    const { peer = 'a subscriber' } = subscribers.toSorted((a, b) => b.queued - a.queued)[0] ?? {};
    const error = overflowError(channel, `the queue of ${peer}`);
    this.#failed(value, error);
    onOverflow(error);
  }

  #failed(value: PvObject, error: unknown): void {
    this.errors += 1;
    const message = messageOf(error);
    this.#options.onError(value, message);
    this.#repeats.note(message, (times) =>
      this.#options.logger.error(`${this.#options.channel}: not published${times}: ${message}`),
    );
  }
}
