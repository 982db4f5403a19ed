import { Account } from './account.js';
import type { Carrier } from './carrier.js';
import type { Clock } from './clock.js';
import { LatencyHistogram } from './latency.js';

/** One event in eight is timed; to time each would cost more than a small processor. */
const TIMED_MASK = 7;

/** The account of a stage, which is about the events it was given, and what it handed on, and how long it took. */
export class StageCounts extends Account {
  readonly latency = new LatencyHistogram();
  /** Events handed to the next link. */
  emitted = 0;
  /** How many of the received were injected here. */
  injected = 0;
  /** Events that were received and have not been settled. */
  inFlight = 0;
  #timedMs = 0;

  constructor(readonly clock: Clock) {
    super();
  }

  /** How many of the received came from the link before. */
  get arrived(): number {
    return this.received - this.injected;
  }

  /** Milliseconds that all events have spent with the processor, estimated from those that were timed. */
  get totalMs(): number {
    return this.#timedMs * (TIMED_MASK + 1);
  }

  receive(): void {
    this.received += 1;
    this.inFlight += 1;
  }

  /** The processor is called. */
  begin(carrier: Carrier<unknown>): void {
    carrier.startedAt = (this.received & TIMED_MASK) === 1 ? this.clock.now() : -1;
  }

  /** The processor has given something, or let the event go. */
  time(carrier: Carrier<unknown>): void {
    if (carrier.startedAt < 0) return;
    const ms = this.clock.now() - carrier.startedAt;
    this.latency.add(ms);
    this.#timedMs += ms;
    carrier.startedAt = -1;
  }

  /** Begins anew; what is in flight counts as received. */
  restart(): void {
    this.reset(this.inFlight);
    this.latency.reset();
    this.emitted = this.injected = this.#timedMs = 0;
  }
}
