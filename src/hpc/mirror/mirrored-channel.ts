import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { Pipeline, type PipelineStats } from '../../pipeline/pipeline.js';
import type { PvaChannel } from '../../pva/channel.js';
import type { OnFull } from '../../pva/on-full.js';
import type { PvaServer } from '../../pva/server.js';
import { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import type { UpdateStream } from '../../pva/update-stream.js';
import { arrived, flushed } from '../flush.js';
import { IdTracker } from '../ids/id-tracker.js';
import { Repeats } from '../repeats.js';
import { giveUpWhenStalled } from '../stall.js';
import type { MirrorEntry } from './channel-map.js';
import { MirrorSource } from './mirror-source.js';
import { Presence } from './presence.js';

/** Counters of one mirrored channel; the first two have the names that pvaPy's have. */
export interface MirrorFigures {
  /** Updates that came from the source. */
  nReceived: number;
  /** Updates that were lost between the source and here, as far as its server tells. */
  nOverruns: number;
  /** Frames that never came, by their ids; 0 where updates have none. */
  nMissed: number;
  nPublished: number;
  /** Updates that could not be published. */
  nErrors: number;
  /** Updates that slow subscribers lost by the policy. */
  nDropped: number;
  /** How often the source went away. */
  nLosses: number;
  subscribers: number;
  isConnected: boolean;
}

export interface MirroredChannelOptions {
  readonly entry: MirrorEntry;
  readonly server: PvaServer;
  readonly onFull: OnFull;
  readonly queue: { readonly frames: number; readonly bytes: number };
  /** Opens one monitor of the source. */
  readonly open: () => UpdateStream;
  readonly overruns: (stream: UpdateStream) => number;
  readonly logger: Logger;
}

/** `alarm_t` of a value whose source is not there: INVALID, by the client. */
const SEVERITY_INVALID = 3;
const STATUS_CLIENT = 7;
/** What is on its way through: updates stay with the source until there is room here. */
const IN_FLIGHT = { items: 64, bytes: 32 * 2 ** 20, onFull: 'wait' } as const;
/** Subscribers that have not fetched what is left for them in this time lose it when the type changes. */
const REOPEN_S = 5;

/**
 * A channel that shows what another one does: a pipeline from the monitors of the source to a served channel. When the
 * source goes away its last value stays, with an INVALID alarm that says so; when it comes with another type, clients
 * reconnect.
 */
export class MirroredChannel {
  readonly #options: MirroredChannelOptions;
  readonly #presence = new Presence();
  readonly #sources: readonly MirrorSource[];
  readonly #pipeline: Pipeline<PvObject>;
  readonly #repeats = new Repeats();
  /** Values with which the source came: their type may be another one. */
  readonly #firsts = new Set<PvObject>();
  /** Of all monitors of the source: what one has missed another may bring. */
  readonly #ids = new IdTracker({ offset: 1, sequentialUpdates: 1 });
  #channel: PvaChannel | undefined;
  #type: PvType | undefined;
  #published = 0;
  #errors = 0;

  constructor(options: MirroredChannelOptions) {
    this.#options = options;
    const { entry } = options;
    this.#sources = Array.from({ length: entry.monitors }, () => this.#newSource());
    this.#pipeline = new Pipeline<PvObject>({
      sources: this.#sources.map((source, at) => ({
        name: `${entry.source} ${at + 1}`,
        source,
        queue: { ...IN_FLIGHT, sizeOf: (object) => object.bytes },
      })),
      processors: [],
      sink: { write: (object) => this.#write(object) },
      observer: { onFailed: (_object, _stage, error) => this.#failed(error) },
      release: (object) => object.release(),
    });
  }

  get name(): string {
    return this.#options.entry.mirror;
  }

  get isConnected(): boolean {
    return this.#presence.isHere;
  }

  start(): void {
    this.#pipeline.start();
  }

  /** Takes no more from the source and publishes what has come; subscribers get some time to fetch it. */
  async drain(seconds: number): Promise<void> {
    using _watch = giveUpWhenStalled(this.#pipeline, seconds, this.#options.logger);
    await this.#pipeline.drain();
    if (this.#channel !== undefined) await arrived([this.#channel], seconds);
  }

  abort(): void {
    this.#pipeline.stop();
  }

  /** The account of all that came, the values that tell of a loss included. */
  pipelineStats(): PipelineStats {
    return this.#pipeline.stats();
  }

  figures(): MirrorFigures {
    const sum = (of: (source: MirrorSource) => number) => this.#sources.reduce((total, each) => total + of(each), 0);
    return {
      nReceived: sum((source) => source.figures().received - source.skipped),
      nOverruns: sum((source) => source.figures().overruns),
      nMissed: this.#ids.missed,
      nPublished: this.#published,
      nErrors: this.#errors,
      nDropped: this.#channel?.stats().dropped ?? 0,
      nLosses: this.#presence.losses,
      subscribers: this.#channel?.subscribers ?? 0,
      isConnected: this.isConnected,
    };
  }

  #newSource(): MirrorSource {
    const { entry, open, overruns, logger } = this.#options;
    return new MirrorSource({
      name: `${entry.provider}://${entry.source}`,
      open,
      presence: this.#presence,
      onHere: (value) => this.#onHere(value),
      onUpdate: (value) => this.#noteId(value),
      onLost: () => this.#onLost(),
      overruns,
      logger,
    });
  }

  #onHere(value: PvObject): void {
    const { entry, logger } = this.#options;
    logger.info(`${entry.mirror}: ${entry.source} is here${this.#presence.losses > 0 ? ' again' : ''}`);
    if (this.#presence.losses > 0) this.#ids.sourceCameBack();
    this.#firsts.add(value);
    this.#type = value.type;
    // what is shown now may be the alarm of the loss, and the server need not send its own if there is none
    if (this.#presence.losses > 0 && value.has('alarm.severity')) value.set('alarm', value.get('alarm'));
  }

  #noteId(value: PvObject): void {
    if (!value.has('uniqueId')) return;
    const id = value.get('uniqueId');
    if (typeof id !== 'number' && typeof id !== 'bigint') return;
    const missed = this.#ids.missed;
    this.#ids.note(Number(id));
    if (this.#ids.missed > missed && missed === 0)
      this.#options.logger.warn(`${this.name}: frames were lost before they came here; nMissed counts them`);
  }

  #onLost(): PvObject | undefined {
    const { entry, logger } = this.#options;
    logger.warn(`${entry.mirror}: ${entry.source} went away; its last value stays, with an INVALID alarm`);
    if (this.#type === undefined) return undefined;
    const shown = new PvObject(this.#type);
    if (!shown.has('alarm.severity')) return undefined;
    const message = `${entry.provider}://${entry.source} is not connected`;
    return shown.set('alarm', { severity: SEVERITY_INVALID, status: STATUS_CLIENT, message });
  }

  /** A promise holds the source back until every subscriber has room. */
  #write(object: PvObject): void | Promise<void> {
    const channel = this.#channel;
    const isFirst = this.#firsts.delete(object);
    if (channel !== undefined && isFirst)
      return channel.type?.equals(object.type) === true
        ? this.#showAgain(channel, object)
        : this.#serveAnew(channel, object);
    return channel === undefined ? this.#serve(object) : this.#post(channel, object);
  }

  #serve(object: PvObject): void {
    const { entry, server, onFull, queue } = this.#options;
    this.#channel = server.addChannel(entry.mirror, object, { onFull, queue });
    this.#published += 1;
  }

  /**
   * The source is there again. A value that the mirror shows already is not sent as if it were another; and where clients share
   * the updates, a value goes to one of them, but its alarm to all.
   */
  async #showAgain(channel: PvaChannel, object: PvObject): Promise<void> {
    const isNew = !isSame(object, channel.value);
    if (isNew) await this.#post(channel, object);
    const isShared = channel.stats().groups.length > 0;
    if (object.has('alarm.severity') && (isShared || !isNew)) await this.#post(channel, alarmOf(object));
  }

  #post(channel: PvaChannel, object: PvObject): void | Promise<void> {
    this.#published += 1;
    return channel.post(object);
  }

  /** Clients are disconnected by the new type, so they get what is left for them before. */
  async #serveAnew(channel: PvaChannel, object: PvObject): Promise<void> {
    this.#options.logger.warn(`${this.name}: the type has changed; clients reconnect`);
    await flushed([channel], REOPEN_S);
    channel.open(object);
    this.#published += 1;
  }

  #failed(error: unknown): void {
    this.#errors += 1;
    const message = messageOf(error);
    this.#repeats.note(message, (times) =>
      this.#options.logger.error(`${this.name}: not published${times}: ${message}`),
    );
  }
}

/** An update that brings the alarm of an object alone. */
function alarmOf(object: PvObject): PvObject {
  return new PvObject(object.type).set('alarm', object.get('alarm'));
}

/** Whether two values are of the same time, and have the same id where there are ids. */
function isSame(one: PvObject, other: PvObject | null): boolean {
  const key = (object: PvObject) =>
    ['uniqueId', 'timeStamp'].map((path) => (object.has(path) ? object.get(path) : null));
  const [id, time] = key(one);
  const isMarked = id !== null || Object.values(time ?? {}).some((part) => Number(part) !== 0);
  return isMarked && other !== null && isDeepStrictEqual([id, time], key(other));
}
