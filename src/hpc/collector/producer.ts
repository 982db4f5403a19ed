import type { IdType } from '../ids/id-tracker.js';
import { idStep } from './id-step.js';

/** An object that is held, and what is known of it. */
export interface Held<E> {
  readonly producer: Producer<E>;
  readonly id: number;
  readonly event: E;
  readonly bytes: number;
  /** When it came, in milliseconds of a clock that never goes back. */
  readonly since: number;
  /** Which tile of its id it is; read when it is needed for the first time. */
  tile?: string | undefined;
  /** Its place in the order: the id, counted on over the end of the range. */
  position: number;
}

/** An id, and its place in the order. */
export interface Mark {
  readonly id: number;
  readonly position: number;
}

/** One of the producers, as the cache knows it: how far its ids have come, and in which epoch it counts. */
export class Producer<E> {
  /** Which of the countings this producer is in; a source that counts anew begins another. */
  epoch = 0;
  /** The furthest of its ids in this epoch. */
  furthest: Mark | undefined;
  /** When its last object came. */
  lastAt = 0;
  /** Whether objects are to be expected of it: it has not gone away. */
  isAwaited = true;
  /** It went away and is there again: a lower id is one of a new counting. */
  cameBack = false;
  /** Objects whose ids had come already: copies, or the beginning of a new counting; what follows them decides. */
  suspects: Held<E>[] = [];

  constructor(readonly id: number) {}

  /** The place of an id: counted from the furthest of this producer, or from `anchor`, or on its own. */
  placeOf(id: number, anchor: Mark | undefined, type: IdType): number {
    const from = this.furthest ?? anchor;
    return from === undefined ? id : from.position + idStep(from.id, id, type);
  }

  /** Its next object will be the first of it in an epoch. */
  enter(epoch: number): void {
    this.epoch = epoch;
    this.furthest = undefined;
    this.cameBack = false;
  }
}
