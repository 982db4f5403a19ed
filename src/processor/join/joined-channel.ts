import type { PvObject } from '../../pva/pv-object.js';
import { timesOf } from '../../pva/times.js';
import type { MetadataQueue } from '../user-data-processor.js';
import { matchAt, type JoinMethod, type Match, type PENDING } from './matching.js';
import { TimeSeries } from './time-series.js';

/** How the values of one channel are joined. Times are in nanoseconds. */
export interface JoinRule {
  readonly method: JoinMethod;
  /** How far a value may be from the frame. */
  readonly tolerance: number;
  /** Added to the times of the channel: what its clock is behind that of the frames. */
  readonly offset: number;
}

/** An update of a metadata channel. */
export interface Sample {
  readonly object: PvObject;
  /** Size of its arrays. */
  readonly bytes: number;
  /** Whether a frame was joined with it. */
  wasUsed: boolean;
}

/** A channel holds no more updates than these, nor arrays of more bytes, however far the times of the frames stay behind. */
const MAX_HELD = 2 ** 16;
const MAX_HELD_BYTES = 64 * 2 ** 20;

/** When times go back by more than this, a clock was set or a source started anew. */
const RESTART_NS = 1e9;

/** One metadata channel as the join sees it: its updates in the order of their times, as far as they may be needed. */
export class JoinedChannel {
  /** Updates that no frame was joined with, those that made room for others among them. */
  discarded = 0;
  /** Updates without a time, which cannot be joined. */
  timeless = 0;
  /** It was waited for in vain, and has given nothing since of the time of the last frame, or later. */
  isBehind = false;
  readonly #series = new TimeSeries<Sample>();
  #bytes = 0;
  #hasSpoken = false;
  /** Time of the last frame, by the clock of this channel. */
  #frameTime = -Infinity;

  constructor(
    readonly name: string,
    readonly queue: MetadataQueue,
    /** May be replaced at any time. */
    public rule: JoinRule,
    /** In seconds since 1970: times are counted from here, so that they are exact to the nanosecond. */
    readonly origin: number,
  ) {}

  /** The time of the latest update, by the clock of the frames; undefined when there is none. */
  get lastTime(): number | undefined {
    const { length } = this.#series;
    return length === 0 ? undefined : this.#series.timeAt(length - 1) + this.rule.offset;
  }

  /** What belongs to a frame of this time. `isFinal`: nothing more is waited for. */
  match(time: number, isFinal: boolean): Match<Sample> | typeof PENDING {
    const local = time - this.rule.offset;
    this.#pull();
    this.#frameTime = local;
    this.#forget(local);
    return matchAt(this.#series, local, this.rule, isFinal || this.isBehind || !this.#hasSpoken);
  }

  /** Gives back all that it holds. */
  clear(): void {
    while (this.#series.length > 0) this.#dropOldest();
  }

  #pull(): void {
    const objects: PvObject[] = [];
    for (let object = this.queue.get(); object !== undefined; object = this.queue.get()) objects.push(object);
    if (objects.length === 0) return;
    this.#hasSpoken = true;
    const times = timesOf(objects);
    for (const [i, object] of objects.entries()) {
      const seconds = times[2 * i] as number;
      if (seconds > 0) this.#add((seconds - this.origin) * 1e9 + (times[2 * i + 1] as number), object);
      else this.#dropTimeless(object); // it has no time stamp, or that of a record that was never processed
    }
  }

  #add(time: number, object: PvObject): void {
    const series = this.#series;
    const last = series.length === 0 ? time : series.timeAt(series.length - 1);
    if (time < last - Math.max(RESTART_NS, 2 * this.rule.tolerance)) this.clear();
    const { bytes } = object;
    series.add(time, { object, bytes, wasUsed: false });
    this.#bytes += bytes;
    while (series.length > MAX_HELD || (this.#bytes > MAX_HELD_BYTES && series.length > 1)) this.#dropOldest();
    if (time >= this.#frameTime) this.isBehind = false;
  }

  /** Forgets what no frame of this time or later can be joined with. */
  #forget(time: number): void {
    const series = this.#series;
    const isLast = this.rule.method === 'last';
    const mayGo = () =>
      isLast ? series.length > 1 && series.timeAt(1) <= time : series.timeAt(0) < time - this.rule.tolerance;
    while (series.length > 0 && mayGo()) this.#dropOldest();
  }

  #dropOldest(): void {
    const { object, bytes, wasUsed } = this.#series.shift() as Sample;
    this.#bytes -= bytes;
    if (!wasUsed) this.discarded += 1;
    object.release();
  }

  #dropTimeless(object: PvObject): void {
    this.timeless += 1;
    object.release();
  }
}
