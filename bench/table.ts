import type { MemoryRun } from './memory.js';
import type { Result } from './results.js';
import { titleOf } from './sizes.js';
import type { Outcome } from './targets.js';

/** Columns padded to their widest cell: the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

const whole = (number: number) => Math.round(number).toLocaleString('en');
const fine = (number: number) => number.toPrecision(3);

const HEADINGS = ['', 'frames/s', 'from', 'to', 'MB/s', 'x pvaPy', 'send ms', 'receive ms', 'RSS MB', 'peak MB'];

function rowOf({ pair, size, median, range }: Result, pvapy: Result | undefined): string[] {
  const ratio = pvapy ? median.framesPerSecond / pvapy.median.framesPerSecond : NaN;
  return [
    `${pair.source.name} → ${pair.sink.name}`,
    whole(median.framesPerSecond),
    ...range.map(whole),
    whole((median.framesPerSecond * size.bytes) / 1e6),
    Number.isNaN(ratio) ? '' : ratio.toFixed(2),
    fine(median.sourceCpu),
    fine(median.sinkCpu),
    whole(median.sinkResident),
    whole(median.sinkPeak),
  ];
}

/** One table for each size: a line for each pair. */
export function resultTables(results: readonly Result[]): string {
  const sizes = [...new Set(results.map(({ size }) => size))];
  return sizes
    .map((size) => {
      const here = results.filter((result) => result.size === size);
      const pvapy = here.find(({ pair }) => pair.key === 'pvapy');
      const [first] = here;
      const title = `${titleOf(size)}: highest rate without loss, median of ${first?.repetitions ?? 0}`;
      return `${title}\n${aligned([HEADINGS, ...here.map((result) => rowOf(result, pvapy))])}\n`;
    })
    .join('\n');
}

export function targetTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ what, size, ratio, limit, bound, met }) => [
    what,
    titleOf(size),
    ratio.toFixed(2),
    `${bound === 'least' ? '>=' : '<='} ${limit.toFixed(1)}`,
    met ? 'met' : 'MISSED',
  ]);
  return `targets\n${aligned([['', 'size', 'ratio', 'target', ''], ...rows])}\n`;
}

export function memoryLine({ seconds, frames, smallest, largest, limit, flat }: MemoryRun): string {
  const verdict = flat && largest < limit ? 'met' : 'MISSED';
  return (
    `resident memory of our consumer at full rate for ${seconds} s (${whole(frames)} frames): ` +
    `${whole(smallest)} to ${whole(largest)} MB (target: flat, below ${limit} MB) ${verdict}\n`
  );
}
