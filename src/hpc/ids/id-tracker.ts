import type { IdRange } from './id-ranges.js';
import { IdTurns, type Absent, type IdSequence } from './id-turns.js';
import { MissingIds } from './missing-ids.js';

/** What an id says about the frame that carries it. */
export type IdKind =
  /** The first id of all. */
  | 'first'
  /** The id that was due. */
  | 'next'
  /** A later id than was due: those between were missed. */
  | 'gap'
  /** Not an id of this consumer's turns, as its offset describes them. */
  | 'offPhase'
  /** The id of the frame before. */
  | 'repeated'
  /**
   * An id out of order: one that had been counted as missed, and is missed no more; or, behind a distributor, one of
   * another's turns, handed over when that one left.
   */
  | 'late'
  /** An id that had its turn already: the source counts anew. */
  | 'rewound'
  /** The first id after the source came back, counting anew. */
  | 'restarted';

/** An id may jump by no more than this over the end of its range, to count as wrapped and not as rewound. */
const WRAP_WINDOW = 2 ** 24;

/**
 * An id that is further back than this, times the offset, is not late: the source counts anew. Nor are more than so many in a
 * row: where frames wait for a consumer there is room for less.
 */
const LATE_WINDOW = 1000;

/** The type of the field that carries the ids. */
export interface IdType {
  readonly bits: number;
  readonly signed: boolean;
}

/** Who writes down which ids came. */
export interface IdRecord {
  add(id: number): void;
  /** Ids that are added from now on may have been added before, for other frames. */
  countAnew(): void;
}

/**
 * Finds out from the ids alone what was lost on the way.
 *
 * With `offset` and `sequentialUpdates` a consumer gets its share of a distributed stream: with four consumers, three
 * updates each, the offset is 10 and the first consumer sees (1, 2, 3) (13, 14, 15) (25, …). `missed` counts the frames of
 * this share that never came. Ids are integers of `bits` bits that wrap around; 64-bit ids are taken as numbers, which is
 * exact up to 2^53.
 *
 * An id that goes back is late or begins a new counting. It is late if it was missed, not long ago; if what follows shows that
 * the source counts anew, this is corrected. In a share of a stream it is also late if another consumer can have left it
 * behind: it lies in the turns of others (in so far as ids tell), not long ago, and is not of the first turns of a counting.
 */
export class IdTracker {
  missed = 0;
  /** How many were missed when a later one came, those among them that came late after all. */
  everMissed = 0;
  repeated = 0;
  rewound = 0;
  restarted = 0;
  wrapped = 0;
  offPhase = 0;
  late = 0;
  /** The first id of all. */
  firstId: number | undefined;
  lastId: number | undefined;
  /** The ids that were missed and are missing still. */
  readonly missing = new MissingIds();
  /** Is told of each id that is counted, where somebody wants to know. */
  received: IdRecord | undefined;
  #given!: IdSequence;
  #tiles = 1;
  /** What is given, for frames that come as so many tiles. */
  #turns!: IdTurns;
  #sourceCameBack = false;
  #period = 2 ** 32;
  #max = 2 ** 31 - 1;
  /** The first id of this counting. */
  #begin = 0;
  /** By how much ids fell at the ends of the range since then, and the last time; 0 for never. */
  #fallen = 0;
  #lastFall = 0;
  /** The ids that went back just now, and had been missed. */
  #filled: number[] = [];
  /** How many went back just now that had not. */
  #handedOver = 0;

  constructor(sequence: IdSequence) {
    this.sequence = sequence;
  }

  /** Where ids wrap around. Until it is set they are those of `uniqueId`, 32 bits with a sign. */
  set type({ bits, signed }: IdType) {
    this.#period = 2 ** bits;
    this.#max = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  }

  /** How ids follow each other from now on. */
  set sequence(sequence: IdSequence) {
    this.#given = sequence;
    this.#turns = new IdTurns(sequence, this.#tiles);
    if (this.lastId !== undefined) this.#turns.anchor(this.lastId);
  }

  get sequence(): IdSequence {
    return this.#given;
  }

  /** So many updates have the same id, each a tile of one image; 1 if images are whole, 0 if it is not known how many. */
  set tiles(tiles: number) {
    this.#tiles = tiles;
    this.sequence = this.#given;
  }

  /** The connection to the source was lost and is there again: a lower id is a restart and no fault. */
  sourceCameBack(): void {
    this.#sourceCameBack = true;
  }

  /** Notes an id that is not to be counted, because its frame was skipped. */
  skip(id: number): void {
    if (this.lastId !== undefined) this.#goOnFrom(id);
  }

  /** Notes the id of the next frame. */
  note(id: number): IdKind {
    const kind = this.#judge(id);
    // One that is late from before the end of the range is of a counting that is over.
    if (kind !== 'late' || id <= (this.lastId as number)) this.received?.add(id);
    return kind;
  }

  #judge(id: number): IdKind {
    const cameBack = this.#sourceCameBack;
    this.#sourceCameBack = false;
    const last = this.lastId;
    if (last === undefined) return this.#first(id);
    if (id === last) return this.#same(id);
    const step = this.#stepFrom(last, id);
    if (step < 0) return this.#back(id, -step, cameBack);
    this.#handedOver = 0;
    if (this.#filled.length > 0) this.#filled = [];
    if (step === 1 && id > last && this.#turns.sequence.offset === 1) {
      this.lastId = id; // the common case, and the fast one
      return 'next';
    }
    return this.#forward(last, id, step);
  }

  /** An id came out of its order. If it had been counted as missed, it is missed no more. */
  cameLate(id: number): void {
    if (this.missing.remove(id)) this.#isLate();
  }

  /** An id is known to have been sent, and has not come: it was missed, and all before it that have not come either. */
  announce(id: number): void {
    const last = this.lastId;
    if (last === undefined) return;
    const { offset } = this.#turns.sequence;
    const step = this.#stepFrom(last, id);
    const count = Math.floor(step / offset);
    if (count <= 0) return;
    const fall = last + step - id;
    const range = { first: last + offset, last: last + count * offset, step: offset };
    const isBeforeFall = range.last <= this.#max;
    if (fall > 0 && !isBeforeFall) this.#fall(fall);
    this.#miss({ count, ranges: [range], offPhase: false }, isBeforeFall ? 0 : fall);
    this.lastId = isBeforeFall ? range.last : range.last - fall;
  }

  /** Counts anew, from the next id on. */
  reset(): void {
    this.missed = this.repeated = this.rewound = this.restarted = this.wrapped = this.offPhase = this.late = 0;
    this.everMissed = 0;
    this.firstId = this.lastId = undefined;
    this.missing.clear();
    this.#begin = this.#fallen = this.#lastFall = this.#handedOver = 0;
    this.#filled = [];
  }

  #first(id: number): IdKind {
    this.firstId = this.#begin = id;
    this.#goOnFrom(id);
    return 'first';
  }

  /** The last id once more, unless it had only been announced, or the source counts anew and has come so far again. */
  #same(id: number): IdKind {
    if (this.missing.remove(id)) return this.#isLate();
    const before = this.#filled.at(-1);
    if (before !== undefined && id - before <= this.#turns.sequence.offset) return this.#rewind(id);
    this.repeated += 1;
    return 'repeated';
  }

  /** The turns are counted from this id on. */
  #goOnFrom(id: number): void {
    this.lastId = id;
    this.#turns.anchor(id);
  }

  /** How far it is from one id to another; over the end of the range, if that is near. */
  #stepFrom(last: number, id: number): number {
    const step = id - last;
    const near = Math.min(WRAP_WINDOW, this.#period / 4);
    if (step > 0) return this.#lastFall > 0 && this.#lastFall - step <= near ? step - this.#lastFall : step;
    if (step + this.#period <= near) return step + this.#period;
    if (id < 0) return step;
    // Some detectors go on with 0 or 1 after the largest positive number.
    const isNext = last === this.#max && id === 1 && this.#turns.sequence.offset === 1;
    const overZero = isNext ? 1 : step + this.#max + 1;
    return overZero <= near ? overZero : step;
  }

  #forward(last: number, id: number, step: number): IdKind {
    const fall = last + step - id;
    const mayLeap = this.#turns.sequence.mayLeap === true;
    const absent = mayLeap ? undefined : this.#turns.absent(last, step);
    this.lastId = id;
    if (fall > 0) this.#fall(fall);
    if (absent === undefined) return 'next';
    if (absent.offPhase) this.offPhase += 1;
    if (absent.count === 0) return absent.offPhase ? 'offPhase' : 'next';
    this.#miss(absent, fall);
    return 'gap';
  }

  /** Ids go on at the other end of the range, lower by so much. */
  #fall(distance: number): void {
    this.wrapped += 1;
    this.#fallen += distance;
    this.#lastFall = distance;
    this.#turns.shift(distance);
    this.missing.wrap();
    this.received?.countAnew();
  }

  /** @param fall by how much ids fell on the way; 0 if they did not */
  #miss(absent: Absent, fall: number): void {
    this.missed += absent.count;
    this.everMissed += absent.count;
    for (const range of absent.ranges) {
      if (fall === 0) this.missing.add(range);
      else this.#missAtEnd(range, fall);
    }
  }

  /** What was missed lies on both sides of the end of the range. */
  #missAtEnd({ first, last, step }: IdRange, fall: number): void {
    const count = Math.floor((this.#max - first) / step) + 1; // before the end
    const lastBefore = Math.min(last, first + (count - 1) * step);
    if (count > 0) this.missing.addBeforeWrap({ first, last: lastBefore, step });
    const firstAfter = Math.max(first, first + count * step);
    if (firstAfter <= last) this.missing.add({ first: firstAfter - fall, last: last - fall, step });
  }

  #back(id: number, distance: number, cameBack: boolean): IdKind {
    if (cameBack) return this.#countAnew(id, 'restarted');
    const { offset } = this.#turns.sequence;
    if (distance > LATE_WINDOW * offset || this.#beginsTurns(id)) return this.#rewind(id);
    if (this.missing.remove(id, id > (this.lastId as number))) return this.#isFilled(id);
    if (offset === 1 || !this.#mayBeHandedOver(distance)) return this.#rewind(id);
    this.late += 1;
    return 'late';
  }

  #isLate(): IdKind {
    this.missed -= 1;
    this.late += 1;
    return 'late';
  }

  #isFilled(id: number): IdKind {
    const before = this.#filled.at(-1);
    if (id > (this.lastId as number)) this.#filled = [];
    else if (before === undefined || (id > before && this.#filled.length < LATE_WINDOW)) this.#filled.push(id);
    else this.#filled = [id];
    return this.#isLate();
  }

  /** Whether an id of a shared stream is of somebody's first turn of a counting that begins with 0 or 1, and this one was over. */
  #beginsTurns(id: number): boolean {
    const { sequence, cycle, updates } = this.#turns;
    if (sequence.offset === 1 || id < 0 || id > cycle) return false;
    // A turn of several updates can be left behind before it is over.
    return this.#done > (updates === 1 && sequence.hasOpenTurns !== true ? cycle : 3 * cycle);
  }

  /** A source that counts anew may begin at or below the first id that was seen. */
  #mayBeHandedOver(distance: number): boolean {
    this.#handedOver += 1;
    return distance < this.#done && this.#handedOver <= LATE_WINDOW;
  }

  /** How far this counting has come. */
  get #done(): number {
    return (this.lastId as number) + this.#fallen - this.#begin;
  }

  /** The source counts anew, with this id or with those before it that had seemed to be late. */
  #rewind(id: number): IdKind {
    const filled = this.#filled;
    const [first, ...others] = filled.length > 0 && id > (filled.at(-1) as number) ? [...filled, id] : [id];
    if (first === id) return this.#countAnew(id, 'rewound');
    this.missed += filled.length;
    this.late -= filled.length;
    for (const each of filled) this.missing.add({ first: each, last: each, step: 1 });
    this.#countAnew(first, 'rewound');
    for (const each of others) this.#forward(this.lastId as number, each, each - (this.lastId as number));
    return 'rewound';
  }

  #countAnew(id: number, kind: 'restarted' | 'rewound'): IdKind {
    this.missing.close();
    this.received?.countAnew();
    this.#begin = id;
    this.#fallen = this.#lastFall = this.#handedOver = 0;
    this.#filled = [];
    this.#goOnFrom(id);
    this[kind] += 1;
    return kind;
  }
}
