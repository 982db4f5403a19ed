import { captureLog, type LogEntry } from '../core/logger.js';
import { PvaflowError } from '../core/errors.js';
import type { ConsumerConfig } from '../hpc/consumer-config.js';
import type { ConsumerStats } from '../hpc/consumer-stats.js';
import { readId } from '../hpc/ids/id-reader.js';
import type { LossReport } from '../hpc/loss-report.js';
import type { LoadProcessor } from '../hpc/stages/processor-stage.js';
import type { UserDataProcessor } from '../processor/user-data-processor.js';
import type { PvaClientConfig } from '../pva/config.js';
import type { PvObject } from '../pva/pv-object.js';
import { Custody } from './custody.js';
import { fedObjects, type Fed } from './fed-objects.js';
import type { Feed } from './feed.js';
import { GivenObject } from './given-object.js';
import { KitConsumer } from './kit-consumer.js';
import { metadataObject, type MetadataUpdate } from './metadata-update.js';

/** An object on which a processor failed. */
export interface FailedObject {
  readonly id: number | undefined;
  /** The stage that failed: `threshold`. */
  readonly stage: string;
  /** What was thrown. */
  readonly error: unknown;
}

/** An object that was given up: the queue was full, the run ended before it was done. */
export interface RejectedObject {
  readonly id: number | undefined;
  readonly reason: string;
}

/** How long a test feeds. */
export interface FeedOptions {
  /** Asked after each object that came to its end: whether it is enough. For streams without an end. */
  readonly until?: ((run: TestRun) => boolean) | undefined;
}

/**
 * A processor, or a chain of them, at work in the runtime that also runs it at a beamline, with a test in the place of the
 * channels. What it did can be looked at while it runs, and after its end.
 */
export class TestRun implements AsyncDisposable {
  /** What was given to `updateOutputChannel`, in that order: what subscribers would have got. */
  readonly published: GivenObject[] = [];
  /** What `process` of the last processor returned, in that order: what would go on to a next one. */
  readonly returned: GivenObject[] = [];
  readonly failed: FailedObject[] = [];
  readonly rejected: RejectedObject[] = [];
  /** What was logged meanwhile, by everything in this process, from `debug` on. */
  readonly log: LogEntry[] = [];
  readonly #custody = new Custody();
  readonly #idField: string;
  readonly #stopCapture: () => void;
  #consumer!: KitConsumer;
  #stopped: Promise<void> | undefined;
  #leaks: readonly string[] = [];

  private constructor(idField: string) {
    this.#idField = idField;
    this.#stopCapture = captureLog('debug', (entry) => this.log.push(entry));
  }

  /**
   * Loads, configures and starts the processors. For `openRun`.
   *
   * @internal
   */
  static async open(config: ConsumerConfig, load?: LoadProcessor): Promise<TestRun> {
    const run = new TestRun(config.objectIdField ?? 'uniqueId');
    try {
      run.#consumer = await KitConsumer.open(config, {
        load,
        onLent: (object, channel) => run.#lend(object, channel),
        onPublished: (value) => run.published.push(run.#given(value)),
        onReturned: (value) => run.returned.push(run.#given(value)),
        observer: {
          onFailed: (input, stage, error) => run.failed.push({ id: run.#idOf(input), stage, error }),
          onRejected: (input, reason) => run.rejected.push({ id: run.#idOf(input), reason }),
        },
      });
      await run.#consumer.start();
      return run;
    } catch (error) {
      run.#end();
      throw error;
    }
  }

  /** The processors at work, in the order of the chain. */
  get processors(): UserDataProcessor[] {
    return this.#consumer.stages.list.map(({ user }) => user.processor);
  }

  /** All figures, as the status channel and the reports have them. */
  get stats(): ConsumerStats {
    return this.#consumer.stats();
  }

  /** What `getStats` gives, of the last processor that names figures in `getStatsPvaTypes`. */
  get userStats(): Readonly<Record<string, unknown>> {
    return this.stats.userStats;
  }

  /** What happened to every frame, with the ids of those that were lost. */
  get lossReport(): LossReport {
    return this.#consumer.report();
  }

  /**
   * What was not given back by the end: names of frames and metadata updates that somebody retained, or took from a queue, and never
   * released. A processor that keeps frames releases them in `stop`. Empty while it runs.
   */
  get leaks(): readonly string[] {
    return this.#leaks;
  }

  /**
   * Feeds objects, as fast as they are taken, behind those of earlier calls. They belong to the run: each is given back when the
   * chain is through with it.
   *
   * @returns when all have come to their end: do not wait for it where the processor waits for what comes later
   */
  async feed(objects: Fed, { until }: FeedOptions = {}): Promise<void> {
    await this.#feed(objects, until).settled;
  }

  /**
   * An update of a metadata channel, one of those that were named when the run began.
   *
   * @throws {PvaflowError} PVAFLOW_TEST when there is no such channel
   */
  async updateMetadata(channel: string, ...updates: readonly MetadataUpdate[]): Promise<void> {
    const inputs = this.#consumer.metadataInputs;
    const input = inputs.get(channel);
    if (input === undefined) {
      const known = [...inputs.keys()].join(', ') || 'none';
      throw new PvaflowError(
        'PVAFLOW_TEST',
        `there is no metadata channel ${channel}. There is ${known}: name it in metadata`,
      );
    }
    await input.feed(updates.map((update) => ({ object: metadataObject(update) }))).taken;
  }

  /**
   * What a user sends to the control channel while it runs.
   *
   * @param stage of which processor, by the name of its stage; all if it is not given
   */
  async configure(config: Record<string, unknown>, stage?: string): Promise<void> {
    if (stage === undefined) await this.#consumer.configure(config);
    else await this.#consumer.stages.named(stage).configure(config);
  }

  /** Counts anew, as by the control channel. */
  resetStats(): void {
    this.#consumer.resetStats();
  }

  /** For `new PvaClient(run.clientConfig())`: reaches channels that a processor added to `pvaServer`, over loopback. */
  clientConfig(): PvaClientConfig {
    return this.#consumer.clientConfig();
  }

  /**
   * Feeds no more, lets the processors finish what they have, and stops them. What comes no further for as long as
   * `consumer.drainTimeout` says is given up. Idempotent.
   *
   * @throws {PvaflowError} PVAFLOW_TEST_RELEASED when an object was used after it had been given back; what ended the run before
   */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /**
   * Feeds, and stops when all has been taken. For `runProcessor` and `runConfiguration`.
   *
   * @internal
   */
  async finish(objects: Fed, until: FeedOptions['until']): Promise<void> {
    try {
      await Promise.race([this.#feed(objects, until).taken, this.#consumer.ended]);
    } finally {
      await this.stop();
    }
  }

  #feed(objects: Fed, until: FeedOptions['until']): Feed {
    return this.#consumer.input.feed(fedObjects(objects), until && (() => until(this)));
  }

  async #stop(): Promise<void> {
    try {
      await this.#consumer.drain();
    } finally {
      this.#end();
    }
    await this.#consumer.ended;
    if (this.#custody.misuse !== undefined) throw this.#custody.misuse;
  }

  #end(): void {
    this.#leaks = this.#custody.outstanding;
    this.#custody.end();
    this.#stopCapture();
  }

  #lend(object: PvObject, metadataChannel: string | undefined): void {
    const id = object.released ? undefined : this.#idOf(object);
    const name =
      metadataChannel === undefined
        ? `the object${id === undefined ? '' : ` with id ${id}`}`
        : `an update of ${metadataChannel}`;
    this.#custody.lend(object, name);
  }

  #given(value: PvObject): GivenObject {
    return new GivenObject(value.clone(), this.#idOf(value));
  }

  #idOf(object: PvObject): number | undefined {
    return object.has(this.#idField) ? readId(object, this.#idField) : undefined;
  }
}
