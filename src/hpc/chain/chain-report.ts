import { Coverage } from '../consumers/coverage.js';
import { sumLosses, sumReports } from '../consumers/sum-reports.js';
import type { IdRange } from '../ids/id-ranges.js';
import type { FrameReport, Losses, LossReport } from '../loss-report.js';
import { sizeOf, without } from './id-sets.js';

/** The account of one part of a chain, over all its restarts. */
export interface PartReport extends LossReport {
  /** Names of its processors. */
  stages: readonly string[];
  nRestarts: number;
  /** How it ended before its last restart; empty when there was none. */
  lastExit: string;
}

/**
 * What happened to every frame of a chain that was cut, from the input of the first part to the output of the last. What was lost
 * with a part that died stands under `failed`.
 */
export interface ChainReport extends LossReport {
  nRestarts: number;
  parts: PartReport[];
}

/** What is known of a part. */
export interface PartAccount {
  readonly report: PartReport;
  /** The ids that it told of as received. */
  readonly coverage: Coverage;
  /** Of these, the ids that were in work when it died. */
  readonly inWorkAtDeaths: readonly IdRange[];
  /** What came in, frames or not. */
  readonly arrived: number;
  readonly deaths: number;
  /** Whether this is its last account. */
  readonly isSettled: boolean;
  /** Whether `coverage` has all ids; it has none where objects have none. */
  readonly knowsIds: boolean;
}

/**
 * @param parts at least one, in the order of the chain
 * @param gaps ids that passed while the first part was down, or that it had no time to tell of; none where it is not known how
 *   ids follow each other
 */
export function chainReport(parts: readonly PartAccount[], gaps: readonly IdRange[]): ChainReport {
  const reports = parts.map(({ report }) => report);
  const [first, last] = [reports[0] as PartReport, reports.at(-1) as PartReport];
  const { processed, published, droppedForSubscribers } = last;
  const came = cameThrough(parts, gaps);
  const { consumerId, inputChannel, firstId, lastId, skipped } = first;
  const { repeated, rewound, restarted, wrapped, late, offPhase } = first;
  const { filtered, rejected, failed, notPublished, overruns, metadataOverruns, startTime, endTime } =
    sumReports(reports);
  const received = first.received + sizeOf(came.untold);
  const missed = sumLosses([first.missed, listed(came.missed)]);
  const left = received - processed - filtered - countOf(rejected) - countOf(failed);
  const lost = lossOf(parts, left);
  return {
    ...{ consumerId, inputChannel, firstId, lastId, skipped },
    ...{ repeated, rewound, restarted, wrapped, late, offPhase },
    ...{ startTime, endTime, received, missed, processed, filtered, published, overruns, metadataOverruns },
    ...{ rejected, notPublished, droppedForSubscribers },
    expected: received + missed.count,
    inFlight: Math.max(0, left - lost.count),
    failed: lost.count === 0 ? failed : { ...failed, [whereLost(parts)]: lost },
    nRestarts: reports.reduce((sum, { nRestarts }) => sum + nRestarts, 0),
    parts: reports,
  };
}

/** Of the ids in the gaps of the first part: those that a later part has seen, and those that nobody has. */
function cameThrough(
  parts: readonly PartAccount[],
  gaps: readonly IdRange[],
): { untold: IdRange[]; missed: IdRange[] } {
  if (gaps.length === 0) return { untold: [], missed: [] };
  const seen = union(parts).ranges;
  const missed = without(gaps, seen);
  return { untold: without(gaps, missed), missed };
}

/** Objects that left a part and did not come to the next, or were in one that died; only known when all parts have ended. */
function lossOf(parts: readonly PartAccount[], left: number): Losses {
  if (!parts.every(({ isSettled }) => isSettled)) return listed([]);
  const hasDied = parts.some(({ deaths }) => deaths > 0);
  const count = hasDied ? Math.max(0, left - inWorkOf(parts)) : lostBetween(parts);
  return { count, ...idsOf(parts, count) };
}

function inWorkOf(parts: readonly PartAccount[]): number {
  return parts.reduce((sum, { report }) => sum + report.inFlight, 0);
}

/** What was published to each link, and did not arrive. */
function lostBetween(parts: readonly PartAccount[]): number {
  return parts.reduce((sum, { arrived }, at) => {
    const before = parts[at - 1]?.report.published;
    return before === undefined ? sum : sum + Math.max(0, before - arrived);
  }, 0);
}

/** The ids that did not come to the end of the last part, where nothing but the loss can have kept them from it. */
function idsOf(parts: readonly PartAccount[], count: number): Pick<Losses, 'ids' | 'unlisted'> {
  if (count === 0 || !parts.every(({ knowsIds }) => knowsIds)) return { ids: [], unlisted: count };
  const known = parts.flatMap(({ report }) => [...Object.values(report.rejected), ...Object.values(report.failed)]);
  const accounted = known.flatMap(({ ids }) => ids).sort((a, b) => a.first - b.first);
  const { coverage, inWorkAtDeaths } = parts.at(-1) as PartAccount;
  const lostInLast = [...inWorkAtDeaths].sort((a, b) => a.first - b.first);
  const toLast = without(coverage.ranges, lostInLast);
  const ids = without(without(union(parts).ranges, toLast), accounted);
  const size = sizeOf(ids);
  return size <= count ? { ids, unlisted: count - size } : { ids: [], unlisted: count };
}

function union(parts: readonly PartAccount[]): Coverage {
  const all = new Coverage();
  for (const { coverage } of parts)
    all.add(coverage.ranges.map(({ first, last }) => ({ first, length: last - first + 1, period: 0, count: 1 })));
  return all;
}

/** `lost with the part threshold`. */
function whereLost(parts: readonly PartAccount[]): string {
  const dead = parts.filter(({ deaths }) => deaths > 0).map(({ report }) => report.stages[0] ?? '');
  if (dead.length === 0) return 'lost between parts';
  return `lost with the part${dead.length > 1 ? 's' : ''} ${dead.join(', ')}`;
}

function countOf(losses: FrameReport['failed']): number {
  return Object.values(losses).reduce((sum, { count }) => sum + count, 0);
}

function listed(ids: IdRange[]): Losses {
  return { count: sizeOf(ids), ids, unlisted: 0 };
}
