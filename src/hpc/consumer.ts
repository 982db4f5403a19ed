import { getLogger, type Logger } from '../core/logger.js';
import { messageOf, PvaflowError } from '../core/errors.js';
import type { SourceQueueOptions } from '../pipeline/receiver.js';
import type { PvObject } from '../pva/pv-object.js';
import type { TypeFields } from '../pva/pv-type.js';
import type { AcquisitionStats } from './acquisitions.js';
import { completeConfig, modeOf, type CompleteConsumerConfig, type ConsumerConfig } from './consumer-config.js';
import { consumerHead, consumerTypes, consumerValues, firstRun, type RunHistory } from './consumer-status.js';
import { FrameBook } from './frame-book.js';
import type { Input, InputFigures } from './inputs/input.js';
import { inputModes } from './inputs/modes.js';
import type { LossReport } from './loss-report.js';
import { outputModes } from './outputs/modes.js';
import { ReceivedIds } from './received-ids.js';
import { ProcessorRun, type RunSnapshot } from './run/processor-run.js';
import type { Front } from './run/processor-run-options.js';
import type { RuntimeConfig } from './runtime-config.js';
import { ProcessorStages } from './stages/processor-stages.js';

/** Everything about a consumer at one moment, as plain data. */
export type ConsumerSnapshot = RunSnapshot;

/**
 * A consumer: it receives objects, takes each through its processors, publishes what they hand over, and tells on a status
 * channel how it does. It loses nothing as long as its source can wait.
 *
 * One run each: `create`, `start`, then `drain` or `abort`.
 */
export class Consumer extends ProcessorRun {
  readonly #book: FrameBook;
  #input: Input | undefined;

  private constructor(
    readonly config: CompleteConsumerConfig,
    stages: ProcessorStages,
    logger: Logger,
    history: RunHistory,
  ) {
    const { consumerId, channels, objectIdOffset: offset, sequentialUpdates, outputMode, outputArgs: args } = config;
    super({
      kind: 'consumer',
      id: consumerId,
      config,
      stages,
      logger,
      sequence: { offset, sequentialUpdates },
      head: consumerHead(consumerId, channels.input, history),
      inputChannel: channels.input,
      output: { mode: modeOf(outputModes, 'output', outputMode), args },
    });
    this.#book = new FrameBook({
      config,
      log: this.frames,
      logger,
      onFirst: (object) => this.onFirst(object),
      onAcquired: (stats, mark) => this.#onAcquired(stats, mark),
    });
  }

  /**
   * Checks the configuration and loads the processors. Without one, objects are handed on as they are.
   *
   * @param history of the process that it runs in, for the status channel
   * @throws {PvaflowError} PVAFLOW_OPTION, PVAFLOW_CONFIG, or with the codes of `loadProcessor`
   */
  static async create(config: ConsumerConfig, history: RunHistory = firstRun): Promise<Consumer> {
    const complete = completeConfig(config);
    const logger = getLogger(`consumer-${complete.consumerId}`);
    const stages = await ProcessorStages.load(complete.processors, complete.passOn, logger);
    return new Consumer(complete, stages, logger, history);
  }

  override report(): LossReport {
    const { consumerId, channels } = this.config;
    return { consumerId, inputChannel: channels.input, ...this.frameReport() };
  }

  /** Writes down which ids come from now on. */
  recordIds(): ReceivedIds {
    const ids = new ReceivedIds();
    this.frames.ids.received = ids;
    return ids;
  }

  override describeSearch(): string | undefined {
    return this.#input?.describeSearch?.();
  }

  override unanswered(): string[] {
    return this.inputFigures().received > 0 ? [] : this.unconnected();
  }

  protected override unconnected(): string[] {
    return this.#input?.isConnected === true ? [] : [this.config.channels.input];
  }

  protected override inputFigures(): InputFigures {
    return this.#input?.figures() ?? { received: 0, bytes: 0, errors: 0, overruns: 0 };
  }

  protected override get skipped(): number {
    return this.#book.intake.skipped;
  }

  protected override acquisition(): AcquisitionStats {
    return this.#book.acquisitions.stats();
  }

  protected override figureTypes(): TypeFields {
    return consumerTypes(this.userTypes, this.config.metadataChannels.length);
  }

  protected override statusValues(): Record<string, unknown> {
    return consumerValues(this.stats(), this.userTypes);
  }

  protected override openFront(queue: SourceQueueOptions<PvObject>): Front {
    const { channels, receiverQueueSize, accumulateObjects: items, accumulationTimeout } = this.config;
    const accumulates = receiverQueueSize >= 0 && items > 0;
    const accumulate = accumulates ? { items, timeoutMs: accumulationTimeout * 1000 } : undefined;
    const input = this.#openInput();
    this.#input = input;
    return {
      sources: [{ name: channels.input, source: input, queue: { ...queue, accumulate } }],
      reader: this.#book.intake,
      observer: this.#book.observer(input),
    };
  }

  protected override reconfigure(runtime: RuntimeConfig): void {
    this.frames.setSequence(runtime.objectIdOffset, runtime.nSequentialUpdates);
    if (runtime.skipInitialUpdates !== undefined) this.#book.intake.toSkip = runtime.skipInitialUpdates;
  }

  protected override resetParts(): void {
    this.#input?.resetStats();
    this.#book.reset();
    super.resetParts();
  }

  protected override publish(value: PvObject): Promise<void> | undefined {
    this.#book.acquisitions.published(value);
    return this.output?.update(value);
  }

  protected override notPublished(value: PvObject, message: string): void {
    this.#book.notPublished(value, message);
  }

  protected override failureOf(error: unknown): PvaflowError {
    if (error instanceof PvaflowError) return error;
    const message = `${this.config.channels.input}: ${messageOf(error)}`;
    return new PvaflowError('PVAFLOW_CONSUMER', message, { cause: error });
  }

  #openInput(): Input {
    const { channels, inputMode, inputArgs: args, objectIdField, fieldRequest, distributor } = this.config;
    const { serverQueueSize, receiverQueueSize } = this.config;
    return modeOf(inputModes, 'input', inputMode).open({
      config: { channel: channels.input, objectIdField, fieldRequest, serverQueueSize, distributor, args },
      client: () => this.client.get(),
      server: this.server,
      intake: this.#book.admission(),
      logger: this.logger,
      inputType: () => this.stages.inputType(),
      hasQueue: receiverQueueSize >= 0,
      onEnd: (error) => this.endRun(error),
    });
  }

  #onAcquired({ message, firstId, lastId }: AcquisitionStats, mark: PvObject | undefined): void {
    this.logger.info(`${message}, ids ${firstId} to ${lastId}`);
    if (mark !== undefined) void this.output?.update(mark);
    this.updateStatus();
  }
}
