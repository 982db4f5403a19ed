/** One of several consumers, in a child of the supervisor. */
import { isMainThread } from 'node:worker_threads';
import type { Labels } from '../../core/metrics/metric.js';
import { MetricsRegistry } from '../../core/metrics/registry.js';
import { PvaflowError } from '../../core/errors.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { Task, TaskContext, TaskShape } from '../../supervisor/task.js';
import type { ConsumerConfig } from '../consumer-config.js';
import { consumerMetrics } from '../consumer-metrics.js';
import { Consumer, type ConsumerSnapshot } from '../consumer.js';
import type { LossReport } from '../loss-report.js';
import type { IdBlocks, ReceivedIds } from '../ids/received-ids.js';

/** What a consumer tells its parent with each period. */
export interface ConsumerTaskStats {
  readonly snapshot: ConsumerSnapshot;
  /** The account so far: what remains of a consumer that is killed. */
  readonly report: LossReport;
  /** Ids that came since the last statistics. */
  readonly received: readonly IdBlocks[];
  /** Not all ids that came are told of. */
  readonly isIncomplete: boolean;
  readonly notReady: string | undefined;
  readonly wasReset: boolean;
  readonly stopFailed: boolean;
}

export interface ConsumerTaskShape extends TaskShape {
  config: ConsumerConfig;
  info: {
    /** Names of the processors, in the order in which objects pass them. */
    readonly processors: readonly string[];
    /** Where the input channel is looked for. */
    readonly search: string | undefined;
    /** For a client of the channels of this consumer. */
    readonly client: PvaClientConfig;
  };
  stats: ConsumerTaskStats;
  report: LossReport;
}

/** Answered with the figures of this consumer as the registry of a process gives them. */
export const METRICS_REQUEST = 'metrics';

/** A consumer as a task. */
export class ConsumerTask implements Task<ConsumerTaskShape> {
  readonly info: ConsumerTaskShape['info'];
  readonly ended: Promise<void>;
  protected readonly consumer: Consumer;
  readonly #received: ReceivedIds;
  readonly #registry = new MetricsRegistry();

  /** @param labels what tells its figures from those of others with the same id */
  constructor(consumer: Consumer, ids: ReceivedIds, labels: Labels = {}) {
    this.consumer = consumer;
    this.#received = ids;
    this.ended = consumer.ended;
    const { consumerId } = consumer.config;
    this.#registry.add(consumerMetrics(consumerId, consumer, labels));
    if (isMainThread) this.#registry.addProcess({ consumer: String(consumerId), ...labels });
    this.info = {
      processors: consumer.stages.list.map(({ name }) => name),
      search: consumer.describeSearch(),
      client: consumer.clientConfig(),
    };
  }

  stats(): ConsumerTaskStats {
    const { consumer } = this;
    return {
      snapshot: consumer.snapshot(),
      report: consumer.report(),
      received: this.#received.take(),
      isIncomplete: this.#received.unlisted > 0,
      notReady: consumer.notReady(),
      wasReset: consumer.wasReset,
      stopFailed: consumer.stages.stopFailed,
    };
  }

  progress(): number {
    const { nReceived, nInFlight } = this.consumer.stats().frameStats;
    return nReceived - nInFlight + this.consumer.stages.stopSteps;
  }

  stuckMs(): number {
    return this.consumer.stuckMs;
  }

  drain(): Promise<void> {
    return this.consumer.drain();
  }

  abort(): Promise<void> {
    return this.consumer.abort();
  }

  report(): LossReport {
    return this.consumer.report();
  }

  async answer(request: string, _args?: unknown): Promise<unknown> {
    if (request === METRICS_REQUEST) return this.#registry.scrape();
    throw new PvaflowError('PVAFLOW_CHILD', `a consumer knows no request ${request}`);
  }
}

export async function startTask(config: ConsumerConfig, context: TaskContext): Promise<ConsumerTask> {
  const { nRestarts, lastExit, logger, signal } = context;
  const consumer = await Consumer.create(config, { nRestarts, lastExit });
  const ids = consumer.recordIds();
  signal.addEventListener('abort', () => void consumer.abort(), { once: true });
  signal.throwIfAborted();
  await consumer.start();
  signal.throwIfAborted();
  const where = isMainThread ? `process ${process.pid}` : 'a thread';
  logger.info(`consumer ${consumer.config.consumerId} of ${config.channels.input} started, in ${where}`);
  return new ConsumerTask(consumer, ids);
}
