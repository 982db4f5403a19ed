/** No more than this many reasons or causes are told apart; what comes after them is counted as `other`. */
const MAX_REASONS = 100;

/** What happened to the events of a stage or of a whole pipeline, as plain figures. */
export interface AccountFigures {
  received: number;
  processed: number;
  filtered: number;
  rejected: number;
  failed: number;
  inFlight: number;
  rejectedBy: Record<string, number>;
  failedBy: Record<string, number>;
}

/**
 * The account of every event:
 *
 *     received = processed + filtered + rejected (by reason) + failed (by cause) + in flight
 *
 * Each event that is received is settled exactly once. What is in flight is not counted here: its owner knows it, so that
 * the identity is a check and not a definition.
 */
export class Account {
  received = 0;
  processed = 0;
  filtered = 0;
  rejected = 0;
  failed = 0;
  readonly #rejectedBy = new Map<string, number>();
  readonly #failedBy = new Map<string, number>();

  /** `count` events were turned away for `reason`: a full queue, a stop. */
  reject(reason: string, count = 1): void {
    if (count === 0) return;
    this.rejected += count;
    add(this.#rejectedBy, reason, count);
  }

  /** One event failed because of `cause`. */
  fail(cause: string): void {
    this.failed += 1;
    add(this.#failedBy, cause, 1);
  }

  /** All events that have left, however they left. */
  get settled(): number {
    return this.processed + this.filtered + this.rejected + this.failed;
  }

  /** Begins anew; the events that are in flight at this moment count as received. */
  reset(inFlight: number): void {
    this.received = inFlight;
    this.processed = this.filtered = this.rejected = this.failed = 0;
    this.#rejectedBy.clear();
    this.#failedBy.clear();
  }

  /** The figures of this moment. */
  figures(inFlight: number): AccountFigures {
    const { received, processed, filtered, rejected, failed } = this;
    return {
      received,
      processed,
      filtered,
      rejected,
      failed,
      inFlight,
      rejectedBy: Object.fromEntries(this.#rejectedBy),
      failedBy: Object.fromEntries(this.#failedBy),
    };
  }
}

/** What is wrong with these figures, or nothing: the identity, spelt out. */
export function imbalanceOf(figures: AccountFigures): string | undefined {
  const { received, processed, filtered, rejected, failed, inFlight } = figures;
  if (received === processed + filtered + rejected + failed + inFlight) return undefined;
  return `received ${received} is not processed ${processed} + filtered ${filtered} + rejected ${rejected} + failed ${failed} + in flight ${inFlight}`;
}

/** Under which reason something is noted: when there are many different ones already, all others are one. */
export function reasonWithin(noted: ReadonlyMap<string, unknown>, reason: string): string {
  return noted.has(reason) || noted.size < MAX_REASONS ? reason : 'other';
}

function add(counts: Map<string, number>, key: string, count: number): void {
  const name = reasonWithin(counts, key);
  counts.set(name, (counts.get(name) ?? 0) + count);
}
