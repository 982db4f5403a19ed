import type { Logger } from '../../core/logger.js';
import type { PvaflowError } from '../../core/errors.js';
import type { PipelineStats } from '../../pipeline/pipeline.js';
import type { PvaClient } from '../../pva/client.js';
import type { PvaServer } from '../../pva/server.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { IdType } from '../ids/id-tracker.js';
import type { Input, InputFigures, Unanswered } from '../inputs/input.js';
import { pvaInput } from '../inputs/pva.js';
import type { CompleteCollectorConfig, ProducerConfig } from './collector-config.js';
import type { ChannelFigures } from '../channel-stats.js';
import { ProducerIntake } from './producer-intake.js';

/** A producer that is received from. */
export interface OpenProducer extends ProducerConfig {
  readonly intake: ProducerIntake;
  readonly input: Input;
}

/** What producers have to tell. */
export interface ProducerEvents {
  /** The first object of one of them has come. */
  onFirst(object: PvObject, mayBeShown: boolean): void;
  onIdType(type: IdType): void;
  /** Something has come. @returns whether it only says that an acquisition is over, and is no frame */
  takeMark(object: PvObject): boolean;
  /** A producer is there. */
  onConnected(producerId: number): void;
  /** A producer is not there, and all it sent has arrived. */
  onGone(producerId: number): void;
  /** Nothing can follow: all have ended their streams, or, with an error, one refused. */
  onEnd(error: PvaflowError | undefined): void;
}

/** The producers of a collector, by the names of their sources in the pipeline. */
export class Producers {
  readonly byName = new Map<string, OpenProducer>();
  readonly #ended = new Set<number>();
  #grace: NodeJS.Timeout | undefined;

  constructor(
    readonly config: CompleteCollectorConfig,
    readonly events: ProducerEvents,
    readonly logger: Logger,
  ) {}

  get all(): OpenProducer[] {
    return [...this.byName.values()];
  }

  /** Subscribes to the channels. All are waited for in the beginning, but no longer than any object is held. */
  open(client: PvaClient, server: PvaServer): void {
    for (const config of this.config.producers) this.byName.set(nameOf(config), this.#open(config, client, server));
    this.#grace = setTimeout(() => {
      for (const { producerId, input } of this.all) if (!input.isConnected) this.events.onGone(producerId);
    }, this.config.cacheTimeout * 1000);
  }

  /** An object has left a queue without having arrived at the cache. */
  lost(object: PvObject): void {
    for (const { intake } of this.all) intake.arrived(object);
  }

  set toSkip(updates: number) {
    for (const { intake } of this.all) intake.toSkip = updates;
  }

  get skipped(): number {
    return this.all.reduce((sum, { intake }) => sum + intake.skipped, 0);
  }

  /** The figures of all inputs together. */
  inputFigures(): InputFigures {
    const all = this.all.map(({ input }) => input.figures());
    const sum = (of: (figures: InputFigures) => number) => all.reduce((total, figures) => total + of(figures), 0);
    return {
      received: sum(({ received }) => received),
      bytes: sum(({ bytes }) => bytes),
      errors: sum(({ errors }) => errors),
      overruns: sum(({ overruns }) => overruns),
    };
  }

  /** The figures of each, also before they were opened. */
  figures(pipeline: PipelineStats): ChannelFigures[] {
    return this.config.producers.map((producer) => ({
      ...producer,
      overruns: this.byName.get(nameOf(producer))?.input.figures().overruns ?? 0,
      queue: pipeline.sources.find(({ name }) => name === nameOf(producer)) ?? noQueue,
    }));
  }

  /** Ids of those that are connected. */
  connected(): number[] {
    return this.all.filter(({ input }) => input.isConnected).map(({ producerId }) => producerId);
  }

  unanswered(): Unanswered[] {
    const silent = this.all.filter(({ input }) => !input.isConnected && input.figures().received === 0);
    return silent.map(({ channel, input }) => ({ channel, isFound: input.isFound === true }));
  }

  resetStats(): void {
    for (const { input, intake } of this.all) {
      input.resetStats();
      intake.resetStats();
    }
  }

  close(): void {
    clearTimeout(this.#grace);
  }

  #open(config: ProducerConfig, client: PvaClient, server: PvaServer): OpenProducer {
    const { producerId, channel } = config;
    const { objectIdField, skipInitialUpdates, fieldRequest, serverQueueSize } = this.config;
    const { events, logger } = this;
    const intake = new ProducerIntake({
      channel,
      idField: objectIdField,
      skipInitialUpdates,
      logger,
      takeMark: (object) => events.takeMark(object),
      onFirst: (object, mayBeShown) => events.onFirst(object, mayBeShown),
      onIdType: (type) => events.onIdType(type),
      onGone: () => events.onGone(producerId),
    });
    const input = pvaInput.open({
      config: { channel, objectIdField, fieldRequest, serverQueueSize, args: {} },
      client: () => client,
      server,
      intake,
      logger,
      inputType: () => undefined,
      hasQueue: this.config.receiverQueueSize >= 0,
      onConnection: (isConnected) => (isConnected ? events.onConnected(producerId) : intake.sourceWentAway()),
      onEnd: (error) => this.#onEnd(producerId, intake, error),
    });
    return { ...config, intake, input };
  }

  #onEnd(producerId: number, intake: ProducerIntake, error: PvaflowError | undefined): void {
    if (error !== undefined) return this.events.onEnd(error);
    this.#ended.add(producerId);
    intake.sourceWentAway();
    if (this.#ended.size === this.config.producers.length) this.events.onEnd(undefined);
  }
}

function nameOf({ producerId }: ProducerConfig): string {
  return String(producerId);
}

const noQueue = { received: 0, delivered: 0, dropped: 0, length: 0 };
