/**
 * What plugs into the runtime: sources, processors, sinks. Everything is called on one thread, and never from within another
 * call into the same pipeline: `emit`, `inject` and `throttle` may be called from anywhere, also from `process`.
 */

/** What a processor may give back for one event: the event for the next stage, nothing, several, or a promise of these. */
export type ProcessResult<E> = Given<E> | PromiseLike<Given<E>>;
type Given<E> = E | null | undefined | void | Iterator<E> | AsyncIterator<E>;

/**
 * One stage of a chain. The runtime calls `process` once for each event, in the order of arrival; while promises of earlier
 * calls are pending only up to the concurrency of the stage. To throw, or to reject, fails this event alone; the next goes on.
 * To give nothing back filters it. An iterator (generator) is asked for its next event when the next stage has taken the last.
 */
export interface Processor<E> {
  /** `context` belongs to the event, and is valid until the event has left the stage. */
  process(event: E, context: EventContext): ProcessResult<E>;
}

/** What travels beside an event. Nothing is allocated for it until somebody calls `set`. */
export interface EventContext {
  /** Name of the source the event came from; of an event that was made of others, that of the first; `''` if injected. */
  readonly source: string;
  /** The value of `key`: of this event, or else of those it was made of. */
  get(key: unknown): unknown;
  set(key: unknown, value: unknown): void;
}

/** Given back by the `process` of a {@link HoldingProcessor}: the event stays with the stage for now. */
export const HELD: unique symbol = Symbol('held');

/** What a holding processor may give back for one event. */
export type HoldingResult<E> = ProcessResult<E> | typeof HELD | PromiseLike<typeof HELD>;

/**
 * A stage that needs several events before it can give one, or gives one later: an ordering cache, a join, a window.
 *
 * `process` gives {@link HELD} for an event it keeps. That event is *in flight of this stage*, and not released, until the
 * stage says by its {@link StageControl} what becomes of it: `emit`, `filter`, `reject` or `fail`; from `process`, from a timer,
 * whenever it likes. Besides, it may give what every processor may give. How much it holds is its own business: it must have a
 * limit of its own. An event (the same object, or the same number) can be held once at a time.
 */
export interface HoldingProcessor<E> {
  /** Called once, before the first event. */
  attach(stage: StageControl<E>): void;
  process(event: E, context: EventContext): HoldingResult<E>;
  /**
   * Called when nothing more will come: at a drain, after all stages in front are empty, and before the stage is replaced or
   * removed; the stage is given no events until it is over. Emit or reject what is held. What is still held when it has returned, or its promise has resolved, is rejected
   * because of {@link LEFT_BEHIND}; if it throws, it is failed.
   */
  flush(): void | PromiseLike<void>;
}

/** The reason under which events are counted that a stage still held after its `flush`. */
export const LEFT_BEHIND = 'left behind by the stage';

/**
 * What a holding stage does with the events it holds. To name an event that is not held throws a RangeError. After the end of
 * the run, when nothing is held any more, calls do nothing.
 */
export interface StageControl<E> {
  /**
   * Sends an event to the next stage.
   *
   * - `emit(event)` of a held event: it goes on as it is.
   * - `emit(event, [a, b, …])`: an event made of held ones, which have thereby been processed; their fate is its fate. One of
   *   them may be `event` itself.
   * - `emit(event, [])`: a new event, made of none; it counts as received by the pipeline, as one that was injected.
   *
   * Events go in the order of the calls, as soon as the next stage takes them; until then those they are made of stay in flight
   * of this stage, and it is given no new ones.
   *
   * @returns whether there is nothing that waits. Who makes new events from nothing should stop when there is: of those, no more
   *   than a thousand wait, the others are rejected.
   */
  emit(event: E, from?: readonly E[]): boolean;
  /** A held event ends here as the stage wants it. */
  filter(event: E): void;
  /** A held event is given up for `reason`: it came too late, the cache was full. */
  reject(event: E, reason: string): void;
  /** A held event failed. */
  fail(event: E, error: unknown): void;
  /** See {@link Pipeline.throttle}. */
  throttle(name: string, isOn: boolean): void;
  /** See {@link Pipeline.holdBack}. */
  holdBack(source: string, isOn: boolean): void;
}

/**
 * Where events come from. `start` is called once; `onReadable` is to be called whenever events may have come since `take`
 * last gave an empty batch. A promise given by `start` resolves when the source is ready, and ends the run if it rejects; events
 * may come before. `take` is synchronous and gives at most `max` events; an empty batch says that there is nothing more for now.
 * Not taking is how the runtime holds a source back. `close` is called once, after the last `take`. What any of these throws ends
 * the run.
 */
export interface Source<E> {
  start(onReadable: () => void): void | Promise<void>;
  take(max: number): readonly E[];
  /** Asks for no more; what has come already can still be taken. */
  pause(): void;
  close(): void;
}

/** Where events go. */
export interface Sink<E> {
  /** Called with each event that came out of the last stage; a promise holds the next one back until it resolves. */
  write?(event: E, context: EventContext): void | Promise<void>;
  /** Asked before each event is begun, and before the end: a promise holds the sources back until it resolves. An error ends the run. */
  ready?(): Promise<void> | undefined;
}

/** Who is told what became of single events; the figures are in the accounts. Inputs are events as they entered the pipeline. */
export interface Observer<E> {
  /** An input was given up for `reason`, or something made of it was. Afterwards it is released. */
  onRejected?(input: E, reason: string): void;
  /** A stage failed on an input, or on something made of it: told once for each input, of the first failure. */
  onFailed?(input: E, stage: string, error: unknown, cause: string): void;
  /** A stage failed, but not on an event: in its `flush`, or after it had disposed of the event it was given. */
  onFault?(stage: string, error: unknown): void;
  /** An input came to its end without a failure: it went through all stages, or was filtered. Afterwards it is released. */
  onProcessed?(input: E): void;
}
