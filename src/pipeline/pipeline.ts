import type { Account } from './account.js';
import type { QueueLimits } from './bounded-queue.js';
import type { Carrier } from './carrier.js';
import { Chain } from './chain.js';
import { systemClock, type Clock } from './clock.js';
import { Intake } from './intake.js';
import { Ledger, STOPPED } from './ledger.js';
import type { Shared } from './link.js';
import { OUTPUT, outputStage } from './output.js';
import type { PipelineOptions } from './pipeline-options.js';
import { imbalanceIn, pipelineStats, type Counted, type PipelineStats } from './pipeline-stats.js';
import { quietPromise, type Settle } from './quiet-promise.js';
import { Slice } from './slice.js';
import type { Stage } from './stage.js';
import type { StageOptions } from './stage-options.js';
import { Throttles } from './throttles.js';
import { Turn } from './turn.js';
import { Wake } from './wake.js';

export type { Failure, PipelineOptions } from './pipeline-options.js';
export type { PipelineStats } from './pipeline-stats.js';

type State = 'idle' | 'running' | 'draining' | 'ended';

/**
 * Sources, a chain of stages, a sink: the one runtime. An event is taken from the queue of a source when the first stage accepts
 * one, and pushed from stage to stage into the sink; a stage that does not accept holds back those before it, up to the sources.
 * Every event is accounted for: see {@link PipelineStats}.
 */
export class Pipeline<E> {
  /** Resolves when all sources are ready; rejects when one cannot be, or the run ends before. */
  readonly ready: Promise<void>;
  /** Resolves when the pipeline has ended, rejects when it could not go on. */
  readonly ended: Promise<void>;
  readonly #options: PipelineOptions<E>;
  readonly #clock: Clock;
  readonly #ledger: Ledger<E>;
  readonly #throttles: Throttles;
  readonly #intake: Intake<E>;
  readonly #chain: Chain<E>;
  readonly #output: Stage<E> | undefined;
  #state: State = 'idle';
  #startedAt = 0;
  readonly #turn = new Turn((error) => this.#fail(error));
  readonly #wake = new Wake(() => this.#pump());
  #settleReady!: Settle;
  #settleEnded!: Settle;

  constructor(options: PipelineOptions<E>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.ready = quietPromise((settle) => (this.#settleReady = settle));
    this.ended = quietPromise((settle) => (this.#settleEnded = settle));
    this.#ledger = new Ledger(options.observer ?? {}, options.release ?? (() => {}));
    this.#throttles = new Throttles(this.#clock, () => this.#wake.call());
    this.#intake = new Intake(options.sources, {
      clock: this.#clock,
      account: this.#ledger.account,
      rejected: (event: E, reason: string) => this.#rejected(event, reason),
      resume: () => this.#pump(),
    });
    const sink = outputStage(options.sink);
    this.#chain = new Chain([...options.processors, ...sink], this.#shared(), () => this.#resume());
    this.#output = sink.length > 0 ? this.#chain.stages.at(-1) : undefined;
  }

  get state(): State {
    return this.#state;
  }

  /** The account of all inputs. */
  get account(): Account {
    return this.#ledger.account;
  }

  /** Inputs that have been received and not settled. */
  get inFlight(): number {
    return this.#intake.length + this.#ledger.active;
  }

  /** Begins; may be called once. */
  start(): void {
    if (this.#state !== 'idle') throw new Error('a pipeline is started once');
    this.#state = 'running';
    this.#startedAt = this.#clock.now();
    this.#chain.start();
    this.#intake
      .start(() => this.#pump())
      .then(
        () => this.#settleReady.resolve(),
        (error: unknown) => this.#fail(error),
      );
  }

  /** Takes no more from outside, finishes what has come, and ends. @returns {@link ended} */
  drain(): Promise<void> {
    if (this.#state === 'idle') this.stop();
    if (this.#state === 'running') {
      this.#state = 'draining';
      this.#turn.take(() => this.#intake.pause());
      this.#pump();
    }
    return this.ended;
  }

  /** Ends at once. What is queued or in work is counted as rejected because of the stop. */
  stop(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    const errors = this.#intake.stop(STOPPED);
    this.#chain.stop();
    this.#settleReady.reject(new Error('the run ended before its sources were ready'));
    if (errors.length > 0) this.#settleEnded.reject(errors[0]);
    this.#settleEnded.resolve();
  }

  /**
   * An event that comes from no source, in front of a stage. It counts as received. The promise resolves when the stage has taken
   * it: who waits for it is held back as a source is. Of those that do not wait no more than a thousand are kept at a stage, the
   * others are rejected. After the end the event is released, and nothing else.
   */
  inject(event: E, stage: string): Promise<void> {
    if (this.#state !== 'ended') return this.#chain.inject(event, stage);
    this.#options.release?.(event);
    return Promise.resolve();
  }

  /** Holds the sources back for as long as a throttle of any name is on. What has left the queues of the sources goes on. */
  throttle(name: string, isOn: boolean): void {
    this.#throttles.set(name, isOn);
  }

  /**
   * Holds one source back, and lets the others go on: for a stage that first needs what another source has. While the pipeline
   * drains nothing is held back.
   */
  holdBack(source: string, isOn: boolean): void {
    const receiver = this.#intake.receivers.find(({ name }) => name === source);
    if (receiver === undefined) throw new RangeError(`there is no source ${source}`);
    if (receiver.isHeldBack === isOn) return;
    receiver.isHeldBack = isOn;
    if (!isOn) this.#wake.call();
  }

  /** A new stage in front of another, and of its queue. The event that is being processed meets it, if it is not that far. */
  insertBefore(stage: string, options: StageOptions<E>): void {
    this.#chain.insert(options, stage, 0);
  }

  /** A new stage behind another. */
  insertAfter(stage: string, options: StageOptions<E>): void {
    this.#chain.insert(options, stage, 1);
  }

  /**
   * Puts a processor in the place of another: events wait in front while the old one finishes what it has, and is flushed. Its
   * counts go on. The promise resolves when the new one has taken over, and rejects when the run ends before. To start the new one
   * and stop the old one is the caller's.
   */
  async replace(stage: string, options: Omit<StageOptions<E>, 'edge'>): Promise<void> {
    refuseOutput(stage);
    return this.#chain.replace(stage, options);
  }

  /** Takes a stage out when it has finished what it has, and was flushed; as {@link replace}. */
  async remove(stage: string): Promise<void> {
    refuseOutput(stage);
    return this.#chain.remove(stage);
  }

  /** New limits for the queue of a source, or of all; what is queued stays. */
  setQueueLimits(limits: QueueLimits, source?: string): void {
    for (const { name, queue } of this.#intake.receivers)
      if (source === undefined || name === source) queue.limits = limits;
    this.#pump();
  }

  /** Counts anew. Events in flight count as received. */
  resetStats(): void {
    this.#ledger.resetStats(this.inFlight);
    for (const { queue } of this.#intake.receivers) queue.resetCounters();
    this.#chain.resetStats();
    this.#throttles.resetStats();
    this.#startedAt = this.#clock.now();
  }

  stats(): PipelineStats {
    return pipelineStats(this.#counted());
  }

  /** What is wrong with the accounts; nothing, at every moment. */
  imbalance(): string | undefined {
    return imbalanceIn(this.#counted());
  }

  /** Something has moved in the chain. */
  #resume(): void {
    this.#turn.take(() => this.#askOutput());
    this.#pump();
  }

  /** Begins with events until there is nothing to do, something has to be waited for, or the slice is over. */
  #pump(): void {
    if (!this.#isActive()) return;
    if (this.#turn.isTaken) return this.#wake.call();
    let isSliceOver = false;
    this.#turn.take(() => (isSliceOver = this.#pumpSlice(new Slice(this.#clock))));
    if (isSliceOver) this.#clock.soon(() => this.#pump());
    else if (this.#state === 'draining') this.#tryEnd();
  }

  /** @returns whether the slice is over and there may be more to do */
  #pumpSlice(slice: Slice): boolean {
    this.#intake.fillAhead();
    while (this.#isActive() && !this.#throttles.isOn && this.#chain.accepts) {
      if (!this.#intake.next(this.#state === 'draining', this.#begin)) return false;
      this.#askOutput();
      if (slice.isOver()) return true;
    }
    return false;
  }

  readonly #begin = (event: E, source: string): void => this.#chain.begin(event, source);

  /** As long as the output is not ready it is a throttle. */
  #askOutput(): void {
    const pending = this.#options.sink?.ready?.();
    if (pending === undefined) return;
    this.#throttles.set(OUTPUT, true);
    pending.then(
      () => this.#throttles.set(OUTPUT, false),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Ends when all that came has gone; otherwise whatever is waited for resumes. */
  #tryEnd(): void {
    if (!this.#intake.isEmpty || this.#throttles.has(OUTPUT)) return;
    this.#turn.take(() => {
      if (this.#chain.finish()) this.stop(); // there is nothing to give up
    });
  }

  #isActive(): boolean {
    return this.#state === 'running' || this.#state === 'draining';
  }

  #rejected(event: E, reason: string): void {
    this.#options.observer?.onRejected?.(event, reason);
    this.#options.release?.(event);
  }

  #failed(carrier: Carrier<E>, stage: string, error: unknown, cause: string): void {
    const decision = this.#options.catchError?.(error, { stage, event: carrier.event });
    this.#ledger.fail(carrier, stage, error, cause);
    if (decision === 'hard') this.#fail(error);
  }

  #fault(stage: string, error: unknown): void {
    this.#options.observer?.onFault?.(stage, error);
    if (this.#options.catchError?.(error, { stage, event: undefined }) === 'hard') this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#settleEnded.reject(error);
    this.stop();
  }

  #shared(): Shared<E> {
    return {
      ledger: this.#ledger,
      clock: this.#clock,
      turn: (action) => this.#turn.take(action),
      isEvent: this.#options.isEvent ?? (() => true),
      failed: (carrier, stage, error, cause) => this.#failed(carrier, stage, error, cause),
      fault: (stage, error) => this.#fault(stage, error),
      abort: (error) => this.#fail(error),
      throttle: (name, isOn) => this.throttle(name, isOn),
      holdBack: (source, isOn) => this.holdBack(source, isOn),
    };
  }

  #counted(): Counted<E> {
    return {
      ledger: this.#ledger,
      receivers: this.#intake.receivers,
      chain: this.#chain,
      output: this.#output,
      throttles: this.#throttles,
      inFlight: this.inFlight,
      elapsedMs: this.#state === 'idle' ? 0 : this.#clock.now() - this.#startedAt,
    };
  }
}

function refuseOutput(stage: string): void {
  if (stage === OUTPUT) throw new RangeError('the output of a pipeline stays what it is');
}
