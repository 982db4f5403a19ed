import { getLogger, type Logger } from '../core/logger.js';
import { messageOf, PvaflowError } from '../core/errors.js';
import { Pipeline, type PipelineStats } from '../pipeline/pipeline.js';
import { toJsonData } from '../pva/json.js';
import { PvObject } from '../pva/pv-object.js';
import type { PvaClientConfig } from '../pva/config.js';
import { PvaServer } from '../pva/server.js';
import type { AcquisitionStats } from './acquisitions.js';
import { ConsumerChannels } from './consumer-channels.js';
import {
  completeConfig,
  modeOf,
  type CompleteConsumerConfig,
  type ConsumerConfig,
  type ProcessorConfig,
} from './consumer-config.js';
import { consumerStats, type ConsumerStats } from './consumer-stats.js';
import { firstRun, type RunHistory, type UserTypes } from './consumer-status.js';
import { consumerCommands } from './consumer-commands.js';
import { ReceivedIds } from './received-ids.js';
import { FrameBook } from './frame-book.js';
import type { Input, InputFigures } from './inputs/input.js';
import { inputModes } from './inputs/modes.js';
import { LazyClient } from './lazy-client.js';
import { frameReport, type LossReport } from './loss-report.js';
import { MetadataChannels } from './metadata/metadata-channels.js';
import { outputModes } from './outputs/modes.js';
import type { Output } from './outputs/output.js';
import { queueLimits, runtimeConfigOf } from './runtime-config.js';
import { ProcessorStages } from './stages/processor-stages.js';
import { giveUpWhenStalled } from './stall.js';

/** Everything about a consumer at one moment, as plain data. */
export interface ConsumerSnapshot {
  readonly stats: ConsumerStats;
  readonly pipeline: PipelineStats;
  readonly input: InputFigures;
  readonly isConnected: boolean;
  readonly subscribers: number;
}

/**
 * A consumer: it receives objects, takes each through its processors, publishes what they hand over, and tells on a status
 * channel how it does. It loses nothing as long as its source can wait.
 *
 * One run each: `create`, `start`, then `drain` or `abort`.
 */
export class Consumer {
  readonly logger: Logger;
  /** Rejects when the consumer cannot go on. */
  readonly ended: Promise<void>;
  /** Where it publishes, unless it has no output channel. */
  readonly output: Output | undefined;
  readonly #frames: FrameBook;
  readonly #client: LazyClient;
  readonly #server: PvaServer;
  readonly #channels: ConsumerChannels;
  #metadata: MetadataChannels | undefined;
  #input: Input | undefined;
  #pipeline: Pipeline<PvObject> | undefined;
  #wasReset = false;
  #isStarted = false;
  #finished: Promise<void> | undefined;
  #settleEnded!: { resolve: () => void; reject: (error: unknown) => void };

  private constructor(
    readonly config: CompleteConsumerConfig,
    readonly stages: ProcessorStages,
    logger: Logger,
    history: RunHistory,
  ) {
    this.logger = logger;
    this.#frames = new FrameBook({
      config,
      logger,
      onFirst: (object) => this.#onFirst(object),
      onAcquired: (stats, mark) => this.#onAcquired(stats, mark),
    });
    this.#client = new LazyClient(config.network?.client);
    this.#server = new PvaServer(config.network?.server);
    this.#channels = new ConsumerChannels(config, logger, () => this.stats(), history);
    this.output = this.#openOutput();
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
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

  /**
   * Serves the channels, starts the processors and begins to receive.
   *
   * @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START
   */
  async start(): Promise<void> {
    try {
      this.#serve();
      this.#metadata = this.#openMetadata();
      await this.#startProcessors(this.#metadata);
      await this.#metadata.start(METADATA_S);
      if (this.#finished !== undefined) return;
      this.#isStarted = true;
      this.#run();
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  /**
   * Takes no more, finishes what has come, stops the processors, and leaves subscribers time to fetch what is left. A processor
   * that does not return, or a subscriber that takes nothing, is waited for no longer than the time to drain.
   */
  async drain(): Promise<void> {
    const pipeline = this.#pipeline;
    if (pipeline !== undefined) {
      using _watch = giveUpWhenStalled(pipeline, this.config.drainTimeout, this.logger);
      await pipeline.drain().catch(() => {}); // `ended` tells
    }
    await (this.#finished ??= this.#finish());
  }

  /** Ends at once, also while it drains; what is queued counts as rejected. */
  async abort(): Promise<void> {
    this.#pipeline?.stop();
    await (this.#finished ??= this.#finish());
  }

  stats(): ConsumerStats {
    return consumerStats({
      pipeline: this.#pipelineStats(),
      ids: this.#frames.log.ids,
      times: this.#frames.log.times,
      receiver: { ...this.#inputFigures(), skipped: this.#frames.intake.skipped },
      publisher: this.output ?? { published: 0, errors: 0 },
      hasQueue: this.config.receiverQueueSize >= 0,
      userStats: this.stages.stats(),
      shownStage: this.stages.shown,
      metadata: this.#metadata?.stats() ?? [],
      acquisition: this.#frames.acquisitions.stats(),
    });
  }

  snapshot(): ConsumerSnapshot {
    return toJsonData({
      stats: this.stats(),
      pipeline: this.#pipelineStats(),
      input: this.#inputFigures(),
      isConnected: this.#input?.isConnected ?? false,
      subscribers: this.output?.subscribers ?? 0,
    }) as ConsumerSnapshot;
  }

  /** Why no frames are processed at this moment; undefined when they are, or would be if they came. */
  notReady(): string | undefined {
    const { consumerId, channels } = this.config;
    if (this.#finished !== undefined) return `consumer ${consumerId} is ending`;
    if (!this.#isStarted) return `consumer ${consumerId}: the processor has not started`;
    if (this.#input?.isConnected !== true) return `consumer ${consumerId}: ${channels.input} is not connected`;
    return undefined;
  }

  /** What happened to every frame so far, as plain data. */
  report(): LossReport {
    const figures = frameReport({
      pipeline: this.#pipelineStats(),
      ids: this.#frames.log.ids,
      times: this.#frames.log.times,
      losses: this.#frames.log.losses,
      published: this.output?.published ?? 0,
      droppedForSubscribers: this.output?.dropped ?? 0,
      overruns: this.#inputFigures().overruns,
      skipped: this.#frames.intake.skipped,
    });
    return { consumerId: this.config.consumerId, inputChannel: this.config.channels.input, ...figures };
  }

  /** Writes down which ids come from now on. */
  recordIds(): ReceivedIds {
    const ids = new ReceivedIds();
    this.#frames.log.ids.received = ids;
    return ids;
  }

  /** For `new PvaClient(...)`: reaches the channels of this consumer, and no others. */
  clientConfig(): PvaClientConfig {
    return this.#server.clientConfig();
  }

  /** Where the input channel is looked for, for messages to people; undefined when it is hosted here. */
  describeSearch(): string | undefined {
    return this.#input?.describeSearch?.();
  }

  /** Whether a user reset the statistics, so that a report does not tell of the whole run. */
  get wasReset(): boolean {
    return this.#wasReset;
  }

  /** Publishes the figures of this moment on the status channel. */
  updateStatus(): void {
    this.#channels.update();
  }

  /**
   * Replaces the processor of a stage, between two objects, so that none is lost. Without a file and a class it is the same one,
   * read anew from its file. When it cannot be loaded or started all stays as it is.
   *
   * @param stage its name; may be left out when there is one stage
   * @throws {PvaflowError} PVAFLOW_CONFIG, or with the codes of `loadProcessor` and `startProcessor`
   */
  async replace(stage: string | undefined, processor: ProcessorConfig): Promise<void> {
    await this.stages.named(stage).replace(processor, this.config.drainTimeout);
    this.#channels.setUserTypes(this.#userTypes());
    this.updateStatus();
  }

  #openOutput(): Output | undefined {
    const { channels, outputMode, outputArgs, outputOnFull } = this.config;
    if (channels.output === undefined) return undefined;
    return modeOf(outputModes, 'output', outputMode).open({
      config: { channel: channels.output, onFull: outputOnFull, args: outputArgs },
      client: () => this.#client.get(),
      server: this.#server,
      logger: this.logger,
      onError: (value, message) => this.#frames.notPublished(value, message),
    });
  }

  #serve(): void {
    const commands = consumerCommands({
      configure: (config) => this.#configure(config),
      configureStage: (stage, config) => this.stages.named(stage).configure(config),
      replace: (stage, config) => this.replace(stage, config),
      report: () => this.report(),
      getStats: () => this.updateStatus(),
      resetStats: () => this.#resetStats(),
      stop: () => this.#settleEnded.resolve(),
    });
    this.#channels.serve(this.#server, this.#userTypes(), commands);
  }

  #openMetadata(): MetadataChannels {
    const { metadataChannels: channels, serverQueueSize, receiverQueueSize } = this.config;
    const { logger } = this;
    return new MetadataChannels({
      channels,
      serverQueueSize,
      receiverQueueSize,
      client: () => this.#client.get(),
      server: this.#server,
      logger,
    });
  }

  async #startProcessors(metadata: MetadataChannels): Promise<void> {
    const { channels, consumerId, objectIdField } = this.config;
    const context = {
      processorId: consumerId,
      inputChannel: channels.input,
      outputChannel: channels.output ?? '',
      objectIdField,
      pvaServer: this.#server,
      metadataQueueMap: metadata.queues,
      host: { updateOutputChannel: (value: PvObject) => this.#publish(value) },
    };
    await this.stages.start(context, this.config.drainTimeout);
  }

  #run(): void {
    const { receiverQueueSize, receiverQueueBytes, accumulateObjects, accumulationTimeout, inputOnFull } = this.config;
    const hasQueue = receiverQueueSize >= 0;
    const accumulate = { items: accumulateObjects, timeoutMs: accumulationTimeout * 1000 };
    const input = this.#openInput();
    const queue = {
      ...queueLimits(receiverQueueSize, receiverQueueBytes),
      onFull: hasQueue ? inputOnFull : 'wait', // without a queue of its own everything stays with the server until it is wanted
      eager: hasQueue,
      sizeOf: (object: PvObject) => object.bytes,
      ...(hasQueue && accumulateObjects > 0 ? { accumulate } : {}),
    };
    const pipeline = new Pipeline<PvObject>({
      sources: [{ name: this.config.channels.input, source: input, queue }],
      processors: this.stages.list.map((stage, at) => ({
        name: stage.name,
        processor: at === 0 ? this.#frames.noting(stage) : stage,
        concurrency: () => stage.concurrency,
      })),
      sink: {
        ready: () => this.output?.ready(),
        ...(this.config.passOn ? { write: (object: PvObject) => this.#publish(object) } : {}),
      },
      observer: this.#frames.observer(input),
      release: (object) => object.release(),
      isEvent: (value) => value instanceof PvObject,
    });
    this.#pipeline = pipeline;
    this.#input = input;
    pipeline.ended.catch((error: unknown) => this.#settleEnded.reject(asFailure(this.config.channels.input, error)));
    pipeline.start();
    this.#channels.start();
  }

  #userTypes(): UserTypes {
    return { byStage: this.stages.statsTypes(), shownStage: this.stages.shown };
  }

  #openInput(): Input {
    const {
      channels,
      inputMode,
      inputArgs: args,
      serverQueueSize,
      fieldRequest,
      objectIdField,
      distributor,
    } = this.config;
    return modeOf(inputModes, 'input', inputMode).open({
      config: { channel: channels.input, objectIdField, fieldRequest, serverQueueSize, distributor, args },
      client: () => this.#client.get(),
      server: this.#server,
      intake: this.#frames.admission(),
      logger: this.logger,
      inputType: () => this.stages.inputType(),
      hasQueue: this.config.receiverQueueSize >= 0,
      onEnd: (error) => (error === undefined ? this.#settleEnded.resolve() : this.#settleEnded.reject(error)),
    });
  }

  #publish(value: PvObject): Promise<void> | undefined {
    this.#frames.acquisitions.published(value);
    return this.output?.update(value);
  }

  #onAcquired({ message, firstId, lastId }: AcquisitionStats, mark: PvObject | undefined): void {
    this.logger.info(`${message}, ids ${firstId} to ${lastId}`);
    if (mark !== undefined) void this.output?.update(mark);
    this.updateStatus();
  }

  /** The output channel is there as soon as its type is known, so that its clients can connect before the first frame. */
  #onFirst(object: PvObject): void {
    if (this.output === undefined) return;
    const type = this.stages.outputType(object);
    if (type === undefined || type === null) return;
    try {
      this.output.open(type);
    } catch (error) {
      this.logger.error(`${this.config.channels.output}: cannot be served: ${messageOf(error)}`);
    }
  }

  async #configure(config: Record<string, unknown>): Promise<void> {
    const runtime = runtimeConfigOf(config);
    this.#frames.log.setSequence(runtime.objectIdOffset, runtime.nSequentialUpdates);
    if (runtime.skipInitialUpdates !== undefined) this.#frames.intake.toSkip = runtime.skipInitialUpdates;
    if (runtime.receiverQueueSize !== undefined) this.#resizeQueue(runtime.receiverQueueSize);
    await this.stages.configure(config);
  }

  #resizeQueue(size: number): void {
    this.#metadata?.resize(size);
    if (this.config.receiverQueueSize < 0 || size < 0) {
      this.logger.warn(
        'receiverQueueSize is not changed: it can be only if there is a queue from the start (--receiver-queue-size)',
      );
      return;
    }
    this.#pipeline?.setQueueLimits(queueLimits(size, this.config.receiverQueueBytes));
  }

  #resetStats(): void {
    this.#wasReset = true;
    this.#pipeline?.resetStats();
    this.#input?.resetStats();
    this.#frames.reset();
    this.output?.resetStats();
    this.stages.resetStats();
    this.#metadata?.resetStats();
    this.updateStatus();
  }

  async #finish(): Promise<void> {
    const { drainTimeout } = this.config;
    this.#frames.log.end();
    if (this.#isStarted) await this.stages.stop(drainTimeout);
    await Promise.all([this.#channels.end(drainTimeout), this.output?.flush(drainTimeout)]);
    this.#close();
    this.#settleEnded.resolve();
  }

  #close(): void {
    this.#metadata?.close();
    this.#channels.close();
    this.#client.close();
    this.#server.close();
  }

  #pipelineStats(): PipelineStats {
    return (this.#pipeline ?? idlePipeline).stats();
  }

  #inputFigures(): InputFigures {
    return this.#input?.figures() ?? { received: 0, bytes: 0, errors: 0, overruns: 0 };
  }
}

/** Metadata channels have so many seconds to connect before the input is received. */
const METADATA_S = 2;

/** Stands for the pipeline before there is one. */
const idlePipeline = new Pipeline<never>({
  sources: [],
  processors: [],
});

function asFailure(channel: string, error: unknown): PvaflowError {
  if (error instanceof PvaflowError) return error;
  return new PvaflowError('PVAFLOW_CONSUMER', `${channel}: ${messageOf(error)}`, { cause: error });
}
