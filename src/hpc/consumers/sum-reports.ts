import type { IdRange } from '../ids/id-ranges.js';
import type { FrameReport, Losses } from '../loss-report.js';

/** No more ranges than this are listed for one reason. */
const MAX_RANGES = 10_000;

const counts = [
  'expected',
  'received',
  'processed',
  'filtered',
  'published',
  'inFlight',
  'droppedForSubscribers',
  'overruns',
  'metadataOverruns',
  'repeated',
  'rewound',
  'restarted',
  'wrapped',
  'late',
  'offPhase',
  'skipped',
] as const satisfies readonly (keyof FrameReport)[];

/** Several reports as one: counts are added, losses put together by their reason. There is at least one. */
export function sumReports(reports: readonly FrameReport[]): FrameReport {
  const sums = Object.fromEntries(counts.map((name) => [name, sum(reports.map((report) => report[name]))]));
  const ids = reports.flatMap(({ firstId, lastId }) => [firstId, lastId]).filter((id) => id !== null);
  const isUnsure = reports.some(({ missedUnknown }) => missedUnknown === true);
  return {
    ...(isUnsure ? { missedUnknown: true as const } : {}),
    ...(sums as Pick<FrameReport, (typeof counts)[number]>),
    startTime: earliest(reports.map(({ startTime }) => startTime)),
    endTime: latest(reports.map(({ endTime }) => endTime)),
    firstId: ids.length > 0 ? Math.min(...ids) : null,
    lastId: ids.length > 0 ? Math.max(...ids) : null,
    missed: sumLosses(reports.map(({ missed }) => missed)),
    notPublished: sumLosses(reports.map(({ notPublished }) => notPublished)),
    rejected: sumByReason(reports.map(({ rejected }) => rejected)),
    failed: sumByReason(reports.map(({ failed }) => failed)),
  };
}

/** Losses of the same kind as one. */
export function sumLosses(losses: readonly Losses[]): Losses {
  const all = losses.flatMap(({ ids }) => ids);
  const ids = all.slice(-MAX_RANGES);
  const message = losses.find((each) => each.message !== undefined)?.message;
  const unlisted = sum(losses.map((each) => each.unlisted)) + sum(all.slice(0, -MAX_RANGES).map(sizeOf));
  return { count: sum(losses.map(({ count }) => count)), ids, unlisted, ...(message === undefined ? {} : { message }) };
}

function sumByReason(parts: readonly Readonly<Record<string, Losses>>[]): Record<string, Losses> {
  const reasons = [...new Set(parts.flatMap((part) => Object.keys(part)))];
  const of = (reason: string) => parts.map((part) => part[reason]).filter((losses) => losses !== undefined);
  return Object.fromEntries(reasons.map((reason) => [reason, sumLosses(of(reason))]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sizeOf({ first, last, step }: IdRange): number {
  return (last - first) / step + 1;
}

function earliest(times: readonly string[]): string {
  return times.reduce((a, b) => (a < b ? a : b));
}

function latest(times: readonly string[]): string {
  return times.reduce((a, b) => (a > b ? a : b));
}
