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
  /** Objects wait while nobody subscribes. */
  readonly awaitsSubscriber?: boolean;
  readonly logger: Logger;
  /** Told of each object that could not be published. */
  readonly onError: OutputContext['onError'];
  readonly onOverflow: OutputContext['onOverflow'];
}

/** Subscribers that have not fetched what is left for them in this time lose it when the type changes. */
const REOPEN_S = 5;
/** For so long those that a type has disconnected are waited for. */
const COME_BACK_S = 10;
const POLL_MS = 5;

/** So many objects may wait for a subscriber with `wait`. A processor is held back at once, what its timers publish is not. */
const MAX_BACKLOG = 1000;
const BACKLOG_FULL = `${MAX_BACKLOG} objects wait for a subscriber already`;

/**
 * Publishes what processors hand over, in order. The channel is there from the beginning, without a type: clients that have found
 * it before the first object wait there, and get all.
 */
export class Publisher implements Output {
  published = 0;
  errors = 0;
  readonly #options: PublisherOptions;
  readonly #repeats = new Repeats();
  readonly #channel: PvaChannel;
  /** Objects that were published while a subscriber had no room. As many as one call of `process` makes, or its timers. */
  #backlog: PvObject[] = [];
  #waiting: Promise<void> | undefined;
  #onSubscriber: () => void = () => {};
  /** Of the present type. */
  #hasSubscriber = false;
  /** The channel gets a type, or another one. */
  #isOpening = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { server, channel, onFull, queue, logger } = options;
    this.#channel = server.addChannel(channel, null, {
      onFull: onFull === 'fail' ? 'wait' : onFull, // as long as there is room it waits for nobody
      ...(queue === undefined ? {} : { queue }),
      onSubscribers: (count) => this.#onSubscribers(count),
      onDeparture: (departure) => logDeparture(logger, channel, departure),
    });
  }

  get channel(): PvaChannel {
    return this.#channel;
  }

  /**
   * Gives the channel its type, unless something that was published has done so. With an object, clients see it at once, as they
   * see the present value of any channel.
   */
  open(type: PvObject | PvType): void {
    const back = this.#channel.type === null ? this.#opened(type) : undefined;
    if (back !== undefined) this.#wait(back);
  }

  /** Clients that were there before connect anew. A promise says that there are some, and that objects have to wait for them. */
  #opened(type: PvObject | PvType): Promise<void> | undefined {
    const { waiting } = this.#channel.stats();
    this.#channel.open(type);
    return waiting > 0 && this.#options.awaitsSubscriber !== true ? this.#comeBack(waiting) : undefined;
  }

  #onSubscribers(count: number): void {
    this.#hasSubscriber = count > 0;
    if (this.#hasSubscriber) this.#onSubscriber();
  }

  get subscribers(): number {
    return this.#channel.subscribers;
  }

  /** Updates that slow subscribers lost by the policy of the channel. */
  get dropped(): number {
    return this.#channel.stats().dropped;
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
    await arrived([this.#channel], seconds);
  }

  #post(value: PvObject): void {
    try {
      const pending = this.#offer(value);
      this.published += 1;
      if (pending instanceof Promise) this.#wait(pending);
    } catch (error) {
      this.#failed(value, error);
    }
  }

  #wait(pending: Promise<void>): void {
    this.#waiting = this.#drain(pending);
    this.#waiting.catch(() => {}); // whoever waits for it sees the error; with `fail` nobody does
  }

  /**
   * Posts all fields: the object before may have been filtered, and what it changed must not be missing here. The first object
   * opens the channel, and one of another type opens it anew.
   */
  #offer(value: PvObject): Promise<void> | void {
    const back = this.#channel.type === null ? this.#opened(value.type) : undefined;
    if (back !== undefined) return this.#offerAfter(back, value.retain());
    if (this.#options.awaitsSubscriber === true && !this.#hasSubscriber) return this.#whenSubscribed(value.retain());
    try {
      return this.#channel.post(value.markChanged());
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'PVAFLOW_TYPE') throw error;
      return this.#reopen(value.retain());
    }
  }

  #whenSubscribed(value: PvObject): Promise<void> {
    return this.#offerAfter(new Promise((resolve) => (this.#onSubscriber = resolve)), value);
  }

  async #offerAfter(pending: Promise<void>, value: PvObject): Promise<void> {
    await pending;
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
    this.#isOpening = true;
    const awaitsSubscriber = this.#options.awaitsSubscriber === true; // what is posted may come before it has started
    const before = this.#running();
    await flushed([this.#channel], REOPEN_S, awaitsSubscriber);
    if (!awaitsSubscriber) {
      this.#channel.open(value);
      await this.#comeBack(before);
    } else {
      this.#hasSubscriber = false; // those that there are have the type before
      this.#channel.open(value.type);
      await this.#whenSubscribed(value.retain());
    }
    this.#isOpening = false;
    value.release();
  }

  /** Clients search for the channel anew, and are shown what it holds: objects behind that wait for them. */
  async #comeBack(count: number): Promise<void> {
    this.#isOpening = true;
    const until = performance.now() + COME_BACK_S * 1000;
    while (this.#running() < count && performance.now() < until) await sleep(POLL_MS);
    this.#isOpening = false;
  }

  /** Subscribers that take what there is. */
  #running(): number {
    return this.#channel.stats().subscribers.filter(({ running }) => running).length;
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
    return this.#options.onFull === 'fail' && !this.#isOpening;
  }

  #overflow(value: PvObject): void {
    const { channel, onOverflow } = this.#options;
    const { subscribers } = this.#channel.stats();
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
