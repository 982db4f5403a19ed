import { getLogger, type Logger } from '../../core/logger.js';
import { messageOf } from '../../core/errors.js';
import { wallClock } from '../../core/wall-clock.js';
import { systemClock } from '../../pipeline/clock.js';
import type { PvaChannel } from '../../pva/channel.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { PvaServer } from '../../pva/server.js';
import { logDeparture } from '../departures.js';
import { arrived } from '../flush.js';
import { FileSupply } from './file-supply.js';
import { FrameStore } from './frame-store.js';
import type { FrameSupply } from './frame-supply.js';
import { SimMetadata } from './metadata.js';
import { notifyChannel } from './notify.js';
import { Pacer } from './pacer.js';
import type { SimConfig } from './sim-config.js';

/** What the simulator has published. Times are in milliseconds of a clock that never goes back. */
export interface SimFigures {
  readonly published: number;
  /** Of data, in all frames. */
  readonly publishedBytes: number;
  /** From the first to the last frame. */
  readonly elapsedMs: number;
  readonly rate: number;
  readonly dropped: number;
  readonly subscribers: number;
  /** How often the next frame was due and not read yet. */
  readonly waits: number;
  /** Files that could not be read. */
  readonly badFiles: number;
}

/** A timer cannot wait longer; after this long it is asked again what is due. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** At the end subscribers that take nothing for this long are given up. */
const FLUSH_S = 5;

/** With nobody there to hold it back, a simulator without a rate goes no faster than one batch in this time. */
const IDLE_PAUSE_MS = 1;

/** Serves a channel with generated images, or those of files, at a given rate or as fast as they are taken. */
export class SimServer {
  readonly logger: Logger = getLogger('sim-server');
  /** Resolves when everything is published; rejects when that is impossible. */
  readonly ended: Promise<void>;
  readonly #supply: FrameSupply;
  readonly #server: PvaServer;
  readonly #channel: PvaChannel;
  readonly #metadata: SimMetadata;
  #pacer: Pacer | undefined;
  #published = 0;
  #bytes = 0;
  #waits = 0;
  #firstAt = 0;
  /** The time of the last frame, in nanoseconds since 1970. */
  #timedAt = 0;
  #lastAt = 0;
  #isOver = false;
  #isReady = false;
  #settleEnded!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(readonly config: SimConfig) {
    const { input } = config;
    this.#supply = input === undefined ? new FrameStore(config) : new FileSupply(config, input, this.logger);
    this.#server = new PvaServer(config.server);
    const { channel, onFull, queue } = config;
    try {
      this.#channel = this.#server.addChannel(channel, new NtNdArray(), {
        onFull,
        queue,
        onSubscribers: () => this.#mayBegin(),
        onDeparture: (departure) => logDeparture(this.logger, channel, departure),
      });
      this.#metadata = new SimMetadata(config.metadata, this.#server, onFull);
    } catch (error) {
      this.#server.close();
      throw error;
    }
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
  }

  /** `10 different frames of 16 × 8 uint8 (128 bytes)`; of files, once it is started. */
  describeFrames(): string {
    return this.#supply.describe();
  }

  /** For `new PvaClient(...)`: reaches the channels of this simulator, and no others. */
  clientConfig(): ReturnType<PvaServer['clientConfig']> {
    return this.#server.clientConfig();
  }

  /** Draws or reads the frames, tells who is to be told, and begins after the delay. */
  async start(): Promise<void> {
    await this.#metadata.start(this.config.caServer, (error) => this.#settleEnded.reject(error));
    await this.#supply.prepare();
    if (this.config.notify !== undefined) await this.#notify(this.config.notify);
    if (this.config.startDelay > 0) await new Promise((resolve) => setTimeout(resolve, this.config.startDelay * 1000));
    this.#isReady = true;
    this.#mayBegin();
  }

  /** Publishes no more, leaves the subscribers time to fetch what is left for them, and closes the server. */
  async stop(): Promise<void> {
    this.#end();
    await this.#supply.close();
    await arrived([this.#channel, ...this.#metadata.channels], FLUSH_S);
    if (this.config.shutdownDelay > 0)
      await new Promise((resolve) => setTimeout(resolve, this.config.shutdownDelay * 1000));
    await this.#metadata.close();
    this.#server.close();
  }

  figures(): SimFigures {
    const elapsedMs = this.#lastAt - this.#firstAt;
    const { subscribers, dropped } = this.#channel.stats();
    return {
      published: this.#published,
      publishedBytes: this.#bytes,
      elapsedMs,
      rate: elapsedMs > 0 ? ((this.#published - 1) * 1000) / elapsedMs : 0,
      dropped,
      subscribers: subscribers.length,
      waits: this.#waits,
      badFiles: this.#supply.skipped.files,
    };
  }

  #mayBegin(): void {
    if (!this.#isReady || this.#pacer !== undefined || this.#isOver) return;
    if (this.#channel.subscribers < this.config.awaitSubscribers) return;
    this.#pacer = new Pacer(this.config.rate, systemClock);
    this.#firstAt = systemClock.now();
    this.#publishDue();
  }

  /** Publishes what is due and sees to it that it is called again. */
  #publishDue(): void {
    if (this.#isOver || this.#pacer === undefined) return;
    let pending: Promise<void> | undefined;
    try {
      pending = this.#isStarved
        ? this.#starved()
        : this.#publish(this.#pacer.take(Math.min(this.#left(), this.#supply.available)));
    } catch (error) {
      this.#settleEnded.reject(error);
      return;
    }
    if (this.#left() <= 0 || systemClock.now() - this.#firstAt >= this.config.runtime * 1000) return this.#end();
    if (pending === undefined) this.#schedule();
    else void pending.then(() => this.#publishDue()).catch((error: unknown) => this.#settleEnded.reject(error));
  }

  /** A frame is due, and none has been read. */
  get #isStarved(): boolean {
    return this.#supply.available === 0 && !this.#supply.isOver && this.#pacer?.untilNext() === 0;
  }

  #starved(): Promise<void> {
    this.#waits++;
    return this.#supply.more();
  }

  #schedule(): void {
    const wait = this.#pacer?.untilNext() ?? 0;
    if (wait > 0) setTimeout(() => this.#publishDue(), Math.min(MAX_TIMER_MS, Math.max(1, wait)));
    else if (this.#channel.subscribers === 0) setTimeout(() => this.#publishDue(), IDLE_PAUSE_MS);
    else setImmediate(() => this.#publishDue());
  }

  /** How many frames may still be published. */
  #left(): number {
    if (this.#supply.isOver) return 0;
    return (this.config.count > 0 ? this.config.count : Infinity) - this.#published;
  }

  #publish(count: number): Promise<void> | undefined {
    if (count === 0) return undefined;
    const { frames, bytes, isUniform } = this.#supply.take(count);
    if (frames.length === 0) return undefined;
    const times = this.#timesOf(frames.length);
    this.#metadata.publish(times); // first, as pvaPy does: over Channel Access it takes longer
    const whole = this.#published === 0 || !isUniform;
    const pending = this.#channel.postFrames(frames, this.#published + 1, times, { whole });
    this.#published += frames.length;
    this.#bytes += bytes;
    this.#lastAt = systemClock.now();
    return pending instanceof Promise ? pending : undefined;
  }

  /**
   * The times of the frames of a batch: those of the grid, or, where frames are sent faster, spread over the time since the last
   * batch, so that no two are equal and none is before the one before it.
   */
  #timesOf(count: number): BigInt64Array {
    const times = new BigInt64Array(count);
    const now = wallClock() * 1e6;
    const grid = 1e9 / Math.max(this.config.rate, 1);
    const step = now > this.#timedAt ? Math.min(grid, (now - this.#timedAt) / count) : grid; // the clock was set back
    this.#timedAt = now;
    for (let i = 0; i < count; i++) times[i] = BigInt(Math.round(now - (count - 1 - i) * step));
    return times;
  }

  async #notify({ channel, value }: { channel: string; value: string }): Promise<void> {
    try {
      await notifyChannel(channel, value, this.config);
      this.logger.info(`set ${channel} to ${value}`);
    } catch (error) {
      this.logger.error(`cannot set ${channel} to ${value}: ${messageOf(error)}`);
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#settleEnded.resolve();
  }
}
