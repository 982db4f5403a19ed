import type { FrameReport, Losses, LossReport } from '../loss-report.js';
import type { SharedGaps } from './shared-ids.js';
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

/** @param shared absent when each consumer has a stream of its own; `unknown` when it is not known what of a shared one came */
export function combinedReport(
  consumers: ConsumerReport[],
  shared: SharedGaps | 'unknown' | undefined,
): CombinedReport {
  const sum = sumReports(consumers);
  const nRestarts = consumers.reduce((total, each) => total + each.nRestarts, 0);
  if (shared === undefined) return { ...sum, nRestarts, consumers };
  if (shared === 'unknown') return { ...sum, missedUnknown: true, nRestarts, consumers };
  const { missed, notFetched, isCertain } = shared;
  const expected = sum.received + missed.count;
  const unsure = isCertain ? {} : { missedUnknown: true as const };
  return { ...sum, expected, missed, ...unsure, ...(notFetched.count > 0 ? { notFetched } : {}), nRestarts, consumers };
}
