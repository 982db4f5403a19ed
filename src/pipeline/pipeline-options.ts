import type { Clock } from './clock.js';
import type { Observer, Sink } from './interfaces.js';
import type { SourceOptions } from './receiver.js';
import type { StageOptions } from './stage-options.js';

/** A failure of a stage, as `catchError` is asked about it. */
export interface Failure<E> {
  readonly stage: string;
  /** The event as the stage had it; undefined when it failed outside of any. */
  readonly event: E | undefined;
}

export interface PipelineOptions<E> {
  readonly sources: readonly SourceOptions<E>[];
  /** In the order of the chain. */
  readonly processors: readonly StageOptions<E>[];
  readonly sink?: Sink<E>;
  readonly observer?: Observer<E>;
  /** `soft`, the default: the event failed and is counted, the next goes on. `hard`: the run ends with this error. */
  readonly catchError?: (error: unknown, failure: Failure<E>) => 'soft' | 'hard';
  /** Called once for each event that came in, and for each that a stage made, when nothing here needs it any more. */
  readonly release?: (event: E) => void;
  /** Whether something that a stage gave is an event: what is none fails the event it was made of. */
  readonly isEvent?: (value: unknown) => boolean;
  readonly clock?: Clock;
}
