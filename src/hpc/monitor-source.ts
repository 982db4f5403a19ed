import type { PvaflowError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Source } from '../pipeline/interfaces.js';
import type { MonitorEvent, Subscription, SubscriptionStats } from '../pva/subscription.js';
import type { PvObject } from '../pva/pv-object.js';
import { idTypeOf, readId } from './id-reader.js';
import type { IdTracker } from './id-tracker.js';
import { Repeats } from './repeats.js';

export interface MonitorSourceOptions {
  readonly subscription: Subscription;
  readonly channel: string;
  readonly ids: IdTracker;
  readonly idField: string;
  readonly skipInitialUpdates: number;
  readonly logger: Logger;
  /** Called with the first object of all, also if it is skipped. */
  readonly onFirst: (object: PvObject) => void;
  /** Called when nothing can follow: the server has no more, or, with an error, refused. */
  readonly onEnd: (error: PvaflowError | undefined) => void;
}

/** The updates of a monitored channel as a source of events: connection is told apart, ids are checked on the way. */
export class MonitorSource implements Source<PvObject> {
  skipped = 0;
  errors = 0;
  isConnected = false;
  /** How many updates are still to be skipped. */
  toSkip: number;
  readonly #options: MonitorSourceOptions;
  readonly #repeats = new Repeats();
  /** Ids are read once an object showed that they are there. */
  #hasIds: boolean | undefined;
  #lostAt = 0;
  #isFirstOfConnection = false;
  #overrunsAtReset = 0;

  constructor(options: MonitorSourceOptions) {
    this.#options = options;
    this.toSkip = options.skipInitialUpdates;
  }

  start(onReadable: () => void): void {
    this.#options.subscription.onReadable(onReadable);
  }

  /** Gives frames alone; events about the connection are dealt with here. */
  take(max: number): PvObject[] {
    const frames: PvObject[] = [];
    while (frames.length === 0) {
      const events = this.#options.subscription.take(max);
      if (events.length === 0) return frames;
      for (const event of events)
        if (event.type === 'update') this.#onUpdate(event.value, frames);
        else this.#onEvent(event);
    }
    return frames;
  }

  pause(): void {
    this.#options.subscription.pause();
  }

  close(): void {
    this.#options.subscription.close();
  }

  subscriptionStats(): SubscriptionStats {
    return this.#options.subscription.stats();
  }

  /** Updates that the server squashed, or the client library did, because a queue was full: seen by nobody. */
  get overruns(): number {
    const { overruns, clientSquashed } = this.#options.subscription.stats();
    return overruns + clientSquashed - this.#overrunsAtReset;
  }

  resetStats(): void {
    this.skipped = this.errors = 0;
    this.#overrunsAtReset += this.overruns;
  }

  /** The id of an object; undefined when objects of this channel have none. */
  idOf(object: PvObject): number | undefined {
    return this.#hasIds === true ? readId(object, this.#options.idField) : undefined;
  }

  #onUpdate(object: PvObject, frames: PvObject[]): void {
    if (this.#hasIds === undefined) this.#onFirst(object);
    const id = this.idOf(object);
    if (this.toSkip > 0) this.#skip(object, id);
    else if (this.#isStale(id)) this.#discard(object);
    else {
      if (id !== undefined) this.#note(id);
      frames.push(object);
    }
    this.#isFirstOfConnection = false;
  }

  #note(id: number): void {
    const { ids, logger, channel } = this.#options;
    const missedBefore = ids.missed;
    const lastId = ids.lastId;
    const kind = ids.note(id);
    if (kind === 'next' || kind === 'first' || kind === 'late') return;
    const missed = ids.missed - missedBefore;
    const what =
      kind === 'gap' ? `${missed} frames missed between ids ${lastId} and ${id}` : `id ${id} after ${lastId}: ${kind}`;
    this.#repeats.note(kind, (times) =>
      logger.warn(`${channel}: ${what}${times > 1 ? ` (${times} times like this)` : ''}`),
    );
  }

  #skip(object: PvObject, id: number | undefined): void {
    this.toSkip -= 1;
    if (id !== undefined) this.#options.ids.skip(id);
    this.#discard(object);
  }

  #discard(object: PvObject): void {
    this.skipped += 1;
    object.release();
  }

  /**
   * A server sends its current value to whoever connects. After a reconnection that is the frame we had last, or, from a
   * server that was restarted, the empty record that no frame was put into yet.
   */
  #isStale(id: number | undefined): boolean {
    const { ids } = this.#options;
    return this.#isFirstOfConnection && ids.lastId !== undefined && (id === ids.lastId || id === 0);
  }

  #onFirst(object: PvObject): void {
    const { idField, ids, channel, logger, onFirst } = this.#options;
    const type = idTypeOf(object.type, idField);
    this.#hasIds = type !== undefined;
    if (type !== undefined) ids.type = type;
    else
      logger.warn(
        `${channel} has no number in the field ${idField}: missed frames cannot be told. Name its id with --oid-field`,
      );
    onFirst(object);
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
        this.errors += 1;
        return onEnd(event.error);
    }
  }

  #onConnected(): void {
    const { channel, logger, ids } = this.#options;
    this.isConnected = true;
    if (this.#lostAt === 0) return logger.info(`${channel}: connected`);
    logger.info(`${channel}: connected again, after ${((performance.now() - this.#lostAt) / 1000).toFixed(1)} s`);
    ids.sourceCameBack();
    this.#isFirstOfConnection = true;
  }

  #onDisconnected(): void {
    const { channel, logger, ids } = this.#options;
    this.isConnected = false;
    this.#lostAt = performance.now();
    logger.warn(`${channel}: its server went away after id ${ids.lastId ?? 'none'}; waiting for it to come back`);
  }
}
