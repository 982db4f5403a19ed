import type { TypeFields } from '../../pva/pv-type.js';
import type { ConsumerStats } from '../consumer-stats.js';
import { consumerTypes, consumerValues, type UserTypes } from '../consumer-status.js';
import type { ConsumerSnapshot } from '../consumer.js';
import type { FrameReport } from '../loss-report.js';
import type { ChainReport } from './chain-report.js';
import type { Part } from './part.js';

const partFields: TypeFields = {
  state: 'string',
  pid: 'uint',
  nRestarts: 'uint',
  lastExit: 'string',
  nReceived: 'ulong',
  nProcessed: 'ulong',
  nFiltered: 'ulong',
  nRejected: 'ulong',
  nFailed: 'ulong',
  nInFlight: 'ulong',
  nPublished: 'ulong',
};

/** The types of the figures of a chain; see {@link ChainValues}. */
export function chainTypes(parts: readonly Part[], nMetadataChannels: number): TypeFields {
  const partTypes = parts.map((part) => [nameOf(part), partFields] as const);
  return { ...consumerTypes(userTypesOf(parts), nMetadataChannels), partStats: Object.fromEntries(partTypes) };
}

/**
 * The figures of a chain that was cut as its status channel has them: those of a consumer, from the input of the first part to
 * the output of the last, and `partStats`, those of each part by the name of its first stage. Counts are over all restarts, rates
 * and times those of the parts as they run now.
 */
export class ChainValues {
  /** What each part said last, also when it has died since. */
  readonly #snapshots = new Map<Part, ConsumerSnapshot>();

  /** @returns nothing as long as not all parts have said something */
  of(parts: readonly Part[], report: ChainReport | undefined): Record<string, unknown> {
    for (const part of parts) {
      const { latest } = part.record;
      if (latest !== undefined) this.#snapshots.set(part, latest.snapshot);
    }
    const stats = parts.map((part) => this.#snapshots.get(part)?.stats);
    if (report === undefined || !stats.every((each) => each !== undefined)) return {};
    const userTypes = userTypesOf(parts);
    const exits = parts.map(({ child }) => child.stats().lastExit);
    return {
      ...consumerValues(chainStats(stats, report, userTypes.shownStage), userTypes),
      nRestarts: report.nRestarts,
      lastExit: exits.findLast((exit) => exit !== '') ?? '',
      partStats: Object.fromEntries(parts.map((part) => [nameOf(part), valuesOf(part)])),
    };
  }
}

/** pvaPy's `userStats` are those of the last part that has any. */
function userTypesOf(parts: readonly Part[]): UserTypes {
  const all = parts.map(({ userTypes }) => userTypes);
  const shown = all.findLast(({ byStage, shownStage }) => Object.keys(byStage[shownStage] ?? {}).length > 0);
  return {
    byStage: Object.assign({}, ...all.map(({ byStage }) => byStage)) as UserTypes['byStage'],
    shownStage: (shown ?? all.at(-1))?.shownStage ?? '',
  };
}

function nameOf({ stages }: Part): string {
  return stages[0] ?? '';
}

function valuesOf(part: Part): Record<string, unknown> {
  const { state, pid = 0, nRestarts, lastExit } = part.child.stats();
  const report = part.record.report();
  return { state, pid, nRestarts, lastExit, ...(report === undefined ? {} : countsOf(report)) };
}

function countsOf(report: FrameReport) {
  return {
    nReceived: report.received,
    nProcessed: report.processed,
    nFiltered: report.filtered,
    nRejected: total(report.rejected),
    nFailed: total(report.failed),
    nInFlight: report.inFlight,
    nPublished: report.published,
  };
}

/** @param parts at least one, in the order of the chain */
function chainStats(parts: readonly ConsumerStats[], report: ChainReport, shownStage: string): ConsumerStats {
  const [first, last] = [parts[0] as ConsumerStats, parts.at(-1) as ConsumerStats];
  const { nPublished, ...counts } = countsOf(report);
  const nMissed = report.missed.count;
  const stageStats = Object.assign({}, ...parts.map((part) => part.stageStats)) as ConsumerStats['stageStats'];
  return {
    receiverStats: { ...first.receiverStats, nReceived: counts.nReceived, nOverruns: report.overruns },
    publisherStats: { ...last.publisherStats, nPublished },
    queueStats: first.queueStats,
    inputAlarm: first.inputAlarm,
    processorStats: {
      ...first.processorStats,
      nProcessed: counts.nProcessed + counts.nFiltered,
      processedRate: last.processorStats.processedRate,
      nErrors: counts.nFailed,
      errorRate: parts.reduce((sum, { processorStats }) => sum + processorStats.errorRate, 0),
      nMissed,
    },
    userStats: stageStats[shownStage]?.userStats ?? {},
    metadataStats: first.metadataStats,
    acquisitionStats: last.acquisitionStats,
    stageStats,
    frameStats: {
      nExpected: report.expected,
      ...counts,
      nMissed,
      nSkipped: report.skipped,
      nRepeated: report.repeated,
      nRewound: report.rewound,
      nRestarted: report.restarted,
      nWrapped: report.wrapped,
      nLate: report.late,
      nOffPhase: report.offPhase,
    },
  };
}

function total(losses: FrameReport['failed']): number {
  return Object.values(losses).reduce((sum, { count }) => sum + count, 0);
}
