import { Account, imbalanceOf, type AccountFigures } from './account.js';
import type { OnFull, QueueCounters, QueueLimits } from './bounded-queue.js';
import { Chain, FILTERED, PROCESSED, type NamedProcessor, type Outcome } from './chain.js';
import { systemClock, type Clock } from './clock.js';
import type { Observer, Sink, Source } from './interfaces.js';
import { Receiver } from './receiver.js';

/** After this long the event loop gets its turn: timers, signals, other channels. */
const SLICE_MS = 10;

/** The reason under which events are counted that a stop left behind. */
export const STOPPED = 'stopped';

/** The queue in front of the first processor. */
export interface QueueOptions<E> extends QueueLimits {
  readonly onFull: OnFull;
  /** Bytes that an event holds; asked once, when it arrives. Without it the limit in bytes does not apply. */
  readonly sizeOf?: (event: E) => number;
  /** Fill the queue while a processor is busy. Otherwise events stay with the source until a processor is free. */
  readonly eager?: boolean;
  /** Begin only when this many events are queued, or nothing has come for the time given. */
  readonly accumulate?: { readonly items: number; readonly timeoutMs: number } | undefined;
}

export interface PipelineOptions<E> {
  readonly source: Source<E>;
  readonly processors: readonly NamedProcessor<E>[];
  readonly sink?: Sink<E>;
  readonly queue: QueueOptions<E>;
  readonly observer?: Observer<E>;
  /** Called once for each event that came in, and for each that a stage made, when nothing here needs it any more. */
  readonly release?: (event: E) => void;
  /** Whether something that a stage gave is an event: what is none fails the event it was made of. */
  readonly isEvent?: (value: unknown) => boolean;
  readonly clock?: Clock;
}

/** The figures of a pipeline at one moment. */
export interface PipelineStats extends AccountFigures {
  queue: QueueCounters & { length: number; bytes: number; limit: number };
  stages: (AccountFigures & { name: string; p50Ms: number; p99Ms: number })[];
  /** Milliseconds for which the output, not a processor, held the chain back. */
  waitedMs: number;
}

type State = 'idle' | 'running' | 'draining' | 'ended';

/**
 * One chain at work: source, receiver queue, processors, sink. Events are processed in order, one at a time; a processor
 * that is synchronous costs no promise. Every event is accounted for: see {@link Account}.
 */
export class Pipeline<E> {
  readonly account = new Account();
  /** Resolves when the pipeline has ended, rejects when it could not go on. */
  readonly ended: Promise<void>;
  readonly #options: PipelineOptions<E>;
  readonly #clock: Clock;
  readonly #sink: Sink<E>;
  readonly #receiver: Receiver<E>;
  readonly #chain: Chain<E>;
  #state: State = 'idle';
  #pumping = false;
  /** A promise of a processor or of the output is pending. */
  #suspended = false;
  #active = 0;
  #waitedMs = 0;
  #lastArrival = 0;
  #forgetTimer: (() => void) | undefined;
  #settleEnded!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(options: PipelineOptions<E>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sink = options.sink ?? {};
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
    const { items, bytes, onFull, sizeOf } = options.queue;
    const onRejected = (event: E, reason: string) => this.#rejected(event, reason);
    this.#receiver = new Receiver(
      options.source,
      { limits: { items, bytes }, onFull, sizeOf, onRejected },
      this.account,
    );
    const release = options.release ?? (() => {});
    const isEvent = options.isEvent ?? (() => true);
    this.#chain = new Chain(options.processors, this.#sink, this.#clock, options.observer ?? {}, release, isEvent);
  }

  get state(): State {
    return this.#state;
  }

  /** Events that have been received and not settled. */
  get inFlight(): number {
    return this.#receiver.queue.length + this.#active;
  }

  /** Begins; may be called once. */
  start(): void {
    if (this.#state !== 'idle') throw new Error('a pipeline is started once');
    this.#state = 'running';
    this.#options.source.start(() => this.#onReadable());
  }

  /** Takes no more from outside, finishes what has come, and ends. @returns {@link ended} */
  drain(): Promise<void> {
    if (this.#state === 'idle') this.#end();
    if (this.#state === 'running') {
      this.#state = 'draining';
      this.#options.source.pause();
      this.#receiver.readable = true;
      this.#pump();
    }
    return this.ended;
  }

  /** Ends at once. What is queued or in work is counted as rejected because of the stop. */
  stop(): void {
    if (this.#state === 'ended') return;
    this.#receiver.rejectAll(STOPPED);
    if (this.#active > 0) this.account.reject(STOPPED, this.#active);
    this.#active = 0;
    for (const stage of this.#chain.stages) stage.abandon(STOPPED);
    this.#end();
  }

  /** New limits for the receiver queue; what is queued stays. */
  setQueueLimits(limits: QueueLimits): void {
    this.#receiver.queue.limits = limits;
  }

  /** Counts anew. Events in flight count as received. */
  resetStats(): void {
    this.account.reset(this.inFlight);
    this.#receiver.queue.resetCounters();
    for (const stage of this.#chain.stages) stage.reset();
    this.#waitedMs = 0;
  }

  stats(): PipelineStats {
    const { queue } = this.#receiver;
    return {
      ...this.account.figures(this.inFlight),
      queue: { ...queue.counters, length: queue.length, bytes: queue.bytes, limit: queue.limits.items },
      stages: this.#chain.stages.map(({ name, account, inFlight, latency }) => ({
        name,
        ...account.figures(inFlight),
        p50Ms: latency.quantile(0.5),
        p99Ms: latency.quantile(0.99),
      })),
      waitedMs: this.#waitedMs,
    };
  }

  /** What is wrong with the accounts; nothing, at every moment. */
  imbalance(): string | undefined {
    const { stages, queue, ...whole } = this.stats();
    const wrongQueue = queue.received - queue.delivered - queue.dropped - queue.length;
    return (
      imbalanceOf(whole) ??
      stages.map(imbalanceOf).find((wrong) => wrong !== undefined) ??
      (wrongQueue === 0 ? undefined : `${wrongQueue} events of the queue are not accounted for`)
    );
  }

  #onReadable(): void {
    if (this.#state === 'ended') return;
    this.#receiver.readable = true;
    if (!this.#suspended) this.#pump();
    else if (this.#options.queue.eager === true) this.#fill();
  }

  /** Processes until there is nothing to do, something has to be waited for, or the slice is over. */
  #pump(): void {
    if (this.#pumping || this.#suspended || this.#state === 'ended' || this.#state === 'idle') return;
    this.#pumping = true;
    const until = this.#clock.now() + SLICE_MS;
    const isOver = this.#pumpUntil(until);
    this.#pumping = false;
    if (isOver) this.#clock.soon(() => this.#pump());
    else if (this.#state === 'draining' && !this.#suspended && this.inFlight === 0) this.#end();
  }

  /** @returns whether the slice is over and there may be more to do */
  #pumpUntil(until: number): boolean {
    const { queue } = this.#receiver;
    const lowWater = this.#options.queue.eager === true ? queue.limits.items >> 1 : 0;
    if (this.#options.queue.eager === true) this.#fill();
    for (;;) {
      if (this.#receiver.readable && queue.length <= lowWater) this.#fill();
      if (this.#state === 'ended' || !this.#mayBegin()) return false;
      const event = queue.shift();
      if (event === undefined) return this.#receiver.readable;
      this.#run(event);
      if (this.#suspended) return false;
      if (this.#clock.now() >= until) return true;
    }
  }

  #fill(): void {
    try {
      if (this.#receiver.fill() > 0) this.#lastArrival = this.#clock.now();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whether enough has been accumulated; if not, sees to it that the question is asked again. */
  #mayBegin(): boolean {
    const { accumulate } = this.#options.queue;
    const { queue } = this.#receiver;
    if (accumulate === undefined || queue.length === 0 || this.#state === 'draining') return true;
    if (queue.length >= accumulate.items || queue.isFull) return true;
    const leftMs = this.#lastArrival + accumulate.timeoutMs - this.#clock.now();
    if (leftMs <= 0) return true;
    this.#forgetTimer ??= this.#clock.after(leftMs, () => {
      this.#forgetTimer = undefined;
      this.#pump();
    });
    return false;
  }

  #run(event: E): void {
    this.#active += 1;
    const outcome = this.#chain.advance(event, event);
    if (typeof outcome === 'object') {
      this.#suspended = true;
      void outcome.then((settled) => this.#resume(event, settled));
      return;
    }
    this.#settle(event, outcome);
    this.#awaitSink();
  }

  #resume(event: E, outcome: Outcome): void {
    if (this.#state === 'ended') return this.#release(event); // it was accounted for when the pipeline was stopped
    this.#suspended = false;
    this.#settle(event, outcome);
    this.#awaitSink();
    this.#pump();
  }

  #settle(event: E, outcome: Outcome): void {
    this.#active -= 1;
    if (outcome === PROCESSED) this.account.processed += 1;
    else if (outcome === FILTERED) this.account.filtered += 1;
    else this.account.fail(outcome);
    if (typeof outcome === 'number') this.#options.observer?.onProcessed?.(event);
    this.#release(event);
  }

  #awaitSink(): void {
    const pending = this.#sink.ready?.();
    if (pending === undefined) return;
    const since = this.#clock.now();
    this.#suspended = true;
    void pending
      .catch((error: unknown) => this.#fail(error))
      .then(() => {
        this.#waitedMs += this.#clock.now() - since;
        this.#suspended = false;
        this.#pump();
      });
  }

  #rejected(event: E, reason: string): void {
    this.#options.observer?.onRejected?.(event, reason);
    this.#release(event);
  }

  #release(event: E): void {
    this.#options.release?.(event);
  }

  #fail(error: unknown): void {
    this.#settleEnded.reject(error);
    this.stop();
  }

  #end(): void {
    this.#state = 'ended';
    this.#forgetTimer?.();
    this.#options.source.close();
    this.#settleEnded.resolve();
  }
}
