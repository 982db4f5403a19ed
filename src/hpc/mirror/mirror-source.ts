import type { Logger } from '../../core/logger.js';
import type { Source } from '../../pipeline/interfaces.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { MonitorEvent, UpdateStream } from '../../pva/update-stream.js';
import type { Presence } from './presence.js';

export interface MirrorSourceOptions {
  /** For messages. */
  readonly name: string;
  /** Opens a monitor: the first one, and another one after the server has ended it or refused it. */
  readonly open: () => UpdateStream;
  /** Shared with the other monitors of the same source. */
  readonly presence: Presence;
  /** The source is here, with this value. */
  readonly onHere: (value: PvObject) => void;
  /** Each value that goes on from here, those among them. */
  readonly onUpdate: (value: PvObject) => void;
  /** The source went away: what to show from now on; undefined if there was no value yet. */
  readonly onLost: () => PvObject | undefined;
  /** Updates that this monitor lost, as far as they are known. */
  readonly overruns: (stream: UpdateStream) => number;
  readonly logger: Logger;
}

/** Figures of all monitors that were opened one after the other. */
interface Figures {
  received: number;
  overruns: number;
}

/** After this time a monitor that its server has ended is opened again. */
const RETRY_MS = 5_000;

/**
 * One monitor of a mirrored channel as a source of objects. Where several monitors share the updates, each is sent the
 * present value when it begins: that of the first is taken.
 */
export class MirrorSource implements Source<PvObject> {
  /** Present values that were not taken because another monitor brought them. */
  skipped = 0;
  readonly #options: MirrorSourceOptions;
  #stream: UpdateStream;
  readonly #past: Figures = { received: 0, overruns: 0 };
  #onReadable: (() => void) | undefined;
  #isConnected = false;
  /** What the next update is, after a connection: the value of the source, or one that is known already. */
  #next: 'here' | 'known' | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: MirrorSourceOptions) {
    this.#options = options;
    this.#stream = options.open();
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
    this.#stream.onReadable(onReadable);
  }

  take(max: number): PvObject[] {
    const objects: PvObject[] = [];
    while (objects.length === 0) {
      const events = this.#stream.take(max);
      if (events.length === 0) break;
      for (const event of events) this.#add(event, objects);
    }
    return objects;
  }

  pause(): void {
    clearTimeout(this.#retry);
    this.#stream.pause();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#stream.close();
  }

  figures(): Readonly<Figures> {
    const { received, overruns } = this.#past;
    return {
      received: received + this.#stream.stats().received,
      overruns: overruns + this.#options.overruns(this.#stream),
    };
  }

  #add(event: MonitorEvent, objects: PvObject[]): void {
    switch (event.type) {
      case 'update':
        return this.#update(event.value, objects);
      case 'connected':
        this.#isConnected = true;
        this.#next = this.#options.presence.enter() ? 'here' : 'known';
        return;
      case 'disconnected':
        return this.#leave(objects);
      case 'finished':
        return this.#openAgain('the server has ended the stream', objects);
      case 'error':
        return this.#openAgain(event.error.message, objects);
    }
  }

  #update(value: PvObject, objects: PvObject[]): void {
    const next = this.#next;
    this.#next = undefined;
    if (next === 'known') {
      this.skipped += 1;
      return value.release();
    }
    if (next === 'here') this.#options.onHere(value);
    this.#options.onUpdate(value);
    objects.push(value);
  }

  #leave(objects: PvObject[]): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    if (!this.#options.presence.leave()) return;
    const shown = this.#options.onLost();
    if (shown !== undefined) objects.push(shown);
  }

  #openAgain(why: string, objects: PvObject[]): void {
    const { name, logger, open } = this.#options;
    logger.error(`${name}: ${why}; trying again in ${RETRY_MS / 1000} s`);
    this.#leave(objects);
    const { received, overruns } = this.figures();
    this.#stream.close();
    this.#retry = setTimeout(() => {
      Object.assign(this.#past, { received, overruns });
      this.#stream = open();
      if (this.#onReadable !== undefined) this.#stream.onReadable(this.#onReadable);
    }, RETRY_MS);
  }
}
