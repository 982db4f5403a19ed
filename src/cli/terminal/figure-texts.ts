import { grouped, plural } from '../../core/figures.js';
import type { QueueFigures, StageFigures } from '../../pipeline/pipeline-stats.js';

/** Figures as the lines of a live screen show them. */

/** Something at the left and something at the right end of a line. */
export function spread(left: string, right: string, columns: number): string {
  return `${left}${' '.repeat(Math.max(2, columns - left.length - right.length))}${right}`;
}

/**
 * Lines that are not wider than the terminal: where one is, the gaps between the figures of all become narrower, and what
 * still does not fit is cut.
 *
 * @param labels how wide the column of labels is, which stays
 */
export function fitted(lines: readonly string[], columns: number, labels: number): string[] {
  const isWide = lines.some((line) => line.length > columns);
  const narrow = (line: string) => line.slice(0, labels) + line.slice(labels).replace(/ {2,}/g, '  ');
  return lines.map((line) => (isWide ? narrow(line) : line).slice(0, columns));
}

export function count(value: number): string {
  return grouped(value).padEnd(9);
}

export function perSecond(value: number): string {
  return `${grouped(value, 1)} fps`;
}

/** The queue in front of a stage. */
type StageQueue = Pick<QueueFigures, 'length' | 'limit' | 'dropped'>;

/** What a stage did with its objects, how long it took for one, and how many wait in front of it. */
export function stageText(stage: StageFigures, queue: StageQueue | undefined): string {
  const { processed, filtered, rejected, failed, p50Ms, p99Ms } = stage;
  const texts = [
    count(processed),
    `p50 ${ms(p50Ms)}`,
    `p99 ${ms(p99Ms)}`,
    `failed ${grouped(failed)}`,
    ...(rejected > 0 ? [`rejected ${grouped(rejected)}`] : []),
    ...(filtered > 0 ? [`filtered ${grouped(filtered)}`] : []),
    ...(queue === undefined ? [] : [`queue ${grouped(queue.length)}/${grouped(queue.limit)}`]),
    ...(queue === undefined || queue.dropped === 0 ? [] : [`dropped ${grouped(queue.dropped)}`]),
  ];
  return texts.join('   ');
}

function ms(value: number | undefined): string {
  return `${(value ?? 0).toFixed(2)} ms`;
}

export function subscribersText(subscribers: number): string {
  return `${subscribers} ${plural(subscribers, 'subscriber')}`;
}
