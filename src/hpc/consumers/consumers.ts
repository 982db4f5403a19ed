import { setTimeout as sleep } from 'node:timers/promises';
import { getLogger } from '../../core/logger.js';
import type { PvaflowError } from '../../core/errors.js';
import type { MetricsSource } from '../../core/metrics/metric.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { RestartPolicy } from '../../supervisor/backoff.js';
import { childModule } from '../../supervisor/child-module.js';
import type { ChildEnd, ChildStats } from '../../supervisor/child-spec.js';
import type { SupervisedChild } from '../../supervisor/supervised-child.js';
import { Supervisor } from '../../supervisor/supervisor.js';
import { completeConfig, type CompleteConsumerConfig, type ConsumerConfig } from '../consumer-config.js';
import type { ConsumerSnapshot } from '../consumer.js';
import type { LossReport } from '../loss-report.js';
import { childMetrics } from './child-metrics.js';
import { combinedReport, type CombinedReport } from './combined-report.js';
import { ConsumerRecord } from './consumer-record.js';
import type { ConsumerTaskShape, ConsumerTaskStats } from './consumer-task.js';
import { SharedIds } from './shared-ids.js';
import { sharedNames } from './shared-names.js';
import type { Unanswered } from '../inputs/input.js';

const logger = getLogger('consumers');

/** Figures that somebody waits for come within this time, or are old. */
const PATIENCE_MS = 300;

export interface ConsumersOptions {
  /** One for each; their ids differ. */
  readonly configs: readonly ConsumerConfig[];
  /** Worker threads of this process instead of processes. */
  readonly inThreads?: boolean | undefined;
  /** A distributor spreads one stream over these consumers, and over no others. */
  readonly sharesStream?: boolean | undefined;
  readonly restart?: Partial<RestartPolicy> | undefined;
  /** Seconds after which a consumer whose event loop or processor is stuck is killed and started again; 0, the default: never. */
  readonly stallTimeout?: number | undefined;
  /** Seconds between two statistics; 1. */
  readonly statsPeriod?: number | undefined;
}

/** An input channel that some of the consumers wait for. */
export interface WaitedFor extends Unanswered {
  readonly consumerIds: number[];
  /** Where it is looked for. */
  readonly search: string;
}

/** How one of the consumers is at a moment. */
export interface ConsumerState {
  readonly config: CompleteConsumerConfig;
  readonly child: ChildStats;
  /** What it said last; undefined before the first statistics and after a crash. */
  readonly snapshot: ConsumerSnapshot | undefined;
  /** Its account so far, over all restarts; undefined before the first statistics. */
  readonly report: LossReport | undefined;
  /** Names of its processors; empty until it has started. */
  readonly processors: readonly string[];
}

interface Member {
  readonly config: CompleteConsumerConfig;
  readonly child: SupervisedChild<ConsumerTaskShape>;
  readonly record: ConsumerRecord;
  info: ConsumerTaskShape['info'] | undefined;
  end: ChildEnd | undefined;
}

/** Several consumers, each in a process or a thread of its own, that is started again when it crashes. */
export class Consumers {
  /** Resolves when all have ended for good. */
  readonly ended: Promise<void>;
  readonly #supervisor: Supervisor;
  readonly #members: readonly Member[];
  readonly #shared: SharedIds | undefined;
  #isIncomplete = false;

  /**
   * Starts them all.
   *
   * @throws {PvaflowError} as `Consumer.create` does for a wrong configuration
   */
  constructor(options: ConsumersOptions) {
    const { configs, sharesStream, restart = {}, stallTimeout = 0, statsPeriod = 1 } = options;
    const complete = configs.map(completeConfig);
    const drainTimeout = Math.max(...complete.map((config) => config.drainTimeout));
    // The pipeline, the processor and the subscribers of the output are each given up after this time, by the consumer itself.
    const stopTimeout = 4 * drainTimeout + 5;
    this.#shared = sharesStream === true ? new SharedIds(2 * statsPeriod * 1000) : undefined;
    this.#supervisor = new Supervisor({ restart, statsPeriod, stallTimeout, stopTimeout });
    for (const { channel, consumerIds } of sharedNames(complete))
      logger.warn(`${channel} is served by the consumers ${consumerIds.join(', ')}: put * for the id into its name`);
    this.#members = complete.map((config) => this.#start(config, options));
    this.ended = Promise.all(this.#members.map(({ child }) => child.ended)).then(() => {});
  }

  /**
   * Resolves when all run.
   *
   * @throws {PvaflowError} what kept the first of them from starting; the others are stopped
   */
  async ready(): Promise<void> {
    try {
      await Promise.all(this.#members.map(({ child }) => child.ready));
    } catch (error) {
      await this.#supervisor.stop();
      throw error;
    }
  }

  /** Lets all of them take no more and finish what has come. */
  async drain(): Promise<void> {
    this.#shared?.freeze(performance.now());
    await this.#supervisor.stop();
  }

  /** Has all of them send their statistics now; resolves when they are here, though one that does not respond is not waited for. */
  async refresh(): Promise<void> {
    const all = Promise.all(this.#members.map(({ child }) => child.refresh()));
    const timer = new AbortController();
    await Promise.race([all, sleep(PATIENCE_MS, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }

  states(): ConsumerState[] {
    return this.#members.map(({ config, child, record, info }) => ({
      config,
      child: child.stats(),
      snapshot: record.latest?.snapshot,
      report: record.report(),
      processors: info?.processors ?? [],
    }));
  }

  /** What happened to every frame so far; undefined when none of them has said anything yet. */
  report(): CombinedReport | undefined {
    const reports = this.#members.flatMap(({ record, child }) => {
      const { nRestarts, lastExit } = child.stats();
      const report = record.report();
      return report === undefined ? [] : [{ ...report, nRestarts, lastExit }];
    });
    if (reports.length === 0) return undefined;
    return combinedReport(reports, this.#shared && (this.#isIncomplete ? 'unknown' : this.#shared.gaps()));
  }

  /** Those that ended other than by being stopped or done. */
  get failures(): readonly { readonly consumerId: number; readonly end: ChildEnd }[] {
    return this.#members.flatMap(({ config: { consumerId }, end }) =>
      end === undefined || end.outcome === 'done' || end.outcome === 'stopped' ? [] : [{ consumerId, end }],
    );
  }

  /** Whether the processor of any failed to stop. */
  get stopFailed(): boolean {
    return this.#members.some(({ record }) => record.latest?.stopFailed === true);
  }

  /** Whether the statistics of any were reset. */
  get wasReset(): boolean {
    return this.#members.some(({ record }) => record.latest?.wasReset === true);
  }

  /** Input channels that nothing has come from, which consumers wait for them, and where the channels are looked for. */
  unanswered(): WaitedFor[] {
    const waitedFor = new Map<string, WaitedFor>();
    for (const { config, record, info } of this.#members) {
      if (info?.search === undefined) continue;
      for (const { channel, isFound } of record.latest?.snapshot.unanswered ?? []) {
        const entry = waitedFor.get(channel) ?? { channel, isFound, consumerIds: [], search: info.search };
        entry.consumerIds.push(config.consumerId);
        waitedFor.set(channel, entry);
      }
    }
    return [...waitedFor.values()];
  }

  /** For clients of the channels of each; empty for one that has not started. */
  clientConfigs(): PvaClientConfig[] {
    return this.#members.map(({ info }) => info?.client ?? {});
  }

  /** The figures of each, for the metrics of this process. */
  metricsSources(): MetricsSource[] {
    return this.#members.map(({ config, child, record }) => {
      const name = `consumer ${config.consumerId}`;
      const notReady = () => (record.latest === undefined ? `${name} has said nothing yet` : record.latest.notReady);
      return childMetrics(child, name, notReady);
    });
  }

  #start(config: CompleteConsumerConfig, { inThreads, sharesStream }: ConsumersOptions): Member {
    const record = new ConsumerRecord(sharesStream === true ? undefined : config.objectIdOffset);
    const child = this.#supervisor.start<ConsumerTaskShape>({
      name: `consumer-${config.consumerId}`,
      module: childModule(import.meta.url, 'consumer-task'),
      config,
      inThread: inThreads,
      onReady: (info) => (member.info = info),
      onStats: (stats) => this.#onStats(record, stats),
      onReport: (report) => record.onReport(report),
      onCrash: () => this.#onCrash(record),
    });
    const member: Member = { config, child, record, info: undefined, end: undefined };
    void child.ended.then((end) => this.#onEnd(member, end));
    return member;
  }

  #onStats(record: ConsumerRecord, stats: ConsumerTaskStats): void {
    record.onStats(stats);
    this.#isIncomplete ||= stats.isIncomplete;
    this.#shared?.add(record, stats.received, performance.now());
  }

  #onCrash(record: ConsumerRecord): void {
    record.onCrash();
    this.#shared?.ended(record);
  }

  #onEnd(member: Member, end: ChildEnd): void {
    member.end = end;
    this.#shared?.ended(member.record);
    const { consumerId } = member.config;
    if (end.outcome === 'done') logger.info(`consumer ${consumerId} has ended`);
    else if (end.outcome === 'failed' && member.info !== undefined) logger.error(describe(consumerId, end.error));
  }
}

function describe(consumerId: number, { code, message }: PvaflowError): string {
  return `consumer ${consumerId} cannot go on: ${code}: ${message}`;
}
