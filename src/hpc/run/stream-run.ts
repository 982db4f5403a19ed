import { messageOf, PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { Pipeline, type PipelineStats } from '../../pipeline/pipeline.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { TypeFields } from '../../pva/pv-type.js';
import type { PvaServerConfig } from '../../pva/server-config.js';
import { PvaServer } from '../../pva/server.js';
import { standardCommands, type Command } from '../control-channel.js';
import { FrameLog } from '../frame-log.js';
import type { IdSequence } from '../ids/id-turns.js';
import { LazyClient } from '../lazy-client.js';
import { giveUpWhenStalled } from '../stall.js';
import { Progress, workOf } from './progress.js';
import { StatusAndControl, type StatusAndControlOptions } from './status-and-control.js';

/** Where channels are looked for and served; what is not given comes from the environment. */
export interface RunNetwork {
  readonly client?: PvaClientConfig;
  readonly server?: PvaServerConfig;
}

export interface StreamRunOptions {
  readonly logger: Logger;
  readonly network: RunNetwork | undefined;
  readonly sequence: IdSequence;
  readonly channels: Omit<StatusAndControlOptions, 'figures' | 'logger'>;
  /** Seconds in which, at the end, what is on its way may arrive. */
  readonly drainTimeout: number;
}

/**
 * One run of something that takes objects from channels through a pipeline and serves what comes out: its client and server, its
 * status and control channels, its start and its end. `start`, then `drain` or `abort`.
 */
export abstract class StreamRun {
  readonly logger: Logger;
  /** Rejects when it cannot go on; resolves when it has ended, or is to end. */
  readonly ended: Promise<void>;
  protected readonly client: LazyClient;
  protected readonly server: PvaServer;
  protected readonly frames: FrameLog;
  protected readonly channels: StatusAndControl;
  protected readonly drainTimeout: number;
  #pipeline: Pipeline<PvObject> | undefined;
  #progress: Progress | undefined;
  #work: Progress | undefined;
  #isStarted = false;
  #wasReset = false;
  #finished: Promise<void> | undefined;
  #settleEnded!: { resolve: () => void; reject: (error: unknown) => void };

  protected constructor({ logger, network, sequence, channels, drainTimeout }: StreamRunOptions) {
    this.logger = logger;
    this.drainTimeout = drainTimeout;
    this.frames = new FrameLog(sequence, logger);
    this.client = new LazyClient(network?.client);
    this.server = new PvaServer(network?.server);
    this.channels = new StatusAndControl({ ...channels, logger, figures: () => this.statusValues() });
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
  }

  /**
   * Serves the channels and begins to receive.
   *
   * @throws {PvaflowError} with the codes of `prepare`
   */
  async start(): Promise<void> {
    try {
      this.channels.serve(this.server, this.statusTypes(), this.commands(false));
      await this.prepare();
      if (this.#finished !== undefined) return;
      this.#isStarted = true;
      this.#run();
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  /**
   * Takes no more, finishes what has come, and leaves subscribers time to fetch what is left. What comes no further is waited
   * for no longer than the time to drain.
   */
  async drain(): Promise<void> {
    const pipeline = this.#pipeline;
    if (pipeline !== undefined) {
      using _watch = giveUpWhenStalled(pipeline, this.drainTimeout, this.logger, () => this.isHeldBack);
      await pipeline.drain().catch(() => {}); // `ended` tells
    }
    await (this.#finished ??= this.#finish());
  }

  /** Ends at once, also while it drains; what is queued counts as rejected. */
  async abort(): Promise<void> {
    this.#pipeline?.stop();
    await (this.#finished ??= this.#finish());
  }

  /** For `new PvaClient(...)`: reaches the channels that are served here, and no others. */
  clientConfig(): PvaClientConfig {
    return this.server.clientConfig();
  }

  /** Where input channels are looked for, for messages to people; undefined when they are hosted here. */
  describeSearch(): string | undefined {
    return this.client.get().describeSearch();
  }

  /** Whether a user reset the statistics, so that a report does not tell of the whole run. */
  get wasReset(): boolean {
    return this.#wasReset;
  }

  /** Publishes the figures of this moment on the status channel. */
  updateStatus(): void {
    this.channels.update();
  }

  /** Counts anew. */
  resetStats(): void {
    this.#wasReset = true;
    this.#pipeline?.resetStats();
    this.frames.reset();
    this.resetParts();
    this.updateStatus();
  }

  /**
   * Carries out a command of its control channel, for somebody who has that channel in its place.
   *
   * @returns the answer
   * @throws what went wrong
   */
  async command(name: string, args: string): Promise<string> {
    const command = this.commands(true)[name];
    if (command === undefined) throw new PvaflowError('PVAFLOW_CONTROL', `there is no command ${name}`);
    return command.run(args);
  }

  protected get pipeline(): Pipeline<PvObject> {
    return this.#pipeline ?? idlePipeline;
  }

  protected pipelineStats(): PipelineStats {
    return this.pipeline.stats();
  }

  /** Milliseconds for which processors have had objects in work and finished none, and no subscriber is to blame. */
  get stuckMs(): number {
    return (this.#work?.stuckSeconds ?? 0) * 1000;
  }

  /** For how long something has been in work without anything coming to its end. */
  protected get stuckSeconds(): number {
    return this.#progress?.stuckSeconds ?? 0;
  }

  protected get state(): 'starting' | 'running' | 'ending' {
    return this.#finished !== undefined ? 'ending' : this.#isStarted ? 'running' : 'starting';
  }

  /** Whether it waits for somebody who is busy, and whom others watch: then it is patient also while it drains. */
  protected get isHeldBack(): boolean {
    return false;
  }

  /** Nothing can follow: `drain` is called for, or, with an error, the run has failed. */
  protected endRun(error?: PvaflowError): void {
    if (error === undefined) this.#settleEnded.resolve();
    else this.#settleEnded.reject(error);
  }

  /** Called first: the types of the figures on the status channel. */
  protected abstract statusTypes(): TypeFields;
  /** Called whenever they are wanted: the figures. */
  protected abstract statusValues(): Record<string, unknown>;
  /** Called once before anything is received: starts processors. */
  protected abstract prepare(): Promise<void>;
  /** Called once after `prepare`: opens the inputs. */
  protected abstract openPipeline(): Pipeline<PvObject>;
  /** Called when a user sent a configuration. */
  protected abstract configure(config: Record<string, unknown>): Promise<void>;
  protected abstract resetParts(): void;
  /** Called once at the end; `wasStarted` if `prepare` succeeded. Stops processors, and waits for them so long. */
  protected abstract stopParts(seconds: number, wasStarted: boolean): Promise<void>;
  /** Called once after `stopParts`: resolves when everything that was published has arrived, or after so long. */
  protected abstract flushOutputs(seconds: number): Promise<void>;

  /** Called once at the end, also when the start failed. */
  protected closeParts(): void {}

  /**
   * Called first: what the control channel can do.
   *
   * @param _isPart it is asked in the place of a whole: what is not for this part may be for another
   */
  protected commands(_isPart: boolean): Record<string, Command> {
    return standardCommands({
      configure: (config) => this.configure(config),
      getStats: () => this.updateStatus(),
      resetStats: () => this.resetStats(),
      stop: () => this.endRun(),
    });
  }

  /** What an error is told as that the pipeline could not go on after. */
  protected failureOf(error: unknown): PvaflowError {
    if (error instanceof PvaflowError) return error;
    return new PvaflowError('PVAFLOW_STREAM', messageOf(error), { cause: error });
  }

  #run(): void {
    const pipeline = this.openPipeline();
    this.#pipeline = pipeline;
    pipeline.ended.catch((error: unknown) => this.#settleEnded.reject(this.failureOf(error)));
    this.#progress = new Progress(pipeline);
    this.#work = new Progress(workOf(pipeline, () => this.isHeldBack));
    pipeline.start();
    this.channels.start();
  }

  async #finish(): Promise<void> {
    this.frames.end();
    await this.stopParts(this.drainTimeout, this.#isStarted);
    await Promise.all([this.channels.end(this.drainTimeout), this.flushOutputs(this.drainTimeout)]);
    this.#close();
    this.#settleEnded.resolve();
  }

  #close(): void {
    this.closeParts();
    this.#progress?.[Symbol.dispose]();
    this.#work?.[Symbol.dispose]();
    this.channels.close();
    this.client.close();
    this.server.close();
  }
}

/** Stands for the pipeline before there is one. */
const idlePipeline = new Pipeline<PvObject>({ sources: [], processors: [] });
