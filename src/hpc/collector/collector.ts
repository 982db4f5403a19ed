import { getLogger, type Logger } from '../../core/logger.js';
import type { PvaflowError } from '../../core/errors.js';
import { systemClock } from '../../pipeline/clock.js';
import type { SourceQueueOptions } from '../../pipeline/receiver.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { TypeFields } from '../../pva/pv-type.js';
import type { AcquisitionStats } from '../acquisitions/acquisition-stats.js';
import { readId } from '../ids/id-reader.js';
import type { IdType } from '../ids/id-tracker.js';
import type { InputFigures, Unanswered } from '../inputs/input.js';
import type { FrameReport } from '../loss-report.js';
import { pvasOutput } from '../outputs/pvas.js';
import { ProcessorRun, type RunSnapshot } from '../run/processor-run.js';
import type { Front } from '../run/processor-run-options.js';
import type { RuntimeConfig } from '../runtime-config.js';
import { ProcessorStages } from '../stages/processor-stages.js';
import {
  completeCollectorConfig,
  effectiveCacheSize,
  type CollectorConfig,
  type CompleteCollectorConfig,
} from './collector-config.js';
import { OrderedAcquisitions } from './ordered-acquisitions.js';
import { OrderingCache } from './ordering-cache.js';
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
export interface CollectorSnapshot extends RunSnapshot {
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
export class Collector extends ProcessorRun {
  readonly #cache: OrderingCache<PvObject>;
  readonly #stage: OrderingStage;
  readonly #producers: Producers;
  readonly #acquisitions: OrderedAcquisitions;

  private constructor(
    readonly config: CompleteCollectorConfig,
    stages: ProcessorStages,
    logger: Logger,
  ) {
    const { collectorId, producers, objectIdOffset: offset } = config;
    super({
      kind: 'collector',
      id: collectorId,
      config,
      stages,
      logger,
      sequence: { offset, sequentialUpdates: 1 },
      head: collectorHead(collectorId),
      inputChannel: producers.map(({ channel }) => channel).join(','),
      output: { mode: pvasOutput, args: {} },
    });
    this.#cache = this.#newCache();
    this.#producers = this.#newProducers();
    this.#acquisitions = this.#newAcquisitions();
    this.#stage = new OrderingStage(this.#cache, this.#producers.byName, (object, id, isWhole) =>
      this.#acquisitions.left(object, id, isWhole),
    );
  }

  /**
   * Checks the configuration and loads the processors. Without one, objects are handed on as they are.
   *
   * @throws {PvaflowError} PVAFLOW_OPTION, PVAFLOW_CONFIG, or with the codes of `loadProcessor`
   */
  static async create(config: CollectorConfig): Promise<Collector> {
    const complete = completeCollectorConfig(config);
    const logger = getLogger(`collector-${complete.collectorId}`);
    return new Collector(complete, await ProcessorStages.load(complete.processors, complete.passOn, logger), logger);
  }

  override stats(): CollectorStats {
    return collectorStats({
      stats: super.stats(),
      order: this.#cache.figures(),
      cachedBytes: this.#cache.bytes,
      missed: this.frames.ids.missed,
      producers: this.#producers.figures(this.pipelineStats()),
      hasQueue: this.config.receiverQueueSize >= 0,
    });
  }

  override snapshot(): CollectorSnapshot {
    const snapshot = super.snapshot() as RunSnapshot & { readonly stats: CollectorStats };
    return { ...snapshot, connected: this.#producers.connected() };
  }

  override unanswered(): Unanswered[] {
    return this.#producers.unanswered();
  }

  override report(): CollectorReport {
    const producers = this.#producers.figures(this.pipelineStats()).map(({ producerId, channel, overruns, queue }) => ({
      producerId,
      inputChannel: channel,
      received: queue.received,
      overruns,
    }));
    return { collectorId: this.config.collectorId, producers, ...this.frameReport() };
  }

  protected override unconnected(): string[] {
    const connected = this.#producers.connected();
    const missing = this.config.producers.filter(({ producerId }) => !connected.includes(producerId));
    return missing.map(({ channel }) => channel);
  }

  protected override inputFigures(): InputFigures {
    return this.#producers.inputFigures();
  }

  protected override get skipped(): number {
    return this.#producers.skipped;
  }

  protected override acquisition(): AcquisitionStats {
    return this.#acquisitions.stats();
  }

  protected override figureTypes(): TypeFields {
    const ids = this.config.producers.map(({ producerId }) => producerId);
    return collectorTypes(ids, this.userTypes, this.config.metadataChannels.length);
  }

  protected override statusValues(): Record<string, unknown> {
    return collectorValues(this.stats(), this.userTypes);
  }

  protected override openFront(queue: SourceQueueOptions<PvObject>): Front {
    this.#producers.open(this.client.get(), this.server);
    return {
      sources: [...this.#producers.byName].map(([name, { input }]) => ({ name, source: input, queue })),
      stages: [{ name: 'order', processor: this.#stage }],
      reader: { idOf: (object) => this.#idOf(object) },
      observer: {
        onRejected: (object, reason) => this.#onRejected(object, reason),
        onFailed: (object, stage, error, cause) => {
          this.frames.failed(this.#idOf(object), stage, error, cause);
          this.#acquisitions.settled(object, 'nFailed');
        },
        onProcessed: (object) => this.#acquisitions.settled(object, 'nProcessed'),
      },
    };
  }

  protected override reconfigure(runtime: RuntimeConfig): void {
    this.frames.setSequence(runtime.objectIdOffset);
    if (runtime.skipInitialUpdates !== undefined) this.#producers.toSkip = runtime.skipInitialUpdates;
    if (runtime.collectorCacheSize !== undefined) this.#resizeCache(runtime.collectorCacheSize);
  }

  protected override resetParts(): void {
    this.#producers.resetStats();
    this.#cache.resetCounts();
    this.#acquisitions.reset();
    super.resetParts();
  }

  protected override publish(value: PvObject): Promise<void> | undefined {
    this.#acquisitions.published(value);
    return super.publish(value);
  }

  protected override notPublished(value: PvObject, message: string): void {
    this.frames.losses.notPublished(this.#idOf(value), message);
  }

  protected override async stopParts(seconds: number, wasStarted: boolean): Promise<void> {
    this.#producers.close();
    this.#acquisitions.close();
    this.#stage.close();
    await super.stopParts(seconds, wasStarted);
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

  protected override acquisitionLost(): void {
    this.#acquisitions.lost();
  }

  #newProducers(): Producers {
    const events = {
      onFirst: (object: PvObject, mayBeShown: boolean) => this.onFirst(object, mayBeShown),
      onIdType: (type: IdType) => (this.#cache.idType = this.#acquisitions.idType = type),
      takeMark: (object: PvObject) => this.#acquisitions.takeMark(object),
      onConnected: (producerId: number) => this.#cache.connected(producerId),
      onGone: (producerId: number) => this.#onGone(producerId),
      onEnd: (error: PvaflowError | undefined) => this.endRun(error),
    };
    return new Producers(this.config, events, this.logger);
  }

  #newAcquisitions(): OrderedAcquisitions {
    const { endOfAcquisition: end, cacheTimeout } = this.config;
    return new OrderedAcquisitions({
      end,
      clock: systemClock,
      timeoutMs: cacheTimeout * 1000,
      missed: () => this.frames.ids.missed,
      ids: this.frames.ids,
      idOf: (object) => this.#idOf(object),
      isQuiet: () => this.#cache.cached === 0 && this.pipelineStats().queue.length === 0,
      ...this.acquisitionEvents(),
    });
  }

  #onGone(producerId: number): void {
    this.#cache.wentAway(producerId);
    this.#stage.release();
  }

  #onRejected(object: PvObject, reason: string): void {
    this.frames.losses.rejected(reason, this.#idOf(object));
    this.#producers.lost(object);
    this.#acquisitions.settled(object, 'nRejected');
  }

  #idOf(object: PvObject): number | undefined {
    const { objectIdField } = this.config;
    return object.has(objectIdField) ? readId(object, objectIdField) : undefined;
  }

  #resizeCache(size: number): void {
    this.#cache.limits = this.#limits(effectiveCacheSize(size, this.config.producers.length));
    this.#stage.release();
  }
}
