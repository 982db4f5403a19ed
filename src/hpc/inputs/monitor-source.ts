import type { PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { MonitorEvent, UpdateStream } from '../../pva/update-stream.js';
import type { Admission, Input, InputFigures } from './input.js';

export interface MonitorSourceOptions {
  readonly subscription: UpdateStream;
  readonly channel: string;
  readonly intake: Admission;
  readonly logger: Logger;
  /** Called whenever the server of the channel is there, or gone. */
  readonly onConnection?: ((isConnected: boolean) => void) | undefined;
  /** Called when nothing can follow: the server has no more, or, with an error, refused. */
  readonly onEnd: (error: PvaflowError | undefined) => void;
  /** Updates that somebody squashed or dropped before they could be taken, since the subscription was made. */
  readonly overruns: () => number;
  /** Where the channel is looked for, for messages to people. */
  readonly describeSearch: () => string;
}

/** The updates of a monitored channel as a source of objects; connection and disconnection are told apart. */
export class MonitorSource implements Input {
  isConnected = false;
  readonly #options: MonitorSourceOptions;
  #errors = 0;
  #lostAt = 0;
  #overrunsAtReset = 0;

  constructor(options: MonitorSourceOptions) {
    this.#options = options;
  }

  start(onReadable: () => void): void {
    this.#options.subscription.onReadable(onReadable);
  }

  /** Gives objects alone; events about the connection are dealt with here. */
  take(max: number): PvObject[] {
    const { subscription, intake } = this.#options;
    const objects: PvObject[] = [];
    while (objects.length === 0) {
      const events = subscription.take(max);
      if (events.length === 0) return objects;
      for (const event of events)
        if (event.type !== 'update') this.#onEvent(event);
        else if (intake.admit(event.value)) objects.push(event.value);
    }
    return objects;
  }

  pause(): void {
    this.#options.subscription.pause();
  }

  close(): void {
    this.#options.subscription.close();
  }

  figures(): InputFigures {
    const { received, bytes } = this.#options.subscription.stats();
    return { received, bytes, errors: this.#errors, overruns: this.#options.overruns() - this.#overrunsAtReset };
  }

  resetStats(): void {
    this.#errors = 0;
    this.#overrunsAtReset = this.#options.overruns();
  }

  describeSearch(): string {
    return this.#options.describeSearch();
  }

  #onEvent(event: Exclude<MonitorEvent, { type: 'update' }>): void {
    const { channel, logger, onEnd } = this.#options;
    switch (event.type) {
      case 'connected':
        return this.#onConnected();
      case 'disconnected':
        return this.#onDisconnected();
      case 'finished':
        logger.info(`${channel}: the server has ended the stream`);
        return onEnd(undefined);
      case 'error':
        this.#errors += 1;
        return onEnd(event.error);
    }
  }

  #onConnected(): void {
    const { channel, logger, intake } = this.#options;
    this.isConnected = true;
    this.#options.onConnection?.(true);
    if (this.#lostAt === 0) return logger.info(`${channel}: connected`);
    logger.info(`${channel}: connected again, after ${((performance.now() - this.#lostAt) / 1000).toFixed(1)} s`);
    intake.sourceCameBack();
  }

  #onDisconnected(): void {
    const { channel, logger, intake } = this.#options;
    this.isConnected = false;
    this.#lostAt = performance.now();
    this.#options.onConnection?.(false);
    logger.warn(`${channel}: its server went away after id ${intake.lastId ?? 'none'}; waiting for it to come back`);
  }
}
