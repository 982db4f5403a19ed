import { clockTime, grouped, plural } from '../core/figures.js';
import type { IdRange } from './ids/id-ranges.js';
import type { Losses, FrameReport } from './loss-report.js';

/** At most so many ranges of ids are shown; the loss report has them all. */
const SHOWN_RANGES = 4;

/** `ids 1–600,000`, or `id 7`. */
export function idsFromTo(first: number, last: number): string {
  return shownIds({ ids: [{ first, last, step: 1 }], unlisted: 0 });
}

/** `ids 1–3, 7 and 9`. */
export function shownIds({ ids, unlisted }: Pick<Losses, 'ids' | 'unlisted'>): string {
  const shown = ids.slice(0, SHOWN_RANGES).map(shownRange);
  const hidden = ids.length - shown.length > 0 || unlisted > 0 ? ['others'] : [];
  const words = [...shown, ...hidden];
  if (shown.length === 0) return '';
  const list = words.length === 1 ? (words[0] as string) : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
  const isOne = words.length === 1 && ids[0]?.first === ids[0]?.last;
  return `${isOne ? 'id' : 'ids'} ${list}`;
}

function shownRange({ first, last, step }: IdRange): string {
  if (first === last) return grouped(first);
  return `${grouped(first)}–${grouped(last)}${step === 1 ? '' : ` by ${step}`}`;
}

/**
 * What happened to every frame of a run, for people:
 *
 *     run of 00:10:00: 600,000 frames expected, ids 1–600,000
 *       published 599,998   failed 2 (ids 1,024 and 77,001: RangeError in threshold.process)   missed 0   rejected 0
 *
 * @param of whose run it was, to be put after its time
 */
export function runSummary(report: FrameReport, file: string | undefined, of = ''): string[] {
  const seconds = (Date.parse(report.endTime) - Date.parse(report.startTime)) / 1000;
  const ids =
    report.firstId === null
      ? report.received > 0
        ? 'without ids: those that never came cannot be told'
        : 'none came'
      : idsFromTo(report.firstId, report.lastId ?? report.firstId);
  return [
    `run of ${clockTime(seconds)}${of}: ${grouped(report.expected)} ${plural(report.expected, 'frame')} expected, ${ids}`,
    `  ${fates(report).join('   ')}`,
    ...irregularities(report),
    ...(file === undefined ? [] : [`  loss report: ${file}`]),
  ];
}

/** What became of the frames, a few words for each way. */
export function fates(report: FrameReport): string[] {
  const { processed, filtered, published, notPublished, droppedForSubscribers: dropped } = report;
  return [
    `processed ${grouped(processed + filtered)}`,
    `published ${grouped(published)}`,
    lossText('failed', report.failed),
    lossText('missed', { '': report.missed }) + (report.missedUnknown === true ? ' or more' : ''),
    lossText('rejected', report.rejected),
    ...(dropped > 0 ? [`dropped for slow subscribers ${grouped(dropped)}`] : []),
    ...(notPublished.count > 0 ? [lossText('not published', { [notPublished.message ?? '']: notPublished })] : []),
  ];
}

function lossText(name: string, losses: Readonly<Record<string, Losses>>): string {
  const count = Object.values(losses).reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return `${name} 0`;
  const details = Object.entries(losses)
    .filter(([, each]) => each.count > 0)
    .map(([reason, each]) => [shownIds(each), reason].filter(Boolean).join(': '))
    .filter(Boolean);
  return `${name} ${grouped(count)}${details.length > 0 ? ` (${details.join('; ')})` : ''}`;
}

const OFF_PHASE =
  '  where ids are out of phase consumers came or went: how many frames were missed there cannot be told';
const UNKNOWN = '  the source counted anew, and it cannot be told of all ids to which counting they belong';

/** What ids told besides losses; nothing, in a regular run. */
function irregularities(report: FrameReport): string[] {
  const counts: [string, number][] = [
    ['repeated', report.repeated],
    ['late', report.late],
    ['rewound', report.rewound],
    ['restarts of the source', report.restarted],
    ['wrapped', report.wrapped],
    ['out of phase', report.offPhase],
    ['overruns', report.overruns],
    ['overruns of metadata', report.metadataOverruns],
  ];
  const seen = counts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${grouped(count)}`);
  return [
    ...(seen.length > 0 ? [`  ids: ${seen.join('   ')}`] : []),
    ...(report.offPhase > 0 ? [OFF_PHASE] : []),
    ...(report.missedUnknown === true ? [UNKNOWN] : []),
  ];
}
