import type { Logger } from '../../core/logger.js';
import { systemClock, type Clock } from '../../pipeline/clock.js';
import type { MetadataQueue } from '../user-data-processor.js';
import { JoinedChannel, type JoinRule, type Sample } from './joined-channel.js';
import { NO_MATCH, PENDING, type Match } from './matching.js';

export interface JoinOptions {
  readonly queues: ReadonlyMap<string, MetadataQueue>;
  readonly ruleOf: (channel: string) => JoinRule;
  /** That of the machine by default. */
  readonly clock?: Clock;
  readonly logger: Logger;
}

/** What was found for a frame, channel by channel, in the order of {@link MetadataJoiner.channels}. */
export type JoinMatches = readonly Match<Sample>[];

interface Waiting {
  readonly time: number;
  readonly found: (Match<Sample> | undefined)[];
  readonly settle: () => void;
}

/**
 * Finds for each frame what several metadata channels had to say at its time. Frames come in the order of their times, one at a
 * time; a frame whose metadata may still be on the way waits for it.
 *
 * A channel that was waited for in vain is not waited for again until it has caught up with the frames: a channel that is
 * silent, or whose clock is behind, holds up one frame and not each of them.
 */
export class MetadataJoiner {
  readonly channels: readonly JoinedChannel[];
  /** Milliseconds for which a frame waits for metadata that may come; 0: it is joined with what is there. Infinity: until it comes. */
  maxWaitMs = 0;
  /** Frames that had to wait. */
  waited = 0;
  readonly #options: JoinOptions;
  readonly #stopListening: readonly (() => void)[];
  #waiting: Waiting | undefined;

  /** @param originSeconds a time near those of the frames, in whole seconds since 1970; from here nanoseconds are counted */
  constructor(
    options: JoinOptions,
    readonly originSeconds: number,
  ) {
    this.#options = options;
    this.channels = [...options.queues].map(
      ([name, queue]) => new JoinedChannel(name, queue, options.ruleOf(name), originSeconds),
    );
    this.#stopListening = this.channels.map(({ queue }) => queue.onArrival(() => this.#tryAgain()));
  }

  /** Asks again for the rule of each channel. */
  updateRules(): void {
    for (const channel of this.channels) channel.rule = this.#options.ruleOf(channel.name);
  }

  /** What belongs to a frame of this time, in nanoseconds from the origin. A promise when it has to be waited for. */
  match(time: number): JoinMatches | Promise<JoinMatches> {
    const found = new Array<Match<Sample> | undefined>(this.channels.length).fill(undefined);
    const isFound = this.#find(time, found, this.maxWaitMs <= 0);
    return isFound ? (found as Match<Sample>[]) : this.#wait(time, found);
  }

  /** Updates that no frame was joined with, those without a time among them. */
  get discarded(): number {
    return this.channels.reduce((sum, { discarded, timeless }) => sum + discarded + timeless, 0);
  }

  resetStats(): void {
    this.waited = 0;
    for (const channel of this.channels) channel.discarded = channel.timeless = 0;
  }

  /** Lets the frame that waits go with what is there, and gives back all metadata. */
  close(): void {
    this.#giveUpWaiting();
    for (const stop of this.#stopListening) stop();
    queueMicrotask(() => {
      for (const channel of this.channels) channel.clear(); // not before the frame that waited is through
    });
  }

  /** @returns whether something, or the lack of anything, is certain for every channel */
  #find(time: number, found: (Match<Sample> | undefined)[], isFinal: boolean): boolean {
    let isComplete = true;
    for (let i = 0; i < found.length; i++) {
      if (found[i] !== undefined) continue;
      const match = (this.channels[i] as JoinedChannel).match(time, isFinal);
      if (match === PENDING) isComplete = false;
      else found[i] = used(match);
    }
    return isComplete;
  }

  #wait(time: number, found: (Match<Sample> | undefined)[]): Promise<JoinMatches> {
    this.waited += 1;
    const { maxWaitMs } = this;
    const { clock = systemClock } = this.#options;
    return new Promise((resolve) => {
      const forget = maxWaitMs === Infinity ? () => {} : clock.after(maxWaitMs, () => this.#giveUpWaiting());
      const settle = () => {
        forget();
        this.#waiting = undefined;
        resolve(found as Match<Sample>[]);
      };
      this.#waiting = { time, found, settle };
    });
  }

  #tryAgain(): void {
    const waiting = this.#waiting;
    if (waiting !== undefined && this.#find(waiting.time, waiting.found, false)) waiting.settle();
  }

  #giveUpWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const { time, found, settle } = waiting;
    for (const [i, channel] of this.channels.entries()) if (found[i] === undefined) this.#fallBehind(channel, time);
    this.#find(time, found, true);
    settle();
  }

  #fallBehind(channel: JoinedChannel, time: number): void {
    channel.isBehind = true;
    const { lastTime } = channel;
    const last =
      lastTime === undefined ? 'none is near' : `the last is ${((time - lastTime) / 1e9).toFixed(3)} s older`;
    this.#options.logger.warn(
      `${channel.name}: no value came for the time of a frame in ${this.maxWaitMs / 1000} s; ${last}. It is not waited for until it catches up`,
    );
  }
}

function used(match: Match<Sample>): Match<Sample> {
  if (match.kind === 'item') match.item.wasUsed = true;
  else if (match.kind === 'between') match.before.wasUsed = match.after.wasUsed = true;
  else return NO_MATCH;
  return match;
}
