import { IdRanges, type IdRange } from './id-ranges.js';

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

/** How ids are to follow each other. */
export interface IdSequence {
  /** By how much the id grows from the last update of one turn to the first of the next; 1 without a distributor. */
  readonly offset: number;
  /** How many sequential updates make a turn. */
  readonly sequentialUpdates: number;
  /** Ids that do not come were not missed: somebody before has filtered them. */
  readonly mayLeap?: boolean;
  /** It is not known how many updates make a turn: ids that follow each other are one, as long as they do. */
  readonly hasOpenTurns?: boolean;
}

/** An id may jump by no more than this over the end of its range, to count as wrapped and not as rewound. */
const WRAP_WINDOW = 2 ** 24;

/** The type of the field that carries the ids. */
export interface IdType {
  readonly bits: number;
  readonly signed: boolean;
}

/**
 * Finds out from the ids alone what was lost on the way.
 *
 * With `offset` and `sequentialUpdates` a consumer gets its share of a distributed stream: with four consumers, three
 * updates each, the offset is 10 and the first consumer sees (1, 2, 3) (13, 14, 15) (25, …). `missed` counts the frames of
 * this share that never came. Ids are integers of `bits` bits that wrap around; 64-bit ids are taken as numbers, which is
 * exact up to 2^53.
 */
export class IdTracker {
  missed = 0;
  repeated = 0;
  rewound = 0;
  restarted = 0;
  wrapped = 0;
  offPhase = 0;
  late = 0;
  firstId: number | undefined;
  lastId: number | undefined;
  /** The ids that were missed and are missing still. */
  readonly missing = new IdRanges();
  /** Is told of each id that is counted, where somebody wants to know. */
  received: { add(id: number): void } | undefined;
  #given!: IdSequence;
  #tiles = 1;
  /** What is given, for frames that come as so many tiles. */
  #sequence!: IdSequence;
  #updates = 1;
  #turnEnd = 0;
  #sourceCameBack = false;
  #period = 2 ** 32;
  #max = 2 ** 31 - 1;

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
    this.#sequence = sequence = sequenceOfTiles(sequence, this.#tiles);
    // Turns that follow each other without a gap between them are no turns.
    this.#updates = sequence.offset === 1 ? 1 : sequence.sequentialUpdates;
    if (this.lastId !== undefined) this.#anchor(this.lastId);
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
    if (this.lastId !== undefined) this.#anchor(id);
  }

  /** Notes the id of the next frame. */
  note(id: number): IdKind {
    this.received?.add(id);
    const cameBack = this.#sourceCameBack;
    this.#sourceCameBack = false;
    const last = this.lastId;
    if (last === undefined) return this.#first(id);
    if (id === last + 1 && this.#sequence.offset === 1) {
      this.lastId = id; // the common case, and the fast one
      return 'next';
    }
    if (id === last) return this.#same(id);
    const step = this.#stepFrom(last, id);
    if (step > 0) return this.#forward(last, id, step);
    return this.#back(id, cameBack);
  }

  /** An id came out of its order. If it had been counted as missed, it is missed no more. */
  cameLate(id: number): void {
    if (!this.missing.remove(id)) return;
    this.missed -= 1;
    this.late += 1;
  }

  /** An id is known to have been sent, and has not come: it was missed, and all before it that have not come either. */
  announce(id: number): void {
    const last = this.lastId;
    if (last === undefined) return;
    const { offset } = this.#sequence;
    const count = Math.floor(this.#stepFrom(last, id) / offset);
    if (count <= 0) return;
    const range = { first: last + offset, last: last + count * offset, step: offset };
    const wraps = id < last;
    this.#miss({ count, ranges: [range], offPhase: false }, wraps);
    if (wraps) this.wrapped += 1;
    this.lastId = wraps ? this.#wrapRange(range).last : range.last;
  }

  /** Counts anew, from the next id on. */
  reset(): void {
    this.missed = this.repeated = this.rewound = this.restarted = this.wrapped = this.offPhase = this.late = 0;
    this.firstId = this.lastId = undefined;
    this.missing.clear();
  }

  #first(id: number): IdKind {
    this.firstId = id;
    this.#anchor(id);
    return 'first';
  }

  /** The last id once more, unless it had only been announced. */
  #same(id: number): IdKind {
    if (this.missing.remove(id)) {
      this.missed -= 1;
      this.late += 1;
      return 'late';
    }
    this.repeated += 1;
    return 'repeated';
  }

  /** The turns are counted from this id on. */
  #anchor(id: number): void {
    this.lastId = id;
    this.#turnEnd = id + this.#updates - 1;
  }

  /** How far it is from one id to another; forward over the end of the range, if that is near. */
  #stepFrom(last: number, id: number): number {
    const step = id - last;
    if (step > 0) return step;
    if (step + this.#period <= Math.min(WRAP_WINDOW, this.#period / 4)) return step + this.#period;
    // Some detectors go on with 0 or 1 after the largest positive number.
    return last === this.#max && (id === 0 || id === 1) ? 1 : step;
  }

  #forward(last: number, id: number, step: number): IdKind {
    const wraps = id < last;
    if (this.#sequence.mayLeap === true) return this.#leap(id, wraps);
    const absent = this.#absent(last, step);
    this.lastId = id;
    if (wraps) {
      this.wrapped += 1;
      this.#turnEnd -= last + step - id;
    }
    if (absent.offPhase) this.offPhase += 1;
    if (absent.count === 0) return absent.offPhase ? 'offPhase' : 'next';
    this.#miss(absent, wraps);
    return 'gap';
  }

  #leap(id: number, wraps: boolean): IdKind {
    this.lastId = id;
    if (wraps) this.wrapped += 1;
    return 'next';
  }

  #absent(last: number, step: number): Absent {
    if (this.#updates > 1) return this.#absentOfTurns(last, step);
    const { hasOpenTurns, offset } = this.#sequence;
    const isInTurn = hasOpenTurns === true && step < offset;
    return isInTurn ? absentBetween(last + 1, last + step - 1) : this.#absentOfOffset(last, step);
  }

  /** One update per turn: 1, 5, 9, 13 with an offset of 4. */
  #absentOfOffset(last: number, step: number): Absent {
    const { offset } = this.#sequence;
    const turns = Math.floor(step / offset);
    const count = Math.max(0, turns - 1);
    const range = { first: last + offset, last: last + count * offset, step: offset };
    return { count, ranges: count > 0 ? [range] : [], offPhase: step % offset !== 0 };
  }

  /** Several updates per turn: (1, 2, 3) (13, 14, 15) with an offset of 10. */
  #absentOfTurns(last: number, step: number): Absent {
    const updates = this.#updates;
    const { offset } = this.#sequence;
    const id = last + step;
    if (id <= this.#turnEnd) return absentBetween(last + 1, id - 1);
    const cycle = offset + updates - 1;
    const firstTurn = this.#turnEnd - updates + 1;
    const turn = Math.floor((id - firstTurn) / cycle);
    const start = firstTurn + turn * cycle;
    if (id - start >= updates) return this.#leaveTurns(last, id);
    const ranges = [range(last + 1, this.#turnEnd)];
    for (let at = Math.max(1, turn - MAX_TURNS_LISTED); at < turn; at++) {
      ranges.push(range(firstTurn + at * cycle, firstTurn + at * cycle + updates - 1));
    }
    ranges.push(range(start, id - 1));
    const count = this.#turnEnd - last + (turn - 1) * updates + (id - start);
    this.#turnEnd = start + updates - 1;
    return { count, ranges: ranges.filter((each) => each.last >= each.first), offPhase: false };
  }

  /** The id is in none of this consumer's turns: others came or went, and the turns begin anew with it. */
  #leaveTurns(last: number, id: number): Absent {
    const absent = absentBetween(last + 1, this.#turnEnd);
    this.#turnEnd = id + this.#updates - 1;
    return { ...absent, offPhase: true };
  }

  /** A source that counts anew begins at or below the first id that was seen. */
  #mayBeHandedOver(id: number): boolean {
    return this.#sequence.offset > 1 && this.firstId !== undefined && id > this.firstId;
  }

  #miss(absent: Absent, wraps: boolean): void {
    this.missed += absent.count;
    for (const each of absent.ranges) this.missing.add(wraps ? this.#wrapRange(each) : each);
  }

  #wrapRange({ first, last, step }: IdRange): IdRange {
    const wrap = (id: number) => (id > this.#max ? id - this.#period : id);
    return { first: wrap(first), last: wrap(last), step };
  }

  #back(id: number, cameBack: boolean): IdKind {
    if (!cameBack && this.missing.remove(id)) {
      this.missed -= 1;
      this.late += 1;
      return 'late';
    }
    if (!cameBack && this.#mayBeHandedOver(id)) {
      this.late += 1;
      return 'late';
    }
    this.#anchor(id);
    if (cameBack) this.restarted += 1;
    else this.rewound += 1;
    return cameBack ? 'restarted' : 'rewound';
  }
}

/**
 * How ids follow each other where each is that of several tiles, which are shared one by one. Where that depends on which tile
 * went to whom they may leap.
 */
function sequenceOfTiles(sequence: IdSequence, tiles: number): IdSequence {
  const { offset } = sequence;
  if (tiles === 1 || offset === 1) return sequence;
  const updates = sequence.sequentialUpdates;
  const images = (offset + updates - 1) / tiles; // in a cycle of all consumers
  if (images <= 1 && updates === 1) return { ...sequence, offset: 1 };
  const isRegular = Number.isInteger(images) && tiles % updates === 0;
  return isRegular ? { ...sequence, offset: images, sequentialUpdates: 1 } : { ...sequence, mayLeap: true };
}

/** So many turns that were missed as a whole are listed one by one; they are counted all. */
const MAX_TURNS_LISTED = 1000;

interface Absent {
  readonly count: number;
  readonly ranges: readonly IdRange[];
  readonly offPhase: boolean;
}

function range(first: number, last: number): IdRange {
  return { first, last, step: 1 };
}

function absentBetween(first: number, last: number): Absent {
  const count = Math.max(0, last - first + 1);
  return { count, ranges: count > 0 ? [range(first, last)] : [], offPhase: false };
}
