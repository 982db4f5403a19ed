import type { PvaflowError } from '../../core/errors.js';
import type { MetricFamily, MetricsSource } from '../../core/metrics/metric.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { RestartPolicy } from '../../supervisor/backoff.js';
import { childModule } from '../../supervisor/child-module.js';
import { endError, type ChildEnd, type ChildStats } from '../../supervisor/child-spec.js';
import type { SupervisedChild } from '../../supervisor/supervised-child.js';
import { Supervisor } from '../../supervisor/supervisor.js';
import { completeConfig, type ConsumerConfig } from '../consumer-config.js';
import type { ConsumerSnapshot } from '../consumer.js';
import { METRICS_REQUEST, type ConsumerTaskStats } from '../consumers/consumer-task.js';
import type { LossReport } from '../loss-report.js';
import { ChainControl } from './chain-control.js';
import { chainReport, type ChainReport, type PartAccount } from './chain-report.js';
import { partConfig, placesOf, type PartPlace } from './part-config.js';
import { PartRecord } from './part-record.js';
import { COMMAND_REQUEST, RUN_REQUEST, type PartRun, type PartTaskConfig, type PartTaskShape } from './part-task.js';

export interface ChainOptions {
  /** Of the whole chain, as of a consumer in one process. */
  readonly config: ConsumerConfig;
  /** Which of its processors have a process of their own. */
  readonly isOwn: readonly boolean[];
  readonly restart?: Partial<RestartPolicy> | undefined;
  /** Seconds between two statistics; 1. */
  readonly statsPeriod?: number | undefined;
}

/** How one part is at a moment. */
export interface PartState {
  readonly consumerId: number;
  /** Names of its processors; empty until it is there. */
  readonly stages: readonly string[];
  readonly child: ChildStats;
  /** What it said last; undefined before the first statistics and after a crash. */
  readonly snapshot: ConsumerSnapshot | undefined;
  /** Its account so far, over all restarts; undefined before the first statistics. */
  readonly report: LossReport | undefined;
}

interface Part {
  readonly place: PartPlace;
  readonly child: SupervisedChild<PartTaskShape>;
  readonly record: PartRecord;
  info: PartTaskShape['info'] | undefined;
  run: PartRun | undefined;
  end: ChildEnd | undefined;
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
  #control: ChainControl | undefined;
  #isRunning = false;
  #draining: Promise<void> | undefined;
  #settleEnded!: { resolve: () => void; reject: (error: PvaflowError) => void };

  /** @throws {PvaflowError} as `Consumer.create` does for a wrong configuration */
  constructor(options: ChainOptions) {
    const { drainTimeout, consumerId } = completeConfig(options.config);
    const { restart = {}, statsPeriod = 1 } = options;
    this.config = options.config;
    this.#options = options;
    this.#name = `consumer-${consumerId}`;
    // The pipeline, the processor and the subscribers of the output are each given up after this time, by the part itself.
    this.#supervisor = new Supervisor({ restart, statsPeriod, stopTimeout: 4 * drainTimeout + 5 });
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
  }

  /**
   * Starts the parts, and lets them begin, the last one first: nothing is received before all of them are there.
   *
   * @throws {PvaflowError} what kept the first of them from starting; the others are stopped
   */
  async start(): Promise<void> {
    try {
      for (const place of placesOf(this.#options.isOwn)) {
        if (this.#draining !== undefined) return;
        await this.#spawn(place).child.ready;
      }
      this.#control = ChainControl.serve(this);
      this.#isRunning = true;
      for (const part of [...this.#parts].reverse()) await this.#run(part);
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
    const accounts = this.#parts.map(accountOf).filter((account) => account !== undefined);
    const [first] = this.#parts;
    if (first === undefined || accounts.length < this.#parts.length) return undefined;
    const { distributor, objectIdOffset } = completeConfig(this.config);
    return chainReport(accounts, distributor === undefined ? first.record.gaps(objectIdOffset) : []);
  }

  /** In the order of the chain. */
  states(): PartState[] {
    const { consumerId } = completeConfig(this.config);
    return this.#parts.map(({ child, record, info }) => ({
      consumerId,
      stages: info?.processors ?? [],
      child: child.stats(),
      snapshot: record.latest?.snapshot,
      report: record.report(),
    }));
  }

  /** Has all parts send their statistics now. */
  async refresh(): Promise<void> {
    await Promise.all(this.#parts.map(({ child }) => child.refresh()));
  }

  /** The part that has a stage of this name. */
  partOf(stage: string): number | undefined {
    const at = this.#parts.findIndex(({ info }) => info?.processors.includes(stage));
    return at < 0 ? undefined : at;
  }

  /** Names of all stages. */
  get stages(): string[] {
    return this.#parts.flatMap(({ info }) => info?.processors ?? []);
  }

  /**
   * Has a part carry out a command of the control channel; all parts, if none is named.
   *
   * @returns the answer of the last of them
   * @throws what went wrong in any
   */
  async command(name: string, args: string, part?: number): Promise<string> {
    const parts = part === undefined ? this.#parts : this.#parts.slice(part, part + 1);
    const answers = await Promise.all(parts.map(({ child }) => child.request(COMMAND_REQUEST, { name, args })));
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

  /** For clients of the control channel, and of the channels of each part. */
  clientConfigs(): PvaClientConfig[] {
    return [this.#control?.server.clientConfig() ?? {}, ...this.#parts.map(({ info }) => info?.client ?? {})];
  }

  /** Whether the processor of any part failed to stop. */
  get stopFailed(): boolean {
    return this.#parts.some(({ record }) => record.latest?.stopFailed === true);
  }

  /** Whether the statistics of any part were reset. */
  get wasReset(): boolean {
    return this.#parts.some(({ record }) => record.latest?.wasReset === true);
  }

  /** Where the input channel is looked for, if nobody has answered there; undefined when somebody has. */
  get unansweredSearch(): string | undefined {
    const [first] = this.#parts;
    const snapshot = first?.record.latest?.snapshot;
    if (snapshot === undefined || snapshot.isConnected || snapshot.input.received > 0) return undefined;
    return first?.run?.search;
  }

  /** The figures of each part, for the metrics of this process. */
  metricsSource(): MetricsSource {
    return {
      scrape: async () => {
        const ask = async ({ child }: Part) => {
          const answer = child.request(METRICS_REQUEST) as Promise<MetricFamily[]>;
          return answer.catch(() => []); // it is down: `notReady` tells
        };
        return (await Promise.all(this.#parts.map(ask))).flat();
      },
      notReady: () => {
        for (const { child, record } of this.#parts) {
          const { state } = child.stats();
          if (state !== 'running') return `${child.name} is ${state}`;
          if (record.latest?.notReady !== undefined) return record.latest.notReady;
        }
        return this.#isRunning ? undefined : `${this.#name}: not all parts are there`;
      },
    };
  }

  #spawn(place: PartPlace): Part {
    const record = new PartRecord();
    const configOf = () => this.#configOf(place);
    const child = this.#supervisor.start<PartTaskShape>({
      name: `${this.#name}.${place.at + 1}`,
      module: childModule(import.meta.url, 'part-task'),
      // read each time it is started: then it asks for the port that the next part knows
      get config() {
        return configOf();
      },
      onReady: (info) => this.#onReady(part, info),
      onStats: (stats) => this.#onStats(part, stats),
      onReport: (report) => record.onReport(report),
      onCrash: () => record.onCrash(),
    });
    const part: Part = { place, child, record, info: undefined, run: undefined, end: undefined };
    this.#parts.push(part);
    void child.ended.then((end) => this.#onEnd(part, end));
    return part;
  }

  #configOf(place: PartPlace): PartTaskConfig {
    const portOf = (at: number) => this.#parts[at]?.info?.port;
    const taken = this.#parts.flatMap(({ info }, at) => (at === place.at ? [] : (info?.processors ?? [])));
    const ports = { input: portOf(place.at - 1), output: portOf(place.at) };
    return { consumer: partConfig(this.config, place, ports), taken };
  }

  /** As long as a part comes further, those before it wait for it. */
  #onStats({ record, place }: Part, stats: ConsumerTaskStats): void {
    const before = record.settled;
    record.onStats(stats);
    if (record.settled !== before) for (const { child } of this.#parts.slice(0, place.at)) child.keepWaiting();
  }

  #onReady(part: Part, info: PartTaskShape['info']): void {
    part.info = info;
    if (this.#isRunning) this.#run(part).catch(() => {}); // it ends with the reason
  }

  async #run(part: Part): Promise<void> {
    part.run = (await part.child.request(RUN_REQUEST)) as PartRun;
  }

  #onEnd(part: Part, end: ChildEnd): void {
    part.end = end;
    part.record.onEnd(end.outcome === 'killed');
    if (end.outcome === 'done' || end.outcome === 'stopped') this.#settleEnded.resolve();
    else this.#settleEnded.reject(endError(part.child.name, end));
  }

  async #drain(): Promise<void> {
    for (const { child } of this.#parts) await child.stop();
    this.#control?.close();
    this.#settleEnded.resolve();
  }
}

function accountOf({ record, info, child }: Part): PartAccount | undefined {
  const report = record.report();
  if (report === undefined) return undefined;
  const { nRestarts, lastExit } = child.stats();
  const { coverage, arrived, deaths, isSettled, isIncomplete } = record;
  const stages = info?.processors ?? [];
  const knowsIds = !isIncomplete && coverage.firstId !== undefined;
  return { report: { ...report, stages, nRestarts, lastExit }, coverage, arrived, deaths, isSettled, knowsIds };
}
