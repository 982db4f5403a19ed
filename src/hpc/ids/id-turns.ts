import type { IdRange } from './id-ranges.js';

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

/** What should have come between two ids. */
export interface Absent {
  readonly count: number;
  readonly ranges: readonly IdRange[];
  /** The later id is not of the turns that the earlier one belongs to. */
  readonly offPhase: boolean;
}

/** So many turns that were missed as a whole are listed one by one; they are counted all. */
const MAX_TURNS_LISTED = 1000;

/** The turns of one consumer, as the sequence of its ids describes them, counted from where they were seen to begin. */
export class IdTurns {
  readonly sequence: IdSequence;
  /** Updates in a turn. */
  readonly updates: number;
  #end = 0;

  /** @param tiles so many updates have the same id; 0 if it is not known how many */
  constructor(given: IdSequence, tiles: number) {
    this.sequence = sequenceOfTiles(given, tiles);
    // Turns that follow each other without a gap between them are no turns.
    this.updates = this.sequence.offset === 1 ? 1 : this.sequence.sequentialUpdates;
  }

  /** From the begin of one turn to that of the next. */
  get cycle(): number {
    return this.sequence.offset + this.updates - 1;
  }

  /** A turn begins with this id. */
  anchor(id: number): void {
    this.#end = id + this.updates - 1;
  }

  /** From now on all ids are less by so much. */
  shift(distance: number): void {
    this.#end -= distance;
  }

  /** What is absent when an id follows that is larger by `step`. */
  absent(last: number, step: number): Absent {
    if (this.updates > 1) return this.#absentOfTurns(last, step);
    const { hasOpenTurns, offset } = this.sequence;
    const isInTurn = hasOpenTurns === true && step < offset;
    return isInTurn ? absentBetween(last + 1, last + step - 1) : this.#absentOfOffset(last, step);
  }

  /** One update per turn: 1, 5, 9, 13 with an offset of 4. */
  #absentOfOffset(last: number, step: number): Absent {
    const { offset } = this.sequence;
    const turns = Math.floor(step / offset);
    const count = Math.max(0, turns - 1);
    const range = { first: last + offset, last: last + count * offset, step: offset };
    return { count, ranges: count > 0 ? [range] : [], offPhase: step % offset !== 0 };
  }

  /** Several updates per turn: (1, 2, 3) (13, 14, 15) with an offset of 10. */
  #absentOfTurns(last: number, step: number): Absent {
    const { updates, cycle } = this;
    const id = last + step;
    if (id <= this.#end) return absentBetween(last + 1, id - 1);
    const firstTurn = this.#end - updates + 1;
    const turn = Math.floor((id - firstTurn) / cycle);
    const start = firstTurn + turn * cycle;
    if (id - start >= updates) return this.#leave(last, id);
    const ranges = [range(last + 1, this.#end)];
    for (let at = Math.max(1, turn - MAX_TURNS_LISTED); at < turn; at++) {
      ranges.push(range(firstTurn + at * cycle, firstTurn + at * cycle + updates - 1));
    }
    ranges.push(range(start, id - 1));
    const count = this.#end - last + (turn - 1) * updates + (id - start);
    this.#end = start + updates - 1;
    return { count, ranges: ranges.filter((each) => each.last >= each.first), offPhase: false };
  }

  /** The id is in none of this consumer's turns: others came or went, and the turns begin anew with it. */
  #leave(last: number, id: number): Absent {
    const absent = absentBetween(last + 1, this.#end);
    this.anchor(id);
    return { ...absent, offPhase: true };
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

function range(first: number, last: number): IdRange {
  return { first, last, step: 1 };
}

function absentBetween(first: number, last: number): Absent {
  const count = Math.max(0, last - first + 1);
  return { count, ranges: count > 0 ? [range(first, last)] : [], offPhase: false };
}
