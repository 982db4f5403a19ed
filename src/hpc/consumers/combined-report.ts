import type { FrameReport, Losses, LossReport } from '../loss-report.js';
import type { Coverage } from './coverage.js';
import { sumReports } from './sum-reports.js';

/** The account of one of several consumers, over all its restarts. */
export interface ConsumerReport extends LossReport {
  nRestarts: number;
  /** How it ended before its last restart; empty when there was none. */
  lastExit: string;
}

/**
 * What happened to every frame of several consumers. The counts are sums: of consumers that all get the same frames, each
 * frame is expected once by each. Of consumers that share a stream, `missed` is what none of them received.
 */
export interface CombinedReport extends FrameReport {
  nRestarts: number;
  /** Of a shared stream: the ids, among the last before the end, that had not yet reached the consumer whose turn it was. */
  notFetched?: Losses;
  consumers: ConsumerReport[];
}

/** A stream that a distributor spreads over the consumers. */
export interface SharedStream {
  readonly coverage: Coverage;
  /** Ids up to this one had time enough to arrive. */
  readonly settledId: number;
}

/** @param shared absent when each consumer has a stream of its own, or it is not known what of a shared one came */
export function combinedReport(consumers: ConsumerReport[], shared: SharedStream | undefined): CombinedReport {
  const sum = sumReports(consumers);
  const nRestarts = consumers.reduce((total, each) => total + each.nRestarts, 0);
  // Ids that begin anew occur twice: what came of the first time says nothing about the second.
  const isUnique = sum.restarted + sum.rewound + sum.wrapped === 0;
  if (shared === undefined || !isUnique) return { ...sum, nRestarts, consumers };
  const { before: missed, after: notFetched } = shared.coverage.gaps(shared.settledId);
  const expected = sum.received + missed.count;
  return { ...sum, expected, missed, ...(notFetched.count > 0 ? { notFetched } : {}), nRestarts, consumers };
}
