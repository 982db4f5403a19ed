import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import { emptyStats, type AcquisitionStats, type Fate } from './acquisition-stats.js';
import type { EndOfAcquisition } from './end-of-acquisition.js';

/** One acquisition: what is known of it alone. */
export class Acquisition {
  readonly stats: AcquisitionStats;
  /** No more frames belong to it. */
  hasEnded = false;
  /** All its frames have come to their end. */
  isOver = false;
  isFinishing = false;
  /** Whether what was published last brings the mark of its end. */
  wasPublishedMarked = false;
  publishedType: PvType | undefined;
  #inWork = 0;
  /** How many ids its frames have. */
  #ids = 0;
  #isMarked = false;

  /** @param number 1 for the first */
  constructor(number: number) {
    this.stats = { ...emptyStats(number), startTime: Date.now() / 1000 };
  }

  get hasFramesInWork(): boolean {
    return this.#inWork > 0;
  }

  /** @param missed how many of its frames have not come so far */
  admit(id: number, missed: number, isMarked: boolean): void {
    const { stats } = this;
    this.#inWork += 1;
    stats.nReceived += 1;
    stats.nMissed = Math.max(0, missed);
    if (stats.nReceived === 1) stats.firstId = id;
    stats.lastId = id;
    this.#isMarked ||= isMarked;
  }

  /** All that has the id of the last frame is there. @returns whether it was the last one of the acquisition */
  endFrame(end: EndOfAcquisition | undefined): boolean {
    this.#ids += 1;
    return end !== undefined && 'count' in end ? this.#ids + this.stats.nMissed >= end.count : this.#isMarked;
  }

  settle(fate: Fate): void {
    this.stats[fate] += 1;
    if (fate !== 'nProcessed') this.stats.isFailed = true;
    this.#inWork -= 1;
  }

  /** Notes what the next consumer gets to see of it. */
  publish(object: PvObject, isMarked: boolean): void {
    this.wasPublishedMarked = isMarked;
    this.publishedType ??= object.type;
  }
}
