import type { EdgeOptions } from './edge.js';
import type { HoldingProcessor, Processor } from './interfaces.js';

/** A processor and how it is run. */
export interface StageOptions<E> {
  /** Under which it appears in statistics and messages; names of a chain differ. */
  readonly name: string;
  readonly processor: Processor<E> | HoldingProcessor<E>;
  /**
   * At most so many events are in work at once, as promises (1000). A processor that gives none has one at a time. A function is
   * asked before each event; it may answer 0 as long as promises are pending.
   */
  readonly concurrency?: number | (() => number) | undefined;
  /** Whether asynchronous events leave as they came (`arrival`, the default) or as they are done (`completion`). */
  readonly order?: 'arrival' | 'completion' | undefined;
  /** A queue in front. Without one the stage before hands over directly, and holds back when this one is busy. */
  readonly edge?: EdgeOptions<E> | undefined;
  /**
   * Of a processor that is no holding one: called once when nothing more will come to it, at a drain, or before it is replaced or
   * removed. The events that it gives go to the next stage; they count as received by the pipeline, as those that are injected.
   */
  readonly flush?: (() => PromiseLike<readonly E[]>) | undefined;
  /** In causes of failures; `name.process` if not given. */
  readonly where?: string | undefined;
}
