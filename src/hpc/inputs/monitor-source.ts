import type { PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { MonitorEvent, UpdateStream } from '../../pva/update-stream.js';
import type { Admission, Input, InputFigures } from './input.js';

export interface MonitorSourceOptions<S extends UpdateStream> {
  /** Called at once, and again when the server has ended the stream, or refuses it after it had accepted: it may be back. */
  readonly subscribe: () => S;
  readonly channel: string;
  readonly intake: Admission;
  readonly logger: Logger;
  /** Called whenever the server of the channel is there, or gone. */
  readonly onConnection?: ((isConnected: boolean) => void) | undefined;
  /** Whether a server that refuses from the beginning is asked again, too. False if not given. */
  readonly persists?: boolean | undefined;
  /** Called when nothing can follow: the server refused what no server has accepted before. */
  readonly onEnd: (error: PvaflowError) => void;
  /** Updates that somebody squashed or dropped before they could be taken, since the subscription was made. */
  readonly overruns: (subscription: S) => number;
  /** What people should know of a server that has just been connected, when there is something. */
  readonly remark?: (subscription: S) => string | undefined;
  /** Whether the server belongs to a parent process, which tells of it when it dies: that it ends is no warning. */
  readonly isOurs?: boolean;
  /** Where the channel is looked for, for messages to people. */
  readonly describeSearch: () => string;
}

/** Some servers end their streams when they are shut down, or refuse while they come up: they are asked again after this long. */
const ASK_AGAIN_MS = 1000;

/**
 * The updates of a monitored channel as a source of objects; connection and disconnection are told apart. A server that goes
 * away is waited for, also one that ends the stream as it goes, or refuses for a time what it has accepted before.
 */
export class MonitorSource<S extends UpdateStream = UpdateStream> implements Input {
  isConnected = false;
  readonly #options: MonitorSourceOptions<S>;
  #subscription: S;
  /** Figures of the subscriptions before this one. */
  readonly #before = { received: 0, bytes: 0, overruns: 0 };
  #onReadable = () => {};
  #askAgain: NodeJS.Timeout | undefined;
  #errors = 0;
  #lostAt = 0;
  #wasEverConnected = false;
  /** Why the server refused last, since it was there last. */
  #refusal: string | undefined;
  #overrunsAtReset = 0;

  constructor(options: MonitorSourceOptions<S>) {
    this.#options = options;
    this.#subscription = options.subscribe();
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
    this.#subscription.onReadable(onReadable);
  }

  /** Gives objects alone; events about the connection are dealt with here. */
  take(max: number): PvObject[] {
    const { intake } = this.#options;
    const objects: PvObject[] = [];
    while (objects.length === 0) {
      const events = this.#subscription.take(max);
      if (events.length === 0) return objects;
      for (const event of events)
        if (event.type !== 'update') this.#onEvent(event);
        else if (intake.admit(event.value)) objects.push(event.value);
    }
    return objects;
  }

  pause(): void {
    clearTimeout(this.#askAgain);
    this.#subscription.pause();
  }

  close(): void {
    clearTimeout(this.#askAgain);
    this.#subscription.close();
  }

  get isFound(): boolean {
    return this.isConnected || this.#subscription.stats().isFound === true;
  }

  figures(): InputFigures {
    const { received, bytes } = this.#subscription.stats();
    const { received: receivedBefore, bytes: bytesBefore } = this.#before;
    const overruns = this.#overruns() - this.#overrunsAtReset;
    return { received: receivedBefore + received, bytes: bytesBefore + bytes, errors: this.#errors, overruns };
  }

  resetStats(): void {
    this.#errors = 0;
    this.#overrunsAtReset = this.#overruns();
  }

  describeSearch(): string {
    return this.#options.describeSearch();
  }

  #onEvent(event: Exclude<MonitorEvent, { type: 'update' }>): void {
    switch (event.type) {
      case 'connected':
        return this.#onConnected();
      case 'disconnected':
        return this.#onDisconnected();
      case 'finished':
        this.#onDisconnected();
        return this.#askLater();
      case 'error':
        return this.#onRefused(event.error);
    }
  }

  #onConnected(): void {
    const { channel, logger, intake } = this.#options;
    this.isConnected = this.#wasEverConnected = true;
    this.#refusal = undefined;
    this.#options.onConnection?.(true);
    const remark = this.#options.remark?.(this.#subscription);
    const end = remark === undefined ? '' : `; ${remark}`;
    if (this.#lostAt === 0) return logger.info(`${channel}: connected${end}`);
    const away = ((performance.now() - this.#lostAt) / 1000).toFixed(1);
    logger.info(`${channel}: connected again, after ${away} s${end}`);
    intake.sourceCameBack();
  }

  #overruns(): number {
    return this.#before.overruns + this.#options.overruns(this.#subscription);
  }

  /** A type without the fields that are asked for may be that of a server which has not found its own yet. */
  #onRefused(error: PvaflowError): void {
    const { logger, onEnd, persists = false } = this.#options;
    this.#errors += 1;
    if (!this.#wasEverConnected && !persists) return onEnd(error);
    if (this.isConnected) this.#onDisconnected();
    if (error.message !== this.#refusal) logger.error(`${error.message}; asking again every ${ASK_AGAIN_MS / 1000} s`);
    this.#refusal = error.message;
    this.#askLater();
  }

  #askLater(): void {
    this.#askAgain = setTimeout(() => this.#subscribeAgain(), ASK_AGAIN_MS);
  }

  #subscribeAgain(): void {
    const { received, bytes } = this.#subscription.stats();
    this.#before.overruns = this.#overruns();
    this.#before.received += received;
    this.#before.bytes += bytes;
    this.#subscription.close();
    this.#subscription = this.#options.subscribe();
    this.#subscription.onReadable(this.#onReadable);
  }

  #onDisconnected(): void {
    const { channel, logger, intake, isOurs = false } = this.#options;
    this.isConnected = false;
    this.#lostAt = performance.now();
    this.#options.onConnection?.(false);
    const after = `after id ${intake.lastId ?? 'none'}`;
    if (isOurs) logger.info(`${channel}: disconnected ${after}`);
    else logger.warn(`${channel}: its server went away ${after}; waiting for it to come back`);
  }
}
