import { getLogger } from '../../core/logger.js';
import { messageOf, type PvaflowError } from '../../core/errors.js';
import { Pipeline } from '../../pipeline/pipeline.js';
import type { SourceQueueOptions } from '../../pipeline/receiver.js';
import { toJsonData } from '../../pva/json.js';
import { PvObject } from '../../pva/pv-object.js';
import type { TypeFields } from '../../pva/pv-type.js';
import { Acquisitions } from '../acquisitions.js';
import { consumerStats } from '../consumer-stats.js';
import type { ConsumerSnapshot } from '../consumer.js';
import type { UserTypes } from '../consumer-status.js';
import { readId } from '../id-reader.js';
import type { IdType } from '../id-tracker.js';
import { frameReport, type FrameReport } from '../loss-report.js';
import { MetadataChannels } from '../metadata/metadata-channels.js';
import type { Output } from '../outputs/output.js';
import { Publisher } from '../outputs/publisher.js';
import { StreamRun } from '../run/stream-run.js';
import { queueLimits, runtimeConfigOf } from '../runtime-config.js';
import { ProcessorStages } from '../stages/processor-stages.js';
import { effectiveCacheSize, OrderingCache } from './ordering-cache.js';
import { completeCollectorConfig, type CollectorConfig, type CompleteCollectorConfig } from './collector-config.js';
import {
  collectorHead,
  collectorStats,
  collectorTypes,
  collectorValues,
  type CollectorStats,
} from './collector-stats.js';
import { OrderingStage } from './ordering-stage.js';
import { Producers } from './producers.js';
import { tileOf } from './tile-of.js';

/** Everything about a collector at one moment, as plain data. */
export interface CollectorSnapshot extends ConsumerSnapshot {
  readonly stats: CollectorStats;
  /** Which of the producers are connected. */
  readonly connected: readonly number[];
}

/** What happened to every frame of a collector's run, as it is written to a file. */
export interface CollectorReport extends FrameReport {
  collectorId: number;
  producers: { producerId: number; inputChannel: string; received: number; overruns: number }[];
}

/**
 * A collector: it receives from several producers, puts the objects in the order of their ids, takes each through its
 * processors, and publishes what they hand over. It loses nothing as long as its sources can wait.
 *
 * One run each: `create`, `start`, then `drain` or `abort`.
 */
export class Collector extends StreamRun {
  /** Where it publishes, unless it has no output channel. */
  readonly output: Output | undefined;
  readonly #cache: OrderingCache<PvObject>;
  readonly #stage: OrderingStage;
  readonly #producers: Producers;
  #metadata: MetadataChannels | undefined;
  #hasFirst = false;

  private constructor(
    readonly config: CompleteCollectorConfig,
    readonly stages: ProcessorStages,
  ) {
    const { collectorId, channels, objectIdOffset: offset, drainTimeout, statusPeriod: period } = config;
    super({
      logger: getLogger(`collector-${collectorId}`),
      network: config.network,
      sequence: { offset, sequentialUpdates: 1 },
      channels: { names: channels, head: collectorHead(collectorId), id: { collectorId }, period },
      drainTimeout,
    });
    this.#cache = this.#newCache();
    this.#producers = this.#newProducers();
    this.#stage = new OrderingStage(this.#cache, this.#producers.byName);
    this.output = this.#newOutput();
  }

  /**
   * Checks the configuration and loads the processors. Without one, objects are handed on as they are.
   *
   * @throws {PvaflowError} PVAFLOW_OPTION, PVAFLOW_CONFIG, or with the codes of `loadProcessor`
   */
  static async create(config: CollectorConfig): Promise<Collector> {
    const complete = completeCollectorConfig(config);
    const logger = getLogger(`collector-${complete.collectorId}`);
    return new Collector(complete, await ProcessorStages.load(complete.processors, complete.passOn, logger));
  }

  stats(): CollectorStats {
    const pipeline = this.pipelineStats();
    const { ids, times } = this.frames;
    const { errors, overruns } = this.#producers.inputFigures();
    const hasQueue = this.config.receiverQueueSize >= 0;
    const stats = consumerStats({
      pipeline,
      ids,
      times,
      receiver: { errors, overruns, skipped: this.#producers.skipped },
      publisher: this.output ?? { published: 0, errors: 0 },
      hasQueue,
      userStats: this.stages.stats(),
      shownStage: this.stages.shown,
      metadata: this.#metadata?.stats() ?? [],
      acquisition: noAcquisitions.stats(),
    });
    return collectorStats({
      stats,
      order: this.#cache.figures(),
      cachedBytes: this.#cache.bytes,
      missed: ids.missed,
      producers: this.#producers.figures(pipeline),
      hasQueue,
    });
  }

  snapshot(): CollectorSnapshot {
    const connected = this.#producers.all.filter(({ input }) => input.isConnected);
    return toJsonData({
      stats: this.stats(),
      pipeline: this.pipelineStats(),
      input: this.#producers.inputFigures(),
      isConnected: connected.length === this.config.producers.length,
      connected: connected.map(({ producerId }) => producerId),
      subscribers: this.output?.subscribers ?? 0,
    }) as CollectorSnapshot;
  }

  /** Why no frames are processed at this moment; undefined when they are, or would be if they came. */
  notReady(): string | undefined {
    const { collectorId } = this.config;
    if (this.state === 'ending') return `collector ${collectorId} is ending`;
    if (this.state === 'starting') return `collector ${collectorId}: the processor has not started`;
    const missing = this.#producers.all.find(({ input }) => !input.isConnected);
    return missing === undefined ? undefined : `collector ${collectorId}: ${missing.channel} is not connected`;
  }

  /** Channels of producers that nothing has come from, and nobody serves. */
  unanswered(): string[] {
    return this.#producers.unanswered();
  }

  /** What happened to every frame so far, as plain data. */
  report(): CollectorReport {
    const pipeline = this.pipelineStats();
    const figures = frameReport({
      pipeline,
      ids: this.frames.ids,
      times: this.frames.times,
      losses: this.frames.losses,
      published: this.output?.published ?? 0,
      droppedForSubscribers: this.output?.dropped ?? 0,
      overruns: this.#producers.inputFigures().overruns,
      skipped: this.#producers.skipped,
    });
    const producers = this.#producers.figures(pipeline).map(({ producerId, channel, overruns, queue }) => ({
      producerId,
      inputChannel: channel,
      received: queue.received,
      overruns,
    }));
    return { collectorId: this.config.collectorId, producers, ...figures };
  }

  protected override statusTypes(): TypeFields {
    const ids = this.config.producers.map(({ producerId }) => producerId);
    return collectorTypes(ids, this.#userTypes(), this.config.metadataChannels.length);
  }

  protected override statusValues(): Record<string, unknown> {
    return collectorValues(this.stats(), this.#userTypes());
  }

  protected override async prepare(): Promise<void> {
    const { collectorId, channels, producers, objectIdField } = this.config;
    const metadata = (this.#metadata = this.#newMetadata());
    const context = {
      processorId: collectorId,
      inputChannel: producers.map(({ channel }) => channel).join(','),
      outputChannel: channels.output ?? '',
      objectIdField,
      pvaServer: this.server,
      metadataQueueMap: metadata.queues,
      host: { updateOutputChannel: (value: PvObject) => this.output?.update(value) },
    };
    await this.stages.start(context, this.drainTimeout);
    await metadata.start(METADATA_S);
  }

  protected override openPipeline(): Pipeline<PvObject> {
    this.#producers.open(this.client, this.server);
    const queue = this.#queueOptions();
    const reader = { idOf: (object: PvObject) => this.#idOf(object) };
    return new Pipeline<PvObject>({
      sources: [...this.#producers.byName].map(([name, { input }]) => ({ name, source: input, queue })),
      processors: [
        { name: 'order', processor: this.#stage },
        ...this.stages.list.map((stage, at) => ({
          name: stage.name,
          processor: at === 0 ? this.frames.noting(stage, reader) : stage,
          concurrency: () => stage.concurrency,
        })),
      ],
      sink: {
        ready: () => this.output?.ready(),
        ...(this.config.passOn ? { write: (object: PvObject) => this.output?.update(object) } : {}),
      },
      observer: {
        onRejected: (object, reason) => this.#onRejected(object, reason),
        onFailed: (object, stage, error, cause) => this.frames.failed(this.#idOf(object), stage, error, cause),
      },
      release: (object) => object.release(),
      isEvent: (value) => value instanceof PvObject,
    });
  }

  protected override async configure(config: Record<string, unknown>): Promise<void> {
    const runtime = runtimeConfigOf(config);
    this.frames.setSequence(runtime.objectIdOffset);
    if (runtime.skipInitialUpdates !== undefined) this.#producers.toSkip = runtime.skipInitialUpdates;
    if (runtime.receiverQueueSize !== undefined) this.#resizeQueues(runtime.receiverQueueSize);
    if (runtime.collectorCacheSize !== undefined) this.#resizeCache(runtime.collectorCacheSize);
    await this.stages.configure(config);
  }

  protected override resetParts(): void {
    this.#producers.resetStats();
    this.#metadata?.resetStats();
    this.#cache.resetCounts();
    this.output?.resetStats();
    this.stages.resetStats();
  }

  protected override async endParts(seconds: number, wasStarted: boolean): Promise<void> {
    this.#producers.close();
    this.#stage.close();
    if (wasStarted) await this.stages.stop(seconds);
    await this.output?.flush(seconds);
  }

  protected override closeParts(): void {
    this.#metadata?.close();
  }

  #newMetadata(): MetadataChannels {
    const { metadataChannels: channels, serverQueueSize, receiverQueueSize } = this.config;
    const { client, server, logger } = this;
    return new MetadataChannels({
      channels,
      serverQueueSize,
      receiverQueueSize,
      client: () => client,
      server,
      logger,
    });
  }

  #newCache(): OrderingCache<PvObject> {
    const { producers, cacheOnFull, watermark, tilesPerId } = this.config;
    return new OrderingCache<PvObject>({
      producers: producers.map(({ producerId }) => producerId),
      limits: this.#limits(this.config.collectorCacheSize),
      onFull: cacheOnFull,
      watermark,
      objectsPerId: tilesPerId,
      tileOf,
      ids: this.frames.ids,
      onRejected: (object, reason) => this.#stage.reject(object, reason),
    });
  }

  #limits(objects: number): OrderingCache<PvObject>['limits'] {
    const { collectorCacheBytes: bytes, cacheTimeout } = this.config;
    return { objects, bytes, timeoutMs: cacheTimeout * 1000 };
  }

  #newOutput(): Output | undefined {
    const { channels, outputOnFull: onFull } = this.config;
    if (channels.output === undefined) return undefined;
    return new Publisher({
      server: this.server,
      channel: channels.output,
      onFull,
      logger: this.logger,
      onError: (value, message) => this.frames.losses.notPublished(this.#idOf(value), message),
    });
  }

  #newProducers(): Producers {
    const events = {
      onFirst: (object: PvObject) => this.#onFirst(object),
      onIdType: (type: IdType) => (this.#cache.idType = type),
      onConnected: (producerId: number) => this.#cache.connected(producerId),
      onGone: (producerId: number) => this.#onGone(producerId),
      onEnd: (error: PvaflowError | undefined) => this.endRun(error),
    };
    return new Producers(this.config, events, this.logger);
  }

  #queueOptions(): SourceQueueOptions<PvObject> {
    const { receiverQueueSize, receiverQueueBytes, inputOnFull } = this.config;
    const hasQueue = receiverQueueSize >= 0;
    return {
      ...queueLimits(receiverQueueSize, receiverQueueBytes),
      onFull: hasQueue ? inputOnFull : 'wait', // without a queue of its own everything stays with the server until it is wanted
      eager: hasQueue,
      sizeOf: (object) => object.bytes,
    };
  }

  #onGone(producerId: number): void {
    this.#cache.wentAway(producerId);
    this.#stage.release();
  }

  #onRejected(object: PvObject, reason: string): void {
    this.frames.losses.rejected(reason, this.#idOf(object));
    this.#producers.lost(object);
  }

  /** The output channel is there as soon as its type is known, so that its clients can connect before the first frame. */
  #onFirst(object: PvObject): void {
    if (this.output === undefined || this.#hasFirst) return;
    this.#hasFirst = true;
    const type = this.stages.outputType(object);
    if (type === undefined || type === null) return;
    try {
      this.output.open(type);
    } catch (error) {
      this.logger.error(`${this.config.channels.output}: cannot be served: ${messageOf(error)}`);
    }
  }

  #idOf(object: PvObject): number | undefined {
    const { objectIdField } = this.config;
    return object.has(objectIdField) ? readId(object, objectIdField) : undefined;
  }

  #resizeQueues(size: number): void {
    this.#metadata?.resize(size);
    if (this.config.receiverQueueSize < 0 || size < 0) {
      this.logger.warn(
        'receiverQueueSize is not changed: it can be only if there is a queue from the start (--receiver-queue-size)',
      );
      return;
    }
    this.pipeline.setQueueLimits(queueLimits(size, this.config.receiverQueueBytes));
  }

  #resizeCache(size: number): void {
    this.#cache.limits = this.#limits(effectiveCacheSize(size, this.config.producers.length));
    this.#stage.release();
  }

  #userTypes(): UserTypes {
    return { byStage: this.stages.statsTypes(), shownStage: this.stages.shown };
  }
}

/** Acquisitions are told where frames come one by one. */
const noAcquisitions = new Acquisitions({
  end: undefined,
  missed: () => 0,
  idOf: () => undefined,
  onComplete: () => {},
});

/** Metadata channels have so many seconds to connect before the inputs are received. */
const METADATA_S = 2;
