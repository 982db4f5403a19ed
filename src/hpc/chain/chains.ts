import { getLogger, type Logger } from '../../core/logger.js';
import type { MetricsSource } from '../../core/metrics/metric.js';
import { sumReports } from '../consumers/sum-reports.js';
import { emptyReport, type FrameReport } from '../loss-report.js';
import type { ChainReport } from './chain-report.js';
import type { Chain } from './chain.js';
import type { PartState } from './part.js';
import type { Unanswered } from '../inputs/input.js';

/** What happened to every frame of several chains. The counts are sums. */
export interface ChainsReport extends FrameReport {
  chains: ChainReport[];
}

/** One or several chains that are cut alike: those of one command. */
export class Chains {
  readonly logger: Logger = getLogger('consumer');
  /** Resolves when all have ended; rejects when one of them could not go on. */
  readonly ended: Promise<void>;

  constructor(readonly list: readonly Chain[]) {
    this.ended = Promise.allSettled(list.map((chain) => chain.ended.finally(() => chain.drain()))).then((outcomes) => {
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    });
    this.ended.catch(() => {}); // whoever awaits it sees the error; nobody has to
  }

  /** @throws {PvaflowError} what kept the first of them from starting; the others are stopped */
  async start(): Promise<void> {
    try {
      await Promise.all(this.list.map((chain) => chain.start()));
    } catch (error) {
      await this.drain();
      throw error;
    }
  }

  async drain(): Promise<void> {
    await Promise.all(this.list.map((chain) => chain.drain()));
  }

  async abort(): Promise<void> {
    await Promise.all(this.list.map((chain) => chain.abort()));
  }

  /** The account of the chain, or of all of them if there are several. */
  report(): FrameReport {
    const reports = this.chainReports();
    const [only] = reports;
    if (only === undefined) return emptyReport();
    const sum: ChainsReport = { ...sumReports(reports), chains: reports };
    return this.list.length === 1 ? only : sum;
  }

  /** Of those that have said something. */
  chainReports(): ChainReport[] {
    return this.list.map((chain) => chain.report()).filter((report) => report !== undefined);
  }

  states(): PartState[] {
    return this.list.flatMap((chain) => chain.states());
  }

  metricsSources(): MetricsSource[] {
    return this.list.map((chain) => chain.metricsSource());
  }

  get wasReset(): boolean {
    return this.list.some((chain) => chain.wasReset);
  }

  /** Whether a part did not end as it should. */
  get stopFailed(): boolean {
    return this.list.some((chain) => chain.stopFailed || chain.failures.length > 0);
  }

  /** Input channels that nothing has come from. */
  unanswered(): Unanswered[] {
    const all = this.list.flatMap(({ unanswered }) => unanswered);
    return [...new Map(all.map((each) => [each.channel, each])).values()];
  }

  describeSearch(): string | undefined {
    return this.list.find(({ unanswered }) => unanswered.length > 0)?.describeSearch();
  }
}
