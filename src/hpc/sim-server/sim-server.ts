import { getLogger, type Logger } from '../../core/logger.js';
import { messageOf } from '../../core/errors.js';
import { systemClock } from '../../pipeline/clock.js';
import type { PvaChannel } from '../../pva/channel.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { PvaServer } from '../../pva/server.js';
import { logDeparture } from '../departures.js';
import { arrived } from '../flush.js';
import { FrameStore } from './frame-store.js';
import { SimMetadata } from './metadata.js';
import { notifyChannel } from './notify.js';
import { Pacer } from './pacer.js';
import type { SimConfig } from './sim-config.js';

/** What the simulator has published. Times are in milliseconds of a clock that never goes back. */
export interface SimFigures {
  readonly published: number;
  readonly bytesPerFrame: number;
  /** From the first to the last frame. */
  readonly elapsedMs: number;
  readonly rate: number;
  readonly dropped: number;
  readonly subscribers: number;
}

/** A timer cannot wait longer; after this long it is asked again what is due. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** At the end subscribers that take nothing for this long are given up. */
const FLUSH_S = 5;

/** Frames are drawn so many at a time before the first is sent, so that signals are heard meanwhile. */
const DRAWN_AT_ONCE = 16;

/** With nobody there to hold it back, a simulator without a rate goes no faster than one batch in this time. */
const IDLE_PAUSE_MS = 1;

/** Serves a channel with generated images, at a given rate or as fast as they are taken. */
export class SimServer {
  readonly logger: Logger = getLogger('sim-server');
  /** Resolves when everything is published; rejects when that is impossible. */
  readonly ended: Promise<void>;
  readonly #store: FrameStore;
  readonly #server: PvaServer;
  readonly #channel: PvaChannel;
  readonly #metadata: SimMetadata;
  #pacer: Pacer | undefined;
  #published = 0;
  #firstAt = 0;
  /** The time of the last frame, in nanoseconds since 1970. */
  #timedAt = 0;
  #lastAt = 0;
  #isOver = false;
  #isReady = false;
  #settleEnded!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(readonly config: SimConfig) {
    this.#store = new FrameStore(config);
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

  get distinctFrames(): number {
    return this.#store.distinct;
  }

  get bytesPerFrame(): number {
    return this.#store.bytesPerFrame;
  }

  /** For `new PvaClient(...)`: reaches the channels of this simulator, and no others. */
  clientConfig(): ReturnType<PvaServer['clientConfig']> {
    return this.#server.clientConfig();
  }

  /** Draws the frames, tells who is to be told, and begins after the delay. */
  async start(): Promise<void> {
    await this.#metadata.start(this.config.caServer, (error) => this.#settleEnded.reject(error));
    while (!this.#isOver && !this.#store.prepare(DRAWN_AT_ONCE)) await turn();
    if (this.config.notify !== undefined) await this.#notify(this.config.notify);
    if (this.config.startDelay > 0) await new Promise((resolve) => setTimeout(resolve, this.config.startDelay * 1000));
    this.#isReady = true;
    this.#mayBegin();
  }

  /** Publishes no more, leaves the subscribers time to fetch what is left for them, and closes the server. */
  async stop(): Promise<void> {
    this.#end();
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
      bytesPerFrame: this.#store.bytesPerFrame,
      elapsedMs,
      rate: elapsedMs > 0 ? ((this.#published - 1) * 1000) / elapsedMs : 0,
      dropped,
      subscribers: subscribers.length,
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
      pending = this.#publish(this.#pacer.take(this.#left()));
    } catch (error) {
      this.#settleEnded.reject(error);
      return;
    }
    if (this.#left() <= 0 || systemClock.now() - this.#firstAt >= this.config.runtime * 1000) return this.#end();
    if (pending !== undefined) void pending.then(() => this.#publishDue());
    else this.#schedule();
  }

  #schedule(): void {
    const wait = this.#pacer?.untilNext() ?? 0;
    if (wait > 0) setTimeout(() => this.#publishDue(), Math.min(MAX_TIMER_MS, Math.max(1, wait)));
    else if (this.#channel.subscribers === 0) setTimeout(() => this.#publishDue(), IDLE_PAUSE_MS);
    else setImmediate(() => this.#publishDue());
  }

  /** How many frames may still be published. */
  #left(): number {
    const byCount = this.config.count > 0 ? this.config.count : Infinity;
    return Math.min(byCount, this.#store.isOnce ? this.#store.distinct : Infinity) - this.#published;
  }

  #publish(count: number): Promise<void> | undefined {
    const frames: NtNdArray[] = [];
    for (let i = 0; i < count; i++) {
      const frame = this.#store.frame(this.#published + i);
      if (frame === undefined) break;
      frames.push(frame);
    }
    if (frames.length === 0) return undefined;
    const times = this.#timesOf(frames.length);
    this.#metadata.publish(times); // first, as pvaPy does: over Channel Access it takes longer
    const isFirst = this.#published === 0;
    const pending = this.#channel.postFrames(frames, this.#published + 1, times, { whole: isFirst });
    this.#published += frames.length;
    this.#lastAt = systemClock.now();
    return pending instanceof Promise ? pending : undefined;
  }

  /**
   * The times of the frames of a batch: those of the grid, or, where frames are sent faster, spread over the time since the last
   * batch, so that no two are equal and none is before the one before it.
   */
  #timesOf(count: number): BigInt64Array {
    const times = new BigInt64Array(count);
    const now = (performance.timeOrigin + performance.now()) * 1e6;
    const step = Math.min(1e9 / Math.max(this.config.rate, 1), (now - this.#timedAt) / count);
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

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
