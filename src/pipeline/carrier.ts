import type { EventContext } from './interfaces.js';

/**
 * What became of an event, worst last. Of an input of which several events were made the worst counts: it failed if one of
 * them did, and was filtered only if all of them were.
 */
export const FILTERED = 0;
export const PROCESSED = 1;
export const REJECTED = 2;
export const FAILED = 3;
export type Fate = typeof FILTERED | typeof PROCESSED | typeof REJECTED | typeof FAILED;

const NONE: readonly never[] = [];

/**
 * Takes an event through the stages, with what has to be known of it: what it was made of, what becomes of it, and the context
 * that users see. Carriers are used again (see {@link Ledger}), so that an event costs no allocation.
 */
export class Carrier<E> implements EventContext {
  /** The event as it is now: a stage may have given another one instead. */
  event: E;
  /** The event as the carrier got it. It is released last, because what stages give may share its memory. */
  origin: E;
  source: string;
  /** The carriers of the events that this one was made of; none for an input of the pipeline. */
  parents: readonly Carrier<E>[];
  /** How many still need this event: who has it, and each event that was made of it. */
  holds = 1;
  fate: Fate = FILTERED;
  /** Why it was rejected, or the cause of its failure. */
  reason = '';
  /** When the stage it is in was given it; negative when that is not measured. */
  startedAt = -1;
  #values: Map<unknown, unknown> | undefined;

  constructor(event: E, source: string, parents: readonly Carrier<E>[] = NONE) {
    this.event = this.origin = event;
    this.source = source;
    this.parents = parents;
  }

  /** Begins a new life with an event that came in. */
  renew(event: E, source: string): void {
    this.event = this.origin = event;
    this.source = source;
    this.holds = 1;
    this.fate = FILTERED;
    this.reason = '';
    this.#values = undefined;
  }

  get(key: unknown): unknown {
    if (this.#values?.has(key) === true) return this.#values.get(key);
    for (const parent of this.parents) {
      const value = parent.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(key: unknown, value: unknown): void {
    this.#values ??= new Map();
    this.#values.set(key, value);
  }

  /** Whether `event` belongs to one that this was made of, and is released with that. */
  inherits(event: E): boolean {
    return this.parents.some((parent) => parent.event === event || parent.origin === event || parent.inherits(event));
  }

  /** Calls `visit` with the inputs of the pipeline that this stems from. */
  forEachInput(visit: (input: Carrier<E>) => void): void {
    if (this.parents.length === 0) visit(this);
    else for (const parent of this.parents) parent.forEachInput(visit);
  }
}
