import type { PvObject } from '../../pva/pv-object.js';
import { Acquisition } from './acquisition.js';
import { completeMessage, emptyStats, runningMessage, type AcquisitionStats, type Fate } from './acquisition-stats.js';
import { isEmpty, isMarkedWith, markOf, type EndOfAcquisition } from './end-of-acquisition.js';

/** What acquisitions are counted by. */
export interface AcquisitionOptions {
  readonly end: EndOfAcquisition | undefined;
  /** How many frames were missed since the start of the run. */
  readonly missed: () => number;
  readonly idOf: (object: PvObject) => number | undefined;
  /**
   * All frames of an acquisition have come to their end, and what was published of them does not tell the next consumer: this mark is to
   * be published after it.
   */
  readonly onMark: (mark: PvObject) => void;
  /**
   * All frames of an acquisition have come to their end. A promise when what was made of them has to be finished before it is complete;
   * what it resolves to is what went wrong, if anything did.
   */
  readonly finish?: () => Promise<string | undefined> | undefined;
  readonly onComplete: (stats: AcquisitionStats) => void;
  /** A mark follows also when the last frame brought its own: for several outputs, of which one has published that frame. */
  readonly alwaysMarks?: boolean;
}

/**
 * Counts the frames of acquisitions, one after the other. Without a way to know their end all frames belong to one that never
 * ends.
 *
 * The mark of the end is the attribute in the last frame. A frame that is lost on the way, or made anew by a processor, does not
 * bring it to the next consumer: then a mark without pixels follows, which is no frame.
 */
export class Acquisitions {
  readonly #options: AcquisitionOptions;
  /** Those that are not complete, oldest first; frames that come belong to the last one unless it has ended. */
  #incomplete: Acquisition[] = [];
  #lastComplete = emptyStats(0);
  /** Where a frame belongs that is in work, when there may be several. */
  readonly #acquisitionOf = new Map<PvObject, Acquisition>();
  #missedBefore = 0;

  constructor(options: AcquisitionOptions) {
    this.#options = options;
  }

  /** The oldest one that is not complete, or else the last one. */
  stats(): AcquisitionStats {
    const [oldest] = this.#incomplete;
    if (oldest === undefined) return { ...this.#lastComplete };
    return { ...oldest.stats, message: runningMessage(oldest.stats) };
  }

  /** Whether an object is a mark without pixels, and no frame. */
  isMark(object: PvObject): boolean {
    return this.#isMarked(object) && isEmpty(object);
  }

  /** The one that frames belong to which come now; undefined when the next frame begins one. */
  get open(): Readonly<AcquisitionStats> | undefined {
    return this.#open?.stats;
  }

  /**
   * No more frames belong to the one that is open; nothing, when none is: it is told twice.
   *
   * @param missed how many of its ids after the last that came have not come
   */
  end(missed = 0): void {
    const open = this.#open;
    if (open === undefined) return;
    open.stats.nMissed += missed;
    this.#ended(open);
  }

  /**
   * A frame came in, and will be settled.
   *
   * @param isWhole false when another with the same id follows at once: a tile of the same image
   */
  admitted(object: PvObject, isWhole = true): void {
    const { end, missed, idOf } = this.#options;
    const acquisition = this.#open ?? this.#begin();
    if (end !== undefined) this.#acquisitionOf.set(object, acquisition);
    acquisition.admit(idOf(object) ?? 0, missed() - this.#missedBefore, this.#isMarked(object));
    if (isWhole && acquisition.endFrame(end)) this.#ended(acquisition);
  }

  /** What was admitted came to its end. */
  settled(object: PvObject, fate: Fate): void {
    const { end } = this.#options;
    const acquisition = end === undefined ? this.#incomplete[0] : this.#acquisitionOf.get(object);
    this.#acquisitionOf.delete(object);
    if (acquisition?.hasFramesInWork !== true) return; // what a processor publishes at the end was not admitted
    acquisition.settle(fate);
    this.#settleOldest();
  }

  /** Something is published: made of a frame of the oldest one, as frames are processed in order. */
  published(object: PvObject): void {
    const acquisition = this.#incomplete.find(({ isOver }) => !isOver);
    if (acquisition === undefined) return;
    acquisition.stats.nPublished += 1;
    if (this.#attribute !== undefined) acquisition.publish(object, this.#isMarked(object));
  }

  /** What was made of frames was lost after they had been processed: of those acquisitions that are not complete. */
  lost(): void {
    for (const { stats } of this.#incomplete) stats.isFailed = true;
  }

  /** Counts anew from the next frame on; those in work are not counted any more. */
  reset(): void {
    this.#lastComplete = emptyStats(0);
    this.#incomplete = [];
    this.#acquisitionOf.clear();
    this.#missedBefore = 0;
  }

  get #attribute(): string | undefined {
    const { end } = this.#options;
    return end !== undefined && 'attribute' in end ? end.attribute : undefined;
  }

  #isMarked(object: PvObject): boolean {
    return this.#attribute !== undefined && isMarkedWith(object, this.#attribute);
  }

  get #open(): Acquisition | undefined {
    const last = this.#incomplete.at(-1);
    return last?.hasEnded === false ? last : undefined;
  }

  #begin(): Acquisition {
    const { nAcquisitions } = this.#incomplete.at(-1)?.stats ?? this.#lastComplete;
    const acquisition = new Acquisition(nAcquisitions + 1);
    this.#incomplete.push(acquisition);
    return acquisition;
  }

  #ended(acquisition: Acquisition): void {
    acquisition.hasEnded = true;
    this.#missedBefore = Math.min(this.#missedBefore + acquisition.stats.nMissed, this.#options.missed());
    this.#settleOldest();
  }

  /** Those whose frames have all come to their end are over, in their order. */
  #settleOldest(): void {
    for (const acquisition of this.#incomplete) {
      if (!acquisition.hasEnded || acquisition.hasFramesInWork) break;
      if (acquisition.isOver) continue;
      acquisition.isOver = true;
      const mark = this.#markFor(acquisition);
      if (mark !== undefined) this.#options.onMark(mark);
    }
    this.#completeOldest();
  }

  /** One after the other is finished. */
  #completeOldest(): void {
    for (let [oldest] = this.#incomplete; oldest?.isOver === true && !oldest.isFinishing; [oldest] = this.#incomplete) {
      const acquisition = oldest;
      acquisition.isFinishing = true;
      const finishing = this.#options.finish?.();
      if (finishing !== undefined) return void finishing.then((problem) => this.#finished(acquisition, problem));
      this.#complete(acquisition);
    }
  }

  #finished(acquisition: Acquisition, problem: string | undefined): void {
    if (this.#incomplete[0] !== acquisition) return; // all was counted anew since
    acquisition.stats.isFailed ||= problem !== undefined;
    this.#complete(acquisition, problem);
    this.#completeOldest();
  }

  #complete({ stats }: Acquisition, problem?: string): void {
    this.#incomplete.shift();
    const message = completeMessage(stats, problem);
    this.#lastComplete = { ...stats, isComplete: true, endTime: Date.now() / 1000, message };
    this.#options.onComplete({ ...this.#lastComplete });
  }

  /** What tells the next consumer of the end, where nothing that was published does. */
  #markFor({ wasPublishedMarked, publishedType, stats }: Acquisition): PvObject | undefined {
    const attribute = this.#attribute;
    const wasTold = wasPublishedMarked && this.#options.alwaysMarks !== true;
    return attribute === undefined || wasTold ? undefined : markOf(publishedType, attribute, stats.lastId);
  }
}
