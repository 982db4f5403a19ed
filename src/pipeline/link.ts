import type { Carrier } from './carrier.js';
import type { Clock } from './clock.js';
import type { Ledger } from './ledger.js';

/** What stands before a link in the chain. */
export interface Upstream {
  /** Events handed to the link behind. */
  readonly emitted: number;
  /** The link behind may take events again, or has become empty. */
  resume(): void;
}

/** What stands behind a link in the chain. */
export interface Downstream<E> {
  /** Whether `accept` may be called now. */
  readonly accepts: boolean;
  accept(carrier: Carrier<E>): void;
}

/**
 * A member of the chain: a stage, or a queue between two. Events are pushed from link to link as long as each accepts; a link
 * that did not, and does again, resumes those before it, up to the sources.
 */
export interface Link<E> extends Upstream, Downstream<E> {
  readonly name: string;
  previous: Upstream;
  next: Downstream<E>;
  /** Events it was handed by the link before. */
  readonly arrived: number;
  /** Takes no more, for the time being or for good. */
  isClosed: boolean;
  /** Goes on as soon as nothing else is on the stack. */
  wake(): void;
  /** Takes no more; resolves when all it had has been handed on, rejects when the run ends before. */
  retire(): Promise<void>;
  /** Called again and again when nothing more will come, until it gives true: it is empty. */
  finish(): boolean;
  /** Gives up everything; `lost` is called with each event, and whether a processor still has it. */
  stop(lost: (carrier: Carrier<E>, isBusy: boolean) => void): void;
}

/** What all links of a pipeline share. */
export interface Shared<E> {
  readonly ledger: Ledger<E>;
  readonly clock: Clock;
  /** Runs what may call code of users, so that what would start more of it meanwhile is put off. */
  turn(action: () => void): void;
  isEvent(value: unknown): boolean;
  /** A stage failed on an event: decides whether the run goes on, and settles the event. */
  failed(carrier: Carrier<E>, stage: string, error: unknown, cause: string): void;
  /** A stage failed outside of any event. */
  fault(stage: string, error: unknown): void;
  /** The run cannot go on. */
  abort(error: unknown): void;
  throttle(name: string, isOn: boolean): void;
  holdBack(source: string, isOn: boolean): void;
}
