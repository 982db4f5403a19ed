import { Account } from './account.js';
import { Carrier, FAILED, FILTERED, PROCESSED, REJECTED, type Fate } from './carrier.js';
import type { Observer } from './interfaces.js';

/** The reason under which events are counted that a stop left behind. */
export const STOPPED = 'stopped';

/** Carriers kept for the next events. */
const MAX_SPARE = 1024;

/**
 * The account of the pipeline as a whole, which is about its inputs: what came from the sources, and what was injected. It gives
 * each event a carrier, follows what is made of it, and settles and releases each exactly once.
 */
export class Ledger<E> {
  readonly account = new Account();
  /** Inputs in the chain that are not settled. */
  active = 0;
  /** How many of the inputs were injected. */
  injected = 0;
  #isOver = false;
  readonly #spare: Carrier<E>[] = [];

  constructor(
    readonly observer: Observer<E>,
    readonly release: (event: E) => void,
  ) {}

  /** An input enters the chain; it has been counted as received. */
  begin(event: E, source: string): Carrier<E> {
    this.active += 1;
    const spare = this.#spare.pop();
    if (spare === undefined) return new Carrier(event, source);
    spare.renew(event, source);
    return spare;
  }

  /** An input that comes from no source. */
  inject(event: E): Carrier<E> {
    this.injected += 1;
    this.account.received += 1;
    return this.begin(event, '');
  }

  /** An event is made of others, which live until it is settled. */
  derive(event: E, parents: readonly Carrier<E>[]): Carrier<E> {
    for (const parent of parents) parent.holds += 1;
    return new Carrier(event, parents[0]?.source ?? '', parents);
  }

  /** A stage gave another event instead. */
  replace(carrier: Carrier<E>, event: E): void {
    const old = carrier.event;
    carrier.event = event;
    if (old !== carrier.origin) this.#release(carrier, old);
  }

  /** Tells of a failure, and ends the part of the event. */
  fail(carrier: Carrier<E>, stage: string, error: unknown, cause: string): void {
    if (!this.#isOver) {
      carrier.forEachInput((input) => {
        if (input.fate === FAILED) return;
        input.fate = FAILED;
        input.reason = cause;
        this.observer.onFailed?.(input.origin, stage, error, cause);
      });
    }
    this.close(carrier, FAILED, cause);
  }

  /** Who had the event is done with it. It is settled when also all that was made of it is. */
  close(carrier: Carrier<E>, fate: Fate, reason = ''): void {
    if (fate > carrier.fate) {
      carrier.fate = fate;
      carrier.reason = reason;
    }
    carrier.holds -= 1;
    if (carrier.holds > 0) return;
    const { event, origin, parents } = carrier;
    if (event !== origin) this.#release(carrier, event);
    if (parents.length === 0) this.#settle(carrier);
    else {
      this.#release(carrier, origin);
      for (const parent of parents) this.close(parent, carrier.fate, carrier.reason);
    }
  }

  /** Nothing is waited for any more: `lost` are the carriers whose whereabouts are known. */
  stop(lost: readonly Carrier<E>[]): void {
    this.#isOver = true;
    this.account.reject(STOPPED, this.active);
    this.active = 0;
    const inputs = new Set<Carrier<E>>();
    for (const carrier of lost) carrier.forEachInput((input) => inputs.add(input));
    for (const { origin } of inputs) this.observer.onRejected?.(origin, STOPPED);
  }

  /** Begins the counts anew, with `inFlight` inputs that are not settled. */
  resetStats(inFlight: number): void {
    this.account.reset(inFlight);
    this.injected = 0;
  }

  #settle(input: Carrier<E>): void {
    const { origin, fate, reason } = input;
    if (!this.#isOver) {
      this.active -= 1;
      this.#count(input.origin, fate, reason);
    }
    this.release(origin);
    if (this.#spare.length < MAX_SPARE) this.#spare.push(input);
  }

  #count(origin: E, fate: Fate, reason: string): void {
    const { account, observer } = this;
    if (fate === PROCESSED || fate === FILTERED) {
      if (fate === PROCESSED) account.processed += 1;
      else account.filtered += 1;
      observer.onProcessed?.(origin);
    } else if (fate === REJECTED) {
      account.reject(reason);
      observer.onRejected?.(origin, reason);
    } else account.fail(reason);
  }

  #release(carrier: Carrier<E>, event: E): void {
    if (!carrier.inherits(event)) this.release(event);
  }
}
