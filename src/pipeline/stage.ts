import { PvaflowError } from '../core/errors.js';
import { Account } from './account.js';
import type { Clock } from './clock.js';
import type { Processor, ProcessResult } from './interfaces.js';
import { LatencyHistogram } from './latency.js';

/** A processor and what it did. */
export class Stage<E> {
  readonly account = new Account();
  readonly latency = new LatencyHistogram();
  /** Events that entered and have not been settled. */
  inFlight = 0;

  constructor(
    readonly name: string,
    readonly processor: Processor<E>,
    readonly clock: Clock,
  ) {}

  /** Calls the processor. Whoever calls this settles the event with one of the methods below. */
  enter(event: E): ProcessResult<E> {
    this.account.received += 1;
    this.inFlight += 1;
    return this.processor.process(event);
  }

  /** The event goes on; `startedAt` is when it entered, negative when that was not measured. */
  passed(startedAt: number): void {
    this.inFlight -= 1;
    this.account.processed += 1;
    if (startedAt >= 0) this.latency.add(this.clock.now() - startedAt);
  }

  /** The event ends here, as the processor wanted it. */
  filtered(startedAt: number): void {
    this.inFlight -= 1;
    this.account.filtered += 1;
    if (startedAt >= 0) this.latency.add(this.clock.now() - startedAt);
  }

  /** @returns the cause under which the failure was counted */
  failed(error: unknown): string {
    this.inFlight -= 1;
    const cause = causeOf(error, this.name);
    this.account.fail(cause);
    return cause;
  }

  /** What is in flight will not be waited for. */
  abandon(reason: string): void {
    if (this.inFlight > 0) this.account.reject(reason, this.inFlight);
    this.inFlight = 0;
  }

  reset(): void {
    this.account.reset(this.inFlight);
    this.latency.reset();
  }
}

/** A short name of what went wrong and where, the same for every event that fails alike. */
export function causeOf(error: unknown, stage: string): string {
  const what = error instanceof PvaflowError ? error.code : error instanceof Error ? error.name : typeof error;
  return `${what} in ${stage}.process`;
}
