import { setTimeout as sleep } from 'node:timers/promises';
import type { PvaflowError } from '../../core/errors.js';
import type { MetricsSource } from '../../core/metrics/metric.js';
import type { PvaClientConfig } from '../../pva/config.js';
import { endError, type ChildEnd } from '../../supervisor/child-spec.js';
import { Supervisor } from '../../supervisor/supervisor.js';
import { completeConfig, type ConsumerConfig } from '../consumer-config.js';
import { childMetrics } from '../consumers/child-metrics.js';
import { takeName } from '../stages/processor-stage.js';
import { ChainChannels } from './chain-channels.js';
import { chainReport, type ChainReport } from './chain-report.js';
import { placesOf, type PartPlace } from './part-config.js';
import { Part, type PartRestart, type PartState } from './part.js';
import type { Unanswered } from '../inputs/input.js';

/** Figures that somebody waits for come within this time, or are old. */
const PATIENCE_MS = 2000;

export interface ChainOptions {
  /** Of the whole chain, as of a consumer in one process. */
  readonly config: ConsumerConfig;
  /** Which of its processors have a process of their own. */
  readonly isOwn: readonly boolean[];
  readonly restart?: PartRestart | undefined;
  /** Seconds after which a part whose event loop or processor is stuck is killed and started again; 0, the default: never. */
  readonly stallTimeout?: number | undefined;
  /** Seconds between two statistics; 1. */
  readonly statsPeriod?: number | undefined;
}

/**
 * A consumer whose chain of processors is cut over several processes. Each part hands its objects to the next over a link on
 * loopback that waits; one that dies is started again, and the others wait for it.
 *
 * One run each: `start`, then `drain`.
 */
export class Chain {
  readonly config: ConsumerConfig;
  /** Resolves when it is to end; rejects when a part has ended for good, so that the chain cannot go on. */
  readonly ended: Promise<void>;
  readonly #options: ChainOptions;
  readonly #name: string;
  readonly #supervisor: Supervisor;
  readonly #parts: Part[] = [];
  readonly #channels: ChainChannels;
  #isRunning = false;
  #draining: Promise<void> | undefined;
  #settleEnded!: { resolve: () => void; reject: (error: PvaflowError) => void };

  /** @throws {PvaflowError} as `Consumer.create` does for a wrong configuration */
  constructor(options: ChainOptions) {
    const { drainTimeout, consumerId } = completeConfig(options.config);
    const { restart = {}, stallTimeout = 0, statsPeriod = 1 } = options;
    this.config = options.config;
    this.#options = options;
    this.#name = `consumer-${consumerId}`;
    // The pipeline, the processor and the subscribers of the output are each given up after this time, by the part itself.
    this.#supervisor = new Supervisor({ restart, statsPeriod, stallTimeout, stopTimeout: 4 * drainTimeout + 5 });
    this.#channels = new ChainChannels(this, this.#parts);
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
  }

  /**
   * Starts the parts, all at the same time, and lets them begin, the last one first: nothing is received before all are there.
   *
   * @throws {PvaflowError} what kept the first of them from starting; the others are stopped
   */
  async start(): Promise<void> {
    try {
      for (const place of placesOf(this.#options.isOwn)) this.#spawn(place);
      await Promise.all(this.#parts.map(({ child }) => child.ready));
      const names = new Set<string>();
      for (const part of this.#parts) await part.setUp(part.wishedNames.map((name) => takeName(name, names)));
      this.#isRunning = true;
      for (const part of [...this.#parts].reverse()) await part.run();
      this.#channels.serve();
    } catch (error) {
      if (this.#draining !== undefined) return;
      await this.drain();
      throw error;
    }
  }

  /** Lets the parts take no more and finish what has come, the first one first: the others get what it still has. */
  drain(): Promise<void> {
    return (this.#draining ??= this.#drain());
  }

  /** Ends at once; what is in work is lost. */
  async abort(): Promise<void> {
    this.#draining ??= Promise.resolve();
    await this.#supervisor.kill();
  }

  /** What happened to every frame so far; undefined when not all parts have said something yet. */
  report(): ChainReport | undefined {
    const accounts = this.#parts.map((part) => part.account()).filter((account) => account !== undefined);
    const [first] = this.#parts;
    if (first === undefined || accounts.length < this.#parts.length) return undefined;
    return chainReport(accounts, first.record.gaps);
  }

  /** In the order of the chain. */
  states(): PartState[] {
    const { consumerId } = completeConfig(this.config);
    return this.#parts.map((part) => part.state(consumerId));
  }

  /** Has all parts send their statistics now; one that does not respond is not waited for. */
  async refresh(): Promise<void> {
    const all = Promise.all(this.#parts.map(({ child }) => child.refresh()));
    const timer = new AbortController();
    await Promise.race([all, sleep(PATIENCE_MS, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }

  /** Publishes the figures of this moment on the status channel. */
  async updateStatus(): Promise<void> {
    await this.refresh();
    this.#channels.update();
  }

  /** The part that has a stage of this name. */
  partOf(stage: string): number | undefined {
    const at = this.#parts.findIndex(({ stages }) => stages.includes(stage));
    return at < 0 ? undefined : at;
  }

  /** Names of all stages. */
  get stages(): string[] {
    return this.#parts.flatMap((part) => part.stages);
  }

  /** Names of the stages of each part. */
  get parts(): readonly (readonly string[])[] {
    return this.#parts.map((part) => part.stages);
  }

  /**
   * Has a part carry out a command of the control channel; all parts, if none is named.
   *
   * @returns the answer of the last of them
   * @throws what went wrong in any
   */
  async command(name: string, args: string, part?: number): Promise<string> {
    const parts = part === undefined ? this.#parts : this.#parts.slice(part, part + 1);
    const answers = await Promise.all(parts.map((each) => each.command(name, args)));
    return String(answers.at(-1));
  }

  /** It is to end: `ended` resolves. */
  stop(): void {
    this.#settleEnded.resolve();
  }

  /** Those that ended other than by being stopped or done. */
  get failures(): readonly { readonly part: string; readonly end: ChildEnd }[] {
    return this.#parts.flatMap(({ child, end }) =>
      end === undefined || end.outcome === 'done' || end.outcome === 'stopped' ? [] : [{ part: child.name, end }],
    );
  }

  /** For clients of the channels of the chain, and of those of each part. */
  clientConfigs(): PvaClientConfig[] {
    return [this.#channels.clientConfig(), ...this.#parts.map(({ address }) => address?.client ?? {})];
  }

  /** Whether the processor of any part failed to stop. */
  get stopFailed(): boolean {
    return this.#parts.some(({ record }) => record.latest?.stopFailed === true);
  }

  /** Whether the statistics of any part were reset. */
  get wasReset(): boolean {
    return this.#parts.some(({ record }) => record.latest?.wasReset === true);
  }

  /** The input channel, when nothing has come from it. */
  get unanswered(): readonly Unanswered[] {
    return this.#parts[0]?.record.latest?.snapshot.unanswered ?? [];
  }

  /** Where the input channel is looked for. */
  describeSearch(): string | undefined {
    return this.#parts[0]?.search;
  }

  /** The figures of each part, for the metrics of this process. */
  metricsSource(): MetricsSource {
    const sources = () =>
      this.#parts.map(({ child, record }) => childMetrics(child, child.name, () => record.latest?.notReady));
    return {
      scrape: async () => (await Promise.all(sources().map((source) => source.scrape()))).flat(),
      notReady: () => {
        const reasons = sources().map((source) => source.notReady());
        const reason = reasons.find((each) => each !== undefined);
        return reason ?? (this.#isRunning ? undefined : `${this.#name}: not all parts are there`);
      },
    };
  }

  #spawn(place: PartPlace): void {
    const { distributor, objectIdOffset } = completeConfig(this.config);
    const part: Part = new Part(this.#supervisor, {
      name: `${this.#name}.${place.at + 1}`,
      chain: this.config,
      place,
      step: place.at === 0 && distributor === undefined ? objectIdOffset : undefined,
      inputPort: () => this.#parts[place.at - 1]?.address?.port,
      onStats: (hasProgressed) => hasProgressed && this.#onProgress(place),
      onReplaced: () => {
        if (this.#isRunning) part.run().catch(() => {}); // it ends with the reason
      },
      onEnd: (end) => this.#onEnd(part, end),
    });
    this.#parts.push(part);
  }

  /** As long as a part comes further, those before it wait for it. */
  #onProgress({ at }: PartPlace): void {
    for (const { child } of this.#parts.slice(0, at)) child.keepWaiting();
  }

  #onEnd(part: Part, end: ChildEnd): void {
    if (end.outcome === 'done' || end.outcome === 'stopped') this.#settleEnded.resolve();
    else this.#settleEnded.reject(endError(part.child.name, end));
  }

  async #drain(): Promise<void> {
    if (!this.#isRunning) await this.#supervisor.stop(); // nothing was received
    for (const { child } of this.#parts) await child.stop();
    await this.#channels.end();
    this.#settleEnded.resolve();
  }
}
