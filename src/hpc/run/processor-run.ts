import { isDeepStrictEqual } from 'node:util';
import { PvaflowError } from '../../core/errors.js';
import { Pipeline, type PipelineStats } from '../../pipeline/pipeline.js';
import type { SourceQueueOptions } from '../../pipeline/receiver.js';
import type { StageOptions } from '../../pipeline/stage-options.js';
import { toJsonData } from '../../pva/json.js';
import { PvObject } from '../../pva/pv-object.js';
import type { TypeFields } from '../../pva/pv-type.js';
import type { AcquisitionStats } from '../acquisitions/acquisition-stats.js';
import type { AcquisitionOptions } from '../acquisitions/acquisitions.js';
import type { ProcessorConfig } from '../consumer-config.js';
import { consumerStats, type ConsumerStats } from '../consumer-stats.js';
import type { UserTypes } from '../consumer-status.js';
import type { Command } from '../control-channel.js';
import { noAlarm, notConnected, type InputAlarm } from '../inputs/input-alarm.js';
import type { InputFigures, InputMode, Unanswered } from '../inputs/input.js';
import { inputModes } from '../inputs/modes.js';
import { frameReport, type FrameReport } from '../loss-report.js';
import { MetadataChannels } from '../metadata/metadata-channels.js';
import type { Output } from '../outputs/output.js';
import { idsFromTo } from '../run-summary.js';
import { sourceQueue, type RuntimeConfig } from '../runtime-config.js';
import type { ProcessorStage } from '../stages/processor-stage.js';
import { refuseUnknown, type ProcessorStages } from '../stages/processor-stages.js';
import { EarlyOutput } from './early-output.js';
import { CHECK_COMMAND, checkCommand, processorCommands } from './processor-commands.js';
import type { Front, ProcessorRunOptions } from './processor-run-options.js';
import { notReadyBecause } from './readiness.js';
import { RunConfiguration, type RuntimeSettings } from './run-configuration.js';
import { RuntimeChanges } from './runtime-changes.js';
import { StreamRun } from './stream-run.js';

/** Everything about a run at one moment, as plain data. */
export interface RunSnapshot {
  readonly stats: ConsumerStats;
  readonly pipeline: PipelineStats;
  readonly input: InputFigures;
  readonly isConnected: boolean;
  readonly unanswered: readonly Unanswered[];
  readonly subscribers: number;
  /** How many frames were missed when a later one came, those among them that came late after all. */
  readonly everMissed: number;
}

/** A run that takes objects through a chain of users' processors to an output: a consumer, a collector, a splitter. */
export abstract class ProcessorRun extends StreamRun {
  readonly stages: ProcessorStages;
  /** Where it publishes, unless it has no output channel. */
  readonly output: Output | undefined;
  /** The types of the users' figures, as the status channel has them. */
  userTypes: UserTypes = { byStage: {}, shownStage: '' };
  readonly #options: ProcessorRunOptions;
  readonly #earlyOutput: EarlyOutput | undefined;
  #metadata: MetadataChannels | undefined;
  /** Known when the pipeline is opened. */
  #reader!: Front['reader'];

  protected constructor(options: ProcessorRunOptions) {
    const { kind, config, stages, logger, sequence, head } = options;
    const { channels: names, network, statusPeriod: period, drainTimeout } = config;
    const id = { [`${kind}Id`]: options.id };
    super({ logger, network, sequence, channels: { names, head, id, period }, drainTimeout });
    this.#options = options;
    this.stages = stages;
    this.output = this.#newOutput();
    this.#earlyOutput = this.output && new EarlyOutput(this.output, names.output, stages, logger);
  }

  stats(): ConsumerStats {
    const { errors, overruns } = this.inputFigures();
    return consumerStats({
      pipeline: this.pipelineStats(),
      ids: this.frames.ids,
      times: this.frames.times,
      receiver: { errors, overruns, skipped: this.skipped },
      publisher: this.output ?? { published: 0, errors: 0 },
      hasQueue: this.#options.config.receiverQueueSize >= 0,
      userStats: this.stages.stats(),
      shownStage: this.stages.shown,
      metadata: this.#metadata?.stats() ?? [],
      acquisition: this.acquisition(),
      inputAlarm: this.inputAlarm(),
    });
  }

  snapshot(): RunSnapshot {
    return toJsonData({
      stats: this.stats(),
      pipeline: this.pipelineStats(),
      input: this.inputFigures(),
      isConnected: this.unconnected().length === 0,
      unanswered: this.unanswered(),
      subscribers: this.output?.subscribers ?? 0,
      everMissed: this.frames.ids.everMissed,
    }) as RunSnapshot;
  }

  /** Why no frames are processed at this moment; undefined when they are, or would be if they came. */
  notReady(): string | undefined {
    const { kind, id } = this.#options;
    const { state, stuckSeconds } = this;
    const { inFlight } = this.pipeline;
    return notReadyBecause({ name: `${kind} ${id}`, state, stuckSeconds, inFlight, inputAlarm: this.inputAlarm() });
  }

  /** What happened to every frame so far, as plain data. */
  abstract report(): FrameReport;
  abstract unanswered(): Unanswered[];

  /**
   * Replaces the processor of a stage, between two objects, so that none is lost. Without a file and a class it is the same one,
   * read anew from its file. When it cannot be loaded or started all stays as it is.
   *
   * @param stage its name; may be left out when there is one stage
   * @throws {PvaflowError} PVAFLOW_CONFIG, or with the codes of `loadProcessor` and `startProcessor`
   */
  async replace(stage: string | undefined, processor: ProcessorConfig): Promise<void> {
    if (this.state !== 'running')
      throw new PvaflowError('PVAFLOW_CONTROL', `it is ${this.state}: a processor is replaced while it runs`);
    const place = this.stages.named(stage);
    await place.replace(processor, this.drainTimeout, (options) =>
      this.pipeline.replace(place.name, this.#stageOptions(place, options)),
    );
    const before = this.userTypes;
    const types = this.statusTypes();
    if (!isDeepStrictEqual(before, this.userTypes)) this.channels.setTypes(types);
    this.updateStatus();
  }

  /** Input channels that are not connected. */
  protected abstract unconnected(): string[];
  /** INVALID when an input is not connected, or shows that its own source is not. */
  protected inputAlarm(): InputAlarm {
    const [missing] = this.unconnected();
    return missing === undefined ? noAlarm : notConnected(missing);
  }
  protected abstract inputFigures(): InputFigures;
  /** How many initial updates were not processed. */
  protected abstract get skipped(): number;
  protected abstract acquisition(): AcquisitionStats;
  /** The types of the figures on the status channel, of which `userTypes` are the users'. */
  protected abstract figureTypes(): TypeFields;
  /** Called once, when the processors have started: opens the inputs, each with such a queue. */
  protected abstract openFront(queue: SourceQueueOptions<PvObject>): Front;
  /** Something could not be published. */
  protected abstract notPublished(value: PvObject, message: string): void;
  /** A user changed what is not the processors' alone. */
  protected abstract reconfigure(config: RuntimeConfig): void;

  /** For processors, and where they hand on: publishes. */
  protected publish(value: PvObject): Promise<void> | undefined {
    return this.output?.update(value);
  }

  /** Called once: what takes that which the last processor hands on; undefined where it ends there. */
  protected end(): ((object: PvObject) => Promise<void> | undefined) | undefined {
    return this.#options.config.passOn ? (object) => this.publish(object) : undefined;
  }

  /** How metadata channels are received, by their protocol. */
  protected get metadataModes(): Readonly<Record<string, InputMode>> {
    return inputModes;
  }

  /** Called with the first object of each input, also if it is skipped. */
  protected onFirst(object: PvObject, mayBeShown: boolean): void {
    this.#earlyOutput?.onFirst(object, mayBeShown);
  }

  /** What is to be done when all frames of an acquisition have come to their end. */
  protected acquisitionEvents(): Pick<AcquisitionOptions, 'onMark' | 'finish' | 'onComplete'> {
    return {
      onMark: (mark) => this.publishMark(mark),
      finish: () => this.stages.finishAcquisition(),
      onComplete: ({ message, firstId, lastId }) => {
        this.logger.info(`${message}, ${idsFromTo(firstId, lastId)}`);
        this.updateStatus();
      },
    };
  }

  /** What was made of frames of acquisitions that are not complete was lost. */
  protected abstract acquisitionLost(): void;

  /** Those behind are to be told that an acquisition is over. */
  protected publishMark(mark: PvObject): void {
    void this.output?.update(mark);
  }

  protected frameReport(): FrameReport {
    return frameReport({
      pipeline: this.pipelineStats(),
      ids: this.frames.ids,
      times: this.frames.times,
      losses: this.frames.losses,
      published: this.output?.published ?? 0,
      droppedForSubscribers: this.output?.dropped ?? 0,
      overruns: this.inputFigures().overruns,
      metadataOverruns: this.#metadata?.overruns ?? 0,
      skipped: this.skipped,
    });
  }

  protected override failureOf(error: unknown): PvaflowError {
    return this.stages.failureOf(error) ?? super.failureOf(error);
  }

  protected override get isHeldBack(): boolean {
    return this.output?.isHeldBack === true || this.stages.isStopping;
  }

  protected override statusTypes(): TypeFields {
    this.userTypes = { byStage: this.stages.statsTypes(), shownStage: this.stages.shown };
    return this.figureTypes();
  }

  protected override commands(isPart: boolean): Record<string, Command> {
    return {
      ...super.commands(isPart),
      ...processorCommands({
        configure: (config) => {
          if (!isPart) refuseUnknown(config, this.configuration.knownKeys);
          return this.configuration.configure(config);
        },
        configureStage: (stage, config) => this.configuration.configureStage(stage, config),
        replace: (stage, config) => this.replace(stage, config),
        report: () => this.report(),
      }),
      ...(isPart ? { [CHECK_COMMAND]: checkCommand(this.configuration) } : {}),
    };
  }

  protected override configure(config: Record<string, unknown>): Promise<void> {
    return this.configuration.configure(config);
  }

  /** What may be configured while it runs besides the processors. */
  protected get runtimeSettings(): RuntimeSettings {
    return new RuntimeChanges({
      queue: this.#options.config,
      pipeline: () => this.pipeline,
      metadata: () => this.#metadata,
      logger: this.logger,
      reconfigure: (config) => this.reconfigure(config),
    });
  }

  protected get configuration(): RunConfiguration {
    return new RunConfiguration(this.stages, this.runtimeSettings);
  }

  protected override async prepare(): Promise<void> {
    const { config, id, inputChannel } = this.#options;
    const metadata = this.#openMetadata();
    const context = {
      processorId: id,
      inputChannel,
      outputChannel: config.channels.output ?? '',
      objectIdField: config.objectIdField,
      pvaServer: this.server,
      metadataQueueMap: metadata.queues,
      host: { updateOutputChannel: (value: PvObject) => this.publish(value) },
    };
    await this.stages.start(context, this.drainTimeout);
    await metadata.start(METADATA_S);
  }

  protected override openPipeline(): Pipeline<PvObject> {
    const { sources, stages = [], reader, observer } = this.openFront(sourceQueue(this.#options.config));
    this.#reader = reader;
    const write = this.end();
    return new Pipeline<PvObject>({
      sources,
      processors: [...stages, ...this.stages.list.map((stage) => this.#stageOptions(stage, stage.options()))],
      sink: {
        ready: () => this.output?.ready(),
        ...(write === undefined ? {} : { write }),
      },
      observer,
      catchError: (error, { stage }) => this.stages.decisionOn(error, stage),
      release: (object) => object.release(),
      isEvent: (value) => value instanceof PvObject,
    });
  }

  protected override resetParts(): void {
    this.output?.resetStats();
    this.stages.resetStats();
    this.#metadata?.resetStats();
  }

  protected override async stopParts(seconds: number, wasStarted: boolean): Promise<void> {
    if (!wasStarted) return;
    await this.stages.stop(seconds);
    if (this.stages.stopFailed) this.acquisitionLost();
  }

  protected override async flushOutputs(seconds: number): Promise<void> {
    await this.output?.flush(seconds);
  }

  protected override closeParts(): void {
    this.#metadata?.close();
  }

  /** What comes to the first processor is noted. */
  #stageOptions(stage: ProcessorStage, options: StageOptions<PvObject>): StageOptions<PvObject> {
    return stage === this.stages.list[0] ? this.frames.noting(options, this.#reader) : options;
  }

  #newOutput(): Output | undefined {
    const { config, output } = this.#options;
    const { channels, outputOnFull: onFull } = config;
    if (channels.output === undefined) return undefined;
    return output.mode.open({
      config: { channel: channels.output, onFull, args: output.args },
      client: () => this.client.get(),
      server: this.server,
      logger: this.logger,
      onError: (value, message) => this.notPublished(value, message),
      onOverflow: (error) => {
        this.endRun(error);
        this.pipeline.stop();
      },
    });
  }

  #openMetadata(): MetadataChannels {
    const { metadataChannels: channels, serverQueueSize, receiverQueueSize } = this.#options.config;
    const { server, logger, metadataModes: modes } = this;
    const client = () => this.client.get();
    const wanted = { channels, serverQueueSize, receiverQueueSize, client, server, logger, modes };
    return (this.#metadata = new MetadataChannels(wanted));
  }
}

/** Metadata channels have so many seconds to connect before the inputs are received. */
const METADATA_S = 2;
