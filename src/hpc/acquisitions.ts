import { plural } from '../core/figures.js';
import { PvaflowError } from '../core/errors.js';
import { NtNdArray } from '../pva/normative/nt-nd-array.js';
import type { PvObject } from '../pva/pv-object.js';
import type { PvType } from '../pva/pv-type.js';

/** How the last frame of an acquisition is known: by an attribute that is set in it, or because so many have come. */
export type EndOfAcquisition = { readonly attribute: string } | { readonly count: number };

/** What became of the acquisition that runs, or of the one before, at this moment. */
export interface AcquisitionStats {
  /** 1 for the first; 0 when there was none yet. */
  nAcquisitions: number;
  isComplete: boolean;
  /** `acquisition complete, 1000 frames`, or what is going on. */
  message: string;
  nReceived: number;
  nMissed: number;
  /** Those that went through all processors, or were filtered. */
  nProcessed: number;
  nFailed: number;
  nRejected: number;
  nPublished: number;
  firstId: number;
  lastId: number;
  /** Seconds since 1970; 0 for what has not happened. */
  startTime: number;
  endTime: number;
  /** Whether a frame failed or was rejected, or what was made of the frames was lost afterwards. */
  isFailed: boolean;
}

export type Fate = 'nProcessed' | 'nFailed' | 'nRejected';

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

/** One acquisition, and what is known of it alone. */
interface Part {
  readonly stats: AcquisitionStats;
  inWork: number;
  /** How many ids its frames have. */
  ids: number;
  isMarked: boolean;
  hasEnded: boolean;
  /** Whether all its frames have come to their end. */
  isOver: boolean;
  isFinishing: boolean;
  wasPublishedMarked: boolean;
  publishedType: PvType | undefined;
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
  #parts: Part[] = [];
  #lastComplete = nothing(0);
  /** Where a frame belongs that is in work, when there may be several. */
  readonly #partOf = new Map<PvObject, Part>();
  #missedBefore = 0;

  constructor(options: AcquisitionOptions) {
    this.#options = options;
  }

  /** The oldest one that is not complete, or else the last one. */
  stats(): AcquisitionStats {
    const [part] = this.#parts;
    if (part === undefined) return { ...this.#lastComplete };
    return {
      ...part.stats,
      message: `acquisition of ${part.stats.nReceived} ${plural(part.stats.nReceived, 'frame')} so far`,
    };
  }

  /** Whether an object is a mark without pixels, and no frame. */
  isMark(object: PvObject): boolean {
    return this.#isMarked(object) && isEmpty(object);
  }

  /** The one that frames belong to which come now; undefined when the next frame begins one. */
  get open(): Readonly<AcquisitionStats> | undefined {
    const last = this.#parts.at(-1);
    return last?.hasEnded === false ? last.stats : undefined;
  }

  /**
   * No more frames belong to the one that is open; nothing, when none is: it is told twice.
   *
   * @param missed how many of its ids after the last that came have not come
   */
  end(missed = 0): void {
    const part = this.#parts.at(-1);
    if (part?.hasEnded !== false) return;
    part.stats.nMissed += missed;
    this.#ended(part);
  }

  /**
   * A frame came in, and will be settled.
   *
   * @param isWhole false when another with the same id follows at once: a tile of the same image
   */
  admitted(object: PvObject, isWhole = true): void {
    const part = this.#part();
    const { stats } = part;
    part.inWork += 1;
    if (this.#options.end !== undefined) this.#partOf.set(object, part);
    stats.nReceived += 1;
    stats.nMissed = Math.max(0, this.#options.missed() - this.#missedBefore);
    const id = this.#options.idOf(object) ?? 0;
    if (stats.nReceived === 1) stats.firstId = id;
    stats.lastId = id;
    part.isMarked ||= this.#isMarked(object);
    if (!isWhole) return;
    part.ids += 1;
    if (this.#isLast(part)) this.#ended(part);
  }

  /** What was admitted came to its end. */
  settled(object: PvObject, fate: Fate): void {
    const part = this.#options.end === undefined ? this.#parts[0] : this.#partOf.get(object);
    this.#partOf.delete(object);
    if (part === undefined || part.inWork === 0) return; // what a processor publishes at the end was not admitted
    part.stats[fate] += 1;
    if (fate !== 'nProcessed') part.stats.isFailed = true;
    part.inWork -= 1;
    this.#settleOldest();
  }

  /** Something is published: made of a frame of the oldest one, as frames are processed in order. */
  published(object: PvObject): void {
    const part = this.#parts.find(({ isOver }) => !isOver);
    if (part === undefined) return;
    part.stats.nPublished += 1;
    if (this.#attribute === undefined) return;
    part.wasPublishedMarked = this.#isMarked(object);
    part.publishedType ??= object.type;
  }

  /** What was made of frames was lost after they had been processed: of those acquisitions that are not complete. */
  lost(): void {
    for (const { stats } of this.#parts) stats.isFailed = true;
  }

  /** Counts anew from the next frame on; those in work are not counted any more. */
  reset(): void {
    this.#lastComplete = nothing(0);
    this.#parts = [];
    this.#partOf.clear();
    this.#missedBefore = 0;
  }

  get #attribute(): string | undefined {
    const { end } = this.#options;
    return end !== undefined && 'attribute' in end ? end.attribute : undefined;
  }

  #isMarked(object: PvObject): boolean {
    return this.#attribute !== undefined && isMarkedWith(object, this.#attribute);
  }

  #isLast({ ids, isMarked, stats }: Part): boolean {
    const { end } = this.#options;
    return end !== undefined && 'count' in end ? ids + stats.nMissed >= end.count : isMarked;
  }

  /** The one that frames belong to which come now. */
  #part(): Part {
    const last = this.#parts.at(-1);
    if (last !== undefined && !last.hasEnded) return last;
    const number = (last?.stats ?? this.#lastComplete).nAcquisitions + 1;
    const stats = { ...nothing(number), startTime: Date.now() / 1000 };
    const part: Part = {
      stats,
      inWork: 0,
      ids: 0,
      isMarked: false,
      hasEnded: false,
      isOver: false,
      isFinishing: false,
      wasPublishedMarked: false,
      publishedType: undefined,
    };
    this.#parts.push(part);
    return part;
  }

  #ended(part: Part): void {
    part.hasEnded = true;
    this.#missedBefore = Math.min(this.#missedBefore + part.stats.nMissed, this.#options.missed());
    this.#settleOldest();
  }

  /** Those whose frames have all come to their end are over, in their order. */
  #settleOldest(): void {
    for (const part of this.#parts) {
      if (!part.hasEnded || part.inWork > 0) break;
      if (part.isOver) continue;
      part.isOver = true;
      const mark = this.#markOf(part);
      if (mark !== undefined) this.#options.onMark(mark);
    }
    this.#completeOldest();
  }

  /** One after the other is finished. */
  #completeOldest(): void {
    for (let [part] = this.#parts; part?.isOver === true && !part.isFinishing; [part] = this.#parts) {
      part.isFinishing = true;
      const finishing = this.#options.finish?.();
      if (finishing !== undefined) return void finishing.then((problem) => this.#finished(part, problem));
      this.#complete(part);
    }
  }

  #finished(part: Part, problem: string | undefined): void {
    if (this.#parts[0] !== part) return; // all was counted anew since
    part.stats.isFailed ||= problem !== undefined;
    this.#complete(part, problem);
    this.#completeOldest();
  }

  #complete({ stats }: Part, problem?: string): void {
    this.#parts.shift();
    const message = completeMessage(stats, problem);
    this.#lastComplete = { ...stats, isComplete: true, endTime: Date.now() / 1000, message };
    this.#options.onComplete({ ...this.#lastComplete });
  }

  #markOf({ wasPublishedMarked, publishedType: type, stats }: Part): PvObject | undefined {
    const attribute = this.#attribute;
    const wasTold = wasPublishedMarked && this.#options.alwaysMarks !== true;
    if (attribute === undefined || wasTold || type?.id !== NtNdArray.type().id) return undefined;
    return new NtNdArray(type, { uniqueId: stats.lastId }).setAttribute(attribute, 1).markChanged();
  }
}

function completeMessage({ nReceived, nFailed, nRejected }: AcquisitionStats, problem: string | undefined): string {
  const nLost = nFailed + nRejected;
  const lost = nLost > 0 ? `, ${nLost} of them not processed` : '';
  return `acquisition complete, ${nReceived} ${plural(nReceived, 'frame')}${lost}${problem === undefined ? '' : `; ${problem}`}`;
}

/** `attribute=NAME` or `count=N`. @throws {PvaflowError} PVAFLOW_CONFIG when it is neither */
export function parseEndOfAcquisition(text: string): EndOfAcquisition {
  const [, kind, value = ''] = /^(attribute|count)=(.+)$/.exec(text.trim()) ?? [];
  if (kind === 'attribute') return { attribute: value };
  if (kind === 'count' && /^[1-9]\d{0,14}$/.test(value)) return { count: Number(value) };
  throw new PvaflowError(
    'PVAFLOW_CONFIG',
    `"${text}" does not say how an acquisition ends. Write attribute=NAME, or count=N with a number of frames`,
  );
}

/** The attribute counts only where it comes with the update: channels keep what they were told. */
function isMarkedWith(object: PvObject, name: string): boolean {
  if (!(object instanceof NtNdArray) || !object.isChanged('attribute')) return false;
  const value = object.attribute(name);
  return value !== undefined && value !== null && value !== '' && value !== 'false' && Number(value) !== 0;
}

/** Whether an image has no pixels. */
export function isEmpty(object: PvObject): boolean {
  if (object.selected('value') === undefined) return true;
  return object.get<{ readonly length: number }>('value').length === 0;
}

function nothing(nAcquisitions: number): AcquisitionStats {
  return {
    nAcquisitions,
    isComplete: false,
    message: 'no acquisition',
    nReceived: 0,
    nMissed: 0,
    nProcessed: 0,
    nFailed: 0,
    nRejected: 0,
    nPublished: 0,
    firstId: 0,
    lastId: 0,
    startTime: 0,
    endTime: 0,
    isFailed: false,
  };
}
