/** What a processor may give back for one event: the event for the next stage, nothing, several, or a promise of these. */
export type ProcessResult<E> = Given<E> | PromiseLike<Given<E>>;
type Given<E> = E | null | undefined | void | Iterator<E> | AsyncIterator<E>;

/**
 * One stage of a chain. The runtime calls `process` once for each event, in order, never while a promise of an earlier call
 * is pending. To throw, or to reject, fails this event alone; the next goes on. To give nothing back filters it.
 */
export interface Processor<E> {
  process(event: E): ProcessResult<E>;
}

/**
 * Where events come from. `start` is called once; `onReadable` is to be called whenever events may have come since `take`
 * last gave an empty batch. `take` is synchronous and gives at most `max` events; an empty batch says that there is nothing
 * more for now. Not taking is how the runtime holds a source back. `close` is called once, after the last `take`.
 */
export interface Source<E> {
  start(onReadable: () => void): void;
  take(max: number): readonly E[];
  /** Asks for no more; what has come already can still be taken. */
  pause(): void;
  close(): void;
}

/** Where events go. */
export interface Sink<E> {
  /** Called with each event that came out of the last stage; a promise holds the chain back until it resolves. */
  write?(event: E): void | Promise<void>;
  /** Asked after each event, whatever became of it: a promise holds the chain back until it resolves. */
  ready?(): Promise<void> | undefined;
}

/** Who is told what became of single events; the figures are in the accounts. */
export interface Observer<E> {
  /** An event was turned away for `reason`, before its end of life is announced by `release`. */
  onRejected?(event: E, reason: string): void;
  /** A stage failed on an event. `input` is the event as it entered the pipeline. */
  onFailed?(input: E, stage: string, error: unknown, cause: string): void;
  /** An event came to its end without a failure: it went through all stages, or one of them filtered it. */
  onProcessed?(input: E): void;
}
