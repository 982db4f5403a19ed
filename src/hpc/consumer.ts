import { getLogger, type Logger } from '../core/logger.js';
import { messageOf, PvaflowError } from '../core/errors.js';
import { Pipeline, type PipelineStats } from '../pipeline/pipeline.js';
import { PvaClient } from '../pva/client.js';
import { PvObject } from '../pva/pv-object.js';
import type { PvaClientConfig } from '../pva/config.js';
import { PvaServer } from '../pva/server.js';
import type { SubscriptionStats } from '../pva/subscription.js';
import { loadProcessor } from '../processor/load-processor.js';
import { startProcessor } from '../processor/processor-host.js';
import { UserDataProcessor } from '../processor/user-data-processor.js';
import { checkConfig, queueLimits, requestedFields, runtimeConfigOf, type ConsumerConfig } from './consumer-config.js';
import { consumerStats, type ConsumerStats } from './consumer-stats.js';
import { ControlChannel } from './control-channel.js';
import { flushed } from './flush.js';
import { giveUpWhenStalled } from './stall.js';
import { FrameLog } from './frame-log.js';
import { lossReport, type LossReport } from './loss-report.js';
import { MonitorSource } from './monitor-source.js';
import { Publisher } from './publisher.js';
import { Repeats } from './repeats.js';
import { StatusChannel } from './status-channel.js';
import { UserProcessor } from './user-processor.js';

/** Everything about a consumer at one moment, for a terminal. */
export interface ConsumerSnapshot {
  readonly stats: ConsumerStats;
  readonly pipeline: PipelineStats;
  readonly input: SubscriptionStats | undefined;
  readonly isConnected: boolean;
  readonly subscribers: number;
}

/**
 * A consumer: it monitors a channel, takes each object through a processor, publishes what the processor hands over, and
 * tells on a status channel how it does. It loses nothing as long as its source can wait.
 *
 * One run each: `create`, `start`, then `drain` or `abort`.
 */
export class Consumer {
  readonly logger: Logger;
  readonly user: UserProcessor;
  readonly publisher: Publisher;
  /** Rejects when the consumer cannot go on. */
  readonly ended: Promise<void>;
  readonly #frames: FrameLog;
  readonly #repeats = new Repeats();
  readonly #client: PvaClient;
  readonly #server: PvaServer;
  #source: MonitorSource | undefined;
  #pipeline: Pipeline<PvObject> | undefined;
  #status: StatusChannel | undefined;
  #control: ControlChannel | undefined;
  #statusTimer: NodeJS.Timeout | undefined;
  #wasReset = false;
  #isStarted = false;
  #isOver = false;
  #settleEnded!: { resolve: () => void; reject: (error: unknown) => void };

  private constructor(
    readonly config: ConsumerConfig,
    processor: UserDataProcessor,
  ) {
    this.logger = getLogger(`consumer-${config.consumerId}`);
    this.user = new UserProcessor(processor, this.logger);
    this.#frames = new FrameLog(
      { offset: config.objectIdOffset, sequentialUpdates: config.sequentialUpdates },
      this.logger,
    );
    this.#client = new PvaClient(config.network?.client);
    this.#server = new PvaServer(config.network?.server);
    this.publisher = new Publisher({
      server: this.#server,
      channel: config.channels.output,
      onFull: config.outputOnFull,
      logger: this.logger,
      onError: (_value, message) => this.#frames.notPublished(message),
    });
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
  }

  /**
   * Loads the processor. Without one, objects are handed on as they are.
   *
   * @throws {PvaflowError} PVAFLOW_CONFIG, or with the codes of `loadProcessor`
   */
  static async create(config: ConsumerConfig): Promise<Consumer> {
    checkConfig(config);
    const { file, className, args } = config.processor;
    const isNone = file === undefined && className === undefined;
    const processor = isNone ? new UserDataProcessor(args) : await loadProcessor({ file, className, args });
    return new Consumer(config, processor);
  }

  /**
   * Serves the channels, starts the processor and begins to monitor.
   *
   * @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START
   */
  async start(): Promise<void> {
    try {
      this.#serve();
      await this.#startProcessor();
      if (this.#isOver) return;
      this.#isStarted = true;
      this.#run();
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  /**
   * Takes no more, finishes what has come, stops the processor, and leaves subscribers time to fetch what is left. A processor
   * that does not return, or a subscriber that takes nothing, is waited for no longer than the time to drain.
   */
  async drain(): Promise<void> {
    const pipeline = this.#pipeline;
    if (pipeline !== undefined) {
      using _watch = giveUpWhenStalled(pipeline, this.config.drainTimeout, this.logger);
      await pipeline.drain().catch(() => {}); // `ended` tells
    }
    await this.#finish();
  }

  /** Ends at once; what is queued counts as rejected. */
  async abort(): Promise<void> {
    this.#pipeline?.stop();
    await this.#finish();
  }

  stats(): ConsumerStats {
    return consumerStats({
      pipeline: this.#pipelineStats(),
      ids: this.#frames.ids,
      times: this.#frames.times,
      receiver: this.#receiverCounts(),
      publisher: this.publisher,
      hasQueue: this.config.receiverQueueSize >= 0,
      userStats: this.user.stats(),
    });
  }

  snapshot(): ConsumerSnapshot {
    return {
      stats: this.stats(),
      pipeline: this.#pipelineStats(),
      input: this.#source?.subscriptionStats(),
      isConnected: this.#source?.isConnected ?? false,
      subscribers: this.publisher.channel?.subscribers ?? 0,
    };
  }

  /** Why no frames are processed at this moment; undefined when they are, or would be if they came. */
  notReady(): string | undefined {
    const { consumerId, channels } = this.config;
    if (this.#isOver) return `consumer ${consumerId} is ending`;
    if (!this.#isStarted) return `consumer ${consumerId}: the processor has not started`;
    if (this.#source?.isConnected !== true) return `consumer ${consumerId}: ${channels.input} is not connected`;
    return undefined;
  }

  /** What happened to every frame so far. */
  report(): LossReport {
    return lossReport({
      consumerId: this.config.consumerId,
      inputChannel: this.config.channels.input,
      pipeline: this.#pipelineStats(),
      ids: this.#frames.ids,
      times: this.#frames.times,
      losses: this.#frames.losses,
      published: this.publisher.published,
      droppedForSubscribers: this.publisher.dropped,
      ...this.#receiverCounts(),
    });
  }

  /** For `new PvaClient(...)`: reaches the channels of this consumer, and no others. */
  clientConfig(): PvaClientConfig {
    return this.#server.clientConfig();
  }

  /** Where the input channel is looked for, for messages to people. */
  describeSearch(): string {
    return this.#client.describeSearch();
  }

  /** Whether a user reset the statistics, so that a report does not tell of the whole run. */
  get wasReset(): boolean {
    return this.#wasReset;
  }

  /** Publishes the figures of this moment on the status channel. */
  updateStatus(): void {
    try {
      this.#status?.update(this.stats());
    } catch (error) {
      this.#repeats.note('status', (times) =>
        this.logger.error(`${this.config.channels.status}: no update (${times} times): ${messageOf(error)}`),
      );
    }
  }

  #serve(): void {
    const { consumerId, channels } = this.config;
    if (channels.status !== undefined) {
      const types = this.user.statsTypes();
      this.#status = new StatusChannel(this.#server, channels.status, consumerId, channels.input, types);
    }
    if (channels.control === undefined) return;
    const controlled = {
      configure: (config: Record<string, unknown>) => this.#configure(config),
      getStats: () => this.updateStatus(),
      resetStats: () => this.#resetStats(),
      stop: () => this.#settleEnded.resolve(),
    };
    this.#control = new ControlChannel(this.#server, channels.control, consumerId, controlled, this.logger);
  }

  async #startProcessor(): Promise<void> {
    const { channels, consumerId, objectIdField, processor } = this.config;
    const context = {
      processorId: consumerId,
      inputChannel: channels.input,
      outputChannel: channels.output ?? '',
      objectIdField,
      pvaServer: this.#server,
      metadataQueueMap: new Map(),
      host: { updateOutputChannel: (value: PvObject) => this.publisher.update(value) },
    };
    await startProcessor(this.user.processor, context, processor.args);
  }

  #run(): void {
    const source = this.#openSource();
    const { channels, receiverQueueSize, receiverQueueBytes, accumulateObjects, accumulationTimeout, inputOnFull } =
      this.config;
    const hasQueue = receiverQueueSize >= 0;
    const accumulate = { items: accumulateObjects, timeoutMs: accumulationTimeout * 1000 };
    const pipeline = new Pipeline<PvObject>({
      source,
      processors: [{ name: this.user.name, processor: this.#frames.noting(this.user.processor, source) }],
      sink: { ready: () => this.publisher.ready() },
      queue: {
        ...queueLimits(receiverQueueSize, receiverQueueBytes),
        onFull: hasQueue ? inputOnFull : 'wait', // without a queue of its own everything stays with the server until it is wanted
        eager: hasQueue,
        sizeOf: (object) => object.bytes,
        ...(hasQueue && accumulateObjects > 0 ? { accumulate } : {}),
      },
      observer: {
        onRejected: (object, reason) => this.#frames.losses.rejected(reason, source.idOf(object)),
        onFailed: (_input, stage, error, cause) => this.#frames.failed(stage, error, cause),
      },
      release: (object) => object.release(),
      isEvent: (value) => value instanceof PvObject,
    });
    this.#pipeline = pipeline;
    pipeline.ended.catch((error: unknown) => this.#settleEnded.reject(asFailure(channels.input, error)));
    pipeline.start();
    this.#statusTimer = setInterval(() => this.updateStatus(), this.config.statusPeriod * 1000);
    this.#source = source;
  }

  #openSource(): MonitorSource {
    const { channels, serverQueueSize, fieldRequest, objectIdField, skipInitialUpdates } = this.config;
    const fields = requestedFields(fieldRequest, objectIdField);
    const subscription = this.#client.monitor(channels.input, {
      ...(fields.length > 0 ? { fields } : {}),
      ...(serverQueueSize > 0 ? { queueSize: serverQueueSize } : {}),
      queue: TRANSPORT_QUEUE,
    });
    return new MonitorSource({
      subscription,
      channel: channels.input,
      ids: this.#frames.ids,
      idField: objectIdField,
      skipInitialUpdates,
      logger: this.logger,
      onFirst: (object) => this.#onFirst(object),
      onEnd: (error) => (error === undefined ? this.#settleEnded.resolve() : this.#settleEnded.reject(error)),
    });
  }

  /** The output channel is there as soon as its type is known, so that its clients can connect before the first frame. */
  #onFirst(object: PvObject): void {
    if (this.config.channels.output === undefined) return;
    const type = this.user.outputType(object);
    if (type === undefined || type === null) return;
    try {
      this.publisher.open(type);
    } catch (error) {
      this.logger.error(`${this.config.channels.output}: cannot be served: ${messageOf(error)}`);
    }
  }

  async #configure(config: Record<string, unknown>): Promise<void> {
    const runtime = runtimeConfigOf(config);
    this.#frames.setSequence(runtime.objectIdOffset, runtime.nSequentialUpdates);
    if (runtime.skipInitialUpdates !== undefined && this.#source) this.#source.toSkip = runtime.skipInitialUpdates;
    if (runtime.receiverQueueSize !== undefined) this.#resizeQueue(runtime.receiverQueueSize);
    await this.user.processor.configure(config);
  }

  #resizeQueue(size: number): void {
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
    this.#source?.resetStats();
    this.#frames.reset();
    this.publisher.resetStats();
    this.user.resetStats();
    this.updateStatus();
  }

  async #finish(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#statusTimer);
    this.#frames.end();
    if (this.#isStarted) await this.user.stop(this.config.drainTimeout);
    this.updateStatus();
    const channels = [this.publisher.channel, this.#status?.channel].filter((channel) => channel !== undefined);
    await flushed(channels, this.config.drainTimeout);
    this.#close();
    this.#settleEnded.resolve();
  }

  #close(): void {
    this.#control?.close();
    this.#client.close();
    this.#server.close();
  }

  #pipelineStats(): PipelineStats {
    return (this.#pipeline ?? idlePipeline).stats();
  }

  #receiverCounts(): { errors: number; overruns: number; skipped: number } {
    const source = this.#source;
    return { errors: source?.errors ?? 0, overruns: source?.overruns ?? 0, skipped: source?.skipped ?? 0 };
  }
}

/**
 * What the subscription holds between two turns of the event loop; memory stays small with large frames. It waits, whatever
 * the policy of the receiver queue: what is given up is given up there, where its id is known.
 */
const TRANSPORT_QUEUE = { frames: 64, bytes: 32 * 2 ** 20, onFull: 'wait' } as const;

/** Stands for the pipeline before there is one. */
const idlePipeline = new Pipeline<never>({
  source: { start: () => {}, take: () => [], pause: () => {}, close: () => {} },
  processors: [],
  queue: { items: 1, bytes: 1, onFull: 'wait' },
});

function asFailure(channel: string, error: unknown): PvaflowError {
  if (error instanceof PvaflowError) return error;
  return new PvaflowError('PVAFLOW_CONSUMER', `${channel}: ${messageOf(error)}`, { cause: error });
}
