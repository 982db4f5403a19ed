import { plural } from '../../core/figures.js';
import type { Logger } from '../../core/logger.js';
import { tileFacts } from '../../image/tiles.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PvObject } from '../../pva/pv-object.js';
import { isEmpty } from '../acquisitions/end-of-acquisition.js';
import { idTypeOf, readId } from '../ids/id-reader.js';
import type { IdTracker, IdType } from '../ids/id-tracker.js';
import type { Admission } from './input.js';
import { bringsAlarmAlone, invalidAlarmOf, type InputAlarm } from './input-alarm.js';
import { Repeats } from '../repeats.js';

/** Who is told of the ids as they come in, and judges them. */
export type IdNotes = Pick<IdTracker, 'note' | 'skip' | 'sourceCameBack' | 'missed' | 'lastId'> & {
  type: IdType;
  /** Where it matters how many tiles an image has. */
  tiles?: number;
};

export interface IntakeOptions {
  readonly channel: string;
  readonly ids: IdNotes;
  readonly idField: string;
  readonly skipInitialUpdates: number;
  /** A distributor shares the updates: what the channel holds when it is connected anew, somebody else has got. */
  readonly isShared?: boolean;
  readonly logger: Logger;
  /** Whether an object only says that an acquisition is over; it is then dealt with, and no frame. */
  readonly takeMark?: (object: PvObject) => boolean;
  /** Called with the first object of all, also if it is skipped. Then it is no frame, and may be shown as what the channel held. */
  readonly onFirst: (object: PvObject, mayBeShown: boolean) => void;
}

/** Where objects of one channel come in: the first ones are skipped, and the ids of all others are noted. */
export class Intake implements Admission {
  skipped = 0;
  /** How many objects are still to be skipped. */
  toSkip: number;
  /** The INVALID alarm that the channel shows, as a mirror does whose source went away; undefined when there is none. */
  alarm: InputAlarm | undefined;
  readonly #options: IntakeOptions;
  readonly #repeats = new Repeats();
  /** Ids are read once an object showed that they are there. */
  #hasIds: boolean | undefined;
  /** Some objects have ids, and some have none: the type of the channel has changed. */
  #isMixed = false;
  #isFirstOfConnection = false;
  #showsPresentValue = false;
  /** Whether images come as tiles; undefined before the first with pixels. */
  #isTiled: boolean | undefined;
  #lastTile: string | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.toSkip = options.skipInitialUpdates;
  }

  /**
   * Looks at an object that came in.
   *
   * @returns whether it is to be processed; if not, it has been released
   */
  admit(object: PvObject): boolean {
    if (this.#options.takeMark?.(object) === true) return this.#passOver(object);
    if (this.#hasIds === undefined) this.#onFirst(object);
    else if (this.#isFirstOfConnection) this.#lookForIds(object); // a type changes only with the connection
    const id = this.idOf(object);
    const isNews = this.#isNews(object, id);
    if (isNews || this.alarm !== undefined) this.#lookAtAlarm(object);
    if (isNews) {
      object.release();
      return false;
    }
    const isStale = this.#isStale(object, id);
    this.#isFirstOfConnection = this.#showsPresentValue = false;
    if (this.toSkip <= 0 && !isStale) {
      if (id !== undefined && !this.#isAnotherTile(object, id)) this.#note(id);
      return true;
    }
    if (this.toSkip > 0) {
      this.toSkip -= 1;
      if (id !== undefined) this.#options.ids.skip(id);
    }
    this.skipped += 1;
    object.release();
    return false;
  }

  /** The id of an object; undefined when objects of this channel have none. */
  idOf(object: PvObject): number | undefined {
    const { idField } = this.#options;
    const hasId = this.#isMixed ? object.has(idField) : this.#hasIds === true;
    try {
      return hasId ? readId(object, idField) : undefined;
    } catch (error) {
      if (this.#isMixed || object.has(idField)) throw error;
      this.#isMixed = true; // each call of a remote procedure may bring another type
      return undefined;
    }
  }

  /** The id of an object that was made of others, if it has one in the same field. */
  idOfResult(object: PvObject): number | undefined {
    return object.has(this.#options.idField) ? this.idOf(object) : undefined;
  }

  /** The id of the last object that was admitted; undefined before the first, and without ids. */
  get lastId(): number | undefined {
    return this.#options.ids.lastId;
  }

  /** The source was lost and is there again: it may count anew, and may show its last object once more. */
  sourceCameBack(): void {
    this.#beginAnew();
    this.#showsPresentValue = true;
  }

  #beginAnew(): void {
    this.#options.ids.sourceCameBack();
    this.#isFirstOfConnection = true;
    this.#isTiled = undefined;
  }

  resetStats(): void {
    this.skipped = 0;
  }

  /** What the channel held already may have been a mark. */
  #passOver(object: PvObject): false {
    this.toSkip -= 1;
    object.release();
    return false;
  }

  #note(id: number): void {
    const { ids, logger, channel } = this.#options;
    const missedBefore = ids.missed;
    const lastId = ids.lastId;
    const kind = ids.note(id);
    if (kind === 'next' || kind === 'first' || kind === 'late') return;
    const missed = ids.missed - missedBefore;
    const what =
      kind === 'gap'
        ? `${missed} ${plural(missed, 'frame')} missed between ids ${lastId} and ${id}`
        : `id ${id} after ${lastId}: ${kind}`;
    this.#repeats.note(kind, (times) => logger.warn(`${channel}: ${what}${times}`));
  }

  /** Whether an update says only how the channel is: it is the frame before, with another alarm. */
  #isNews(object: PvObject, id: number | undefined): boolean {
    const { lastId } = this.#options.ids;
    return id !== undefined && (lastId === undefined || id === lastId) && bringsAlarmAlone(object);
  }

  #lookAtAlarm(object: PvObject): void {
    const { channel, logger } = this.#options;
    const before = this.alarm;
    this.alarm = invalidAlarmOf(object);
    if (this.alarm !== undefined && this.alarm.message !== before?.message)
      logger.warn(`${channel}: INVALID after id ${this.lastId ?? 'none'}: ${this.alarm.message}`);
    if (before === undefined || this.alarm !== undefined) return;
    logger.info(`${channel}: no longer INVALID`);
    this.#beginAnew();
  }

  /**
   * A server sends its current value to whoever connects. After a reconnection that is the frame we had last, or, from a
   * server that was restarted, the empty record that no frame was put into yet; from a distributor it is a frame that another
   * consumer has got.
   */
  #isStale(object: PvObject, id: number | undefined): boolean {
    const { ids, isShared, skipInitialUpdates } = this.#options;
    if (!this.#isFirstOfConnection || ids.lastId === undefined) return false;
    const isOthers = this.#showsPresentValue && isShared === true && skipInitialUpdates > 0;
    return isOthers || id === ids.lastId || (id === 0 && !(object instanceof NtNdArray && !isEmpty(object)));
  }

  /** Whether an object is of the same image as the one before: the same id is no repetition. */
  #isAnotherTile(object: PvObject, id: number): boolean {
    if (this.#isTiled === undefined) this.#lookForTiles(object);
    if (this.#isTiled !== true) return false;
    const before = this.#lastTile;
    const { row, column } = tileFacts(object) ?? {};
    this.#lastTile = `${row},${column}`;
    return id === this.lastId && this.#lastTile !== before;
  }

  #lookForTiles(object: PvObject): void {
    const { ids } = this.#options;
    if (!('tiles' in ids) || !(object instanceof NtNdArray) || isEmpty(object)) return;
    const facts = tileFacts(object);
    this.#isTiled = facts !== undefined;
    ids.tiles = facts === undefined ? 1 : (facts.rows ?? 0) * (facts.columns ?? 0);
  }

  #onFirst(object: PvObject): void {
    this.#lookForIds(object);
    const isOthers = this.#options.isShared === true; // a frame that a distributor has given to another consumer
    this.#options.onFirst(object, this.toSkip > 0 && !isOthers);
  }

  #lookForIds(object: PvObject): void {
    const { idField, ids, channel, logger } = this.#options;
    const type = idTypeOf(object.type, idField);
    const hadIds = this.#hasIds;
    this.#hasIds = type !== undefined;
    if (hadIds === this.#hasIds) return;
    this.#isMixed = hadIds !== undefined;
    if (type !== undefined) ids.type = type;
    else
      logger.warn(
        `${channel} has no number in the field ${idField}: missed frames cannot be told. Name its id with --oid-field`,
      );
  }
}
