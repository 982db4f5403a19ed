import type { Clock } from '../../pipeline/clock.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { AcquisitionStats, Fate } from '../acquisitions/acquisition-stats.js';
import { Acquisitions, type AcquisitionOptions } from '../acquisitions/acquisitions.js';
import type { IdTracker, IdType } from '../ids/id-tracker.js';
import { idStep } from './id-step.js';

export interface OrderedAcquisitionsOptions extends AcquisitionOptions {
  readonly clock: Clock;
  /** Frames may come out of their order for so long. */
  readonly timeoutMs: number;
  /** The ids of all frames that have left the cache. */
  readonly ids: Pick<IdTracker, 'announce' | 'sequence'>;
  /** Whether no frame waits to be put in order. */
  readonly isQuiet: () => boolean;
}

/**
 * The acquisitions of a collector: frames belong to them in the order in which they leave the cache. A mark without pixels comes
 * from one producer while frames of others may be on their way: it counts when its id has its turn.
 */
export class OrderedAcquisitions {
  /** The type of the ids, which says where they wrap around. */
  idType: IdType = { bits: 32, signed: true };
  readonly #acquisitions: Acquisitions;
  readonly #options: OrderedAcquisitionsOptions;
  /** The id of a mark that waits for its turn. */
  #mark: number | undefined;
  #forgetTimer: (() => void) | undefined;

  constructor(options: OrderedAcquisitionsOptions) {
    this.#options = options;
    this.#acquisitions = new Acquisitions(options);
  }

  /** Whether it is known how acquisitions end; they are not counted otherwise. */
  get areTold(): boolean {
    return this.#options.end !== undefined;
  }

  stats(): AcquisitionStats {
    return this.#acquisitions.stats();
  }

  /** An object came in. @returns whether it is a mark, and no frame */
  takeMark(object: PvObject): boolean {
    if (!this.areTold || !this.#acquisitions.isMark(object)) return false;
    const id = this.#options.idOf(object);
    if (id !== undefined) queueMicrotask(() => this.#marked(id)); // what came before it is put into its queue first
    return true;
  }

  /**
   * A frame leaves the cache.
   *
   * @param isWhole whether it is the last with its id
   */
  left(object: PvObject, id: number | undefined, isWhole: boolean): void {
    if (!this.areTold) return;
    if (this.#isPast(this.#mark, id)) this.#end();
    this.#acquisitions.admitted(object, isWhole);
    if (isWhole && id !== undefined && id === this.#mark) this.#end();
  }

  settled(object: PvObject, fate: Fate): void {
    if (this.areTold) this.#acquisitions.settled(object, fate);
  }

  published(object: PvObject): void {
    if (this.areTold) this.#acquisitions.published(object);
  }

  /** See {@link Acquisitions.lost}. */
  lost(): void {
    this.#acquisitions.lost();
  }

  reset(): void {
    this.#clear();
    this.#acquisitions.reset();
  }

  /** No more will come: what waits for its turn has it now. */
  close(): void {
    if (this.#mark !== undefined) this.#end();
  }

  /** Of the acquisition that is open or about to be, or of one before: then it is told twice. */
  #marked(id: number): void {
    const { open } = this.#acquisitions;
    if (open === undefined ? this.#options.isQuiet() : this.#isPast(id, open.firstId)) return;
    this.#mark = id;
    const isDue = open !== undefined && (id === open.lastId || this.#isPast(id, open.lastId));
    if (isDue) this.#end();
    else this.#waitForQuiet();
  }

  /** The frame with the id of the mark may never come. */
  #waitForQuiet(): void {
    const { clock, timeoutMs, isQuiet } = this.#options;
    this.#forgetTimer?.();
    this.#forgetTimer = clock.after(timeoutMs, () => {
      this.#forgetTimer = undefined;
      if (isQuiet()) this.#end();
      else this.#waitForQuiet();
    });
  }

  /** The frame of the mark, and others before it, may never have come. */
  #end(): void {
    const { open } = this.#acquisitions;
    const mark = this.#mark;
    this.#clear();
    if (mark === undefined || open === undefined) return this.#acquisitions.end();
    const { ids } = this.#options;
    ids.announce(mark);
    const missed = Math.floor(idStep(open.lastId, mark, this.idType) / ids.sequence.offset);
    this.#acquisitions.end(Math.max(0, missed));
  }

  #clear(): void {
    this.#mark = undefined;
    this.#forgetTimer?.();
    this.#forgetTimer = undefined;
  }

  /** Whether an id belongs behind another. */
  #isPast(mark: number | undefined, id: number | undefined): boolean {
    return mark !== undefined && id !== undefined && idStep(mark, id, this.idType) > 0;
  }
}
