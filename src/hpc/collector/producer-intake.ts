import type { PvObject } from '../../pva/pv-object.js';
import type { IdKind, IdType } from '../ids/id-tracker.js';
import { Intake, type IdNotes, type IntakeOptions } from '../inputs/intake.js';

export interface ProducerIntakeOptions extends Omit<IntakeOptions, 'ids'> {
  /** Called once, with the type of the ids. */
  readonly onIdType: (type: IdType) => void;
  /** The last object of the producer has arrived, and it is gone. */
  readonly onGone: () => void;
}

/**
 * Where the objects of one producer come in. Its ids alone say nothing, as others have those between: the ordering cache judges
 * them. Objects wait in a queue between here and there: what happened to the connection is to be known there when the
 * objects from before and after it arrive.
 */
export class ProducerIntake extends Intake {
  readonly #onGone: () => void;
  #isAway = false;
  /** Objects that are on the way to the cache. */
  readonly #underWay = new Set<PvObject>();
  #isFirstDue = false;
  #first: PvObject | undefined;

  constructor({ onIdType, onGone, ...options }: ProducerIntakeOptions) {
    super({ ...options, ids: new LastId(onIdType) });
    this.#onGone = onGone;
  }

  override admit(object: PvObject): boolean {
    if (!super.admit(object)) return false;
    this.#underWay.add(object);
    if (this.#isFirstDue) this.#first = object;
    this.#isFirstDue = false;
    return true;
  }

  override sourceCameBack(): void {
    super.sourceCameBack();
    this.#isAway = false;
    this.#isFirstDue = true;
  }

  sourceWentAway(): void {
    this.#isAway = true;
    if (this.#underWay.size === 0) this.#onGone();
  }

  /** Whether an object is the first that came after the producer had gone. */
  isFirst(object: PvObject): boolean {
    return object === this.#first;
  }

  /** An object has left the queue, for the cache or because of the policy of the queue. One that has done so before, or of another producer, says nothing. */
  arrived(object: PvObject): void {
    if (this.#underWay.delete(object) && this.#isAway && this.#underWay.size === 0) this.#onGone();
  }
}

/** Knows the last id, and finds nothing wrong with any. */
class LastId implements IdNotes {
  readonly missed = 0;
  lastId: number | undefined;

  constructor(readonly onType: (type: IdType) => void) {}

  set type(type: IdType) {
    this.onType(type);
  }

  note(id: number): IdKind {
    this.lastId = id;
    return 'next';
  }

  skip(): void {}

  sourceCameBack(): void {}
}
