import { byteRate, clockTime, grouped } from '../../core/figures.js';
import type { PartState } from '../../hpc/chain/part.js';
import type { ReportPart } from '../../hpc/schema/run-schema.js';
import { remarkOn } from '../consumers/screen.js';
import { plainReport } from '../consumer-reports.js';
import type { Timed } from '../run-reports.js';
import { spread } from '../terminal/figure-texts.js';

/** What the screen shows about the run besides its figures. */
export interface ChainsTitle {
  readonly inputChannel: string;
  readonly outputChannel: string | undefined;
}

const HEAD = ['received', 'fps', 'in work', 'waiting', 'failed', 'restarts', 'rate'];
const WIDTHS = [12, 10, 8, 9, 7, 9, 12];

/** The live figures of chains that are cut, a line for each part; rates are those since the moment before. */
export function chainsScreen(
  { inputChannel, outputChannel }: ChainsTitle,
  before: Timed<PartState[]>,
  now: Timed<PartState[]>,
  columns: number,
): string[] {
  const seconds = (now.at - before.at) / 1000;
  const parts = now.snapshot;
  const names = parts.map(nameOf);
  const width = Math.max(4, ...names.map(({ length }) => length));
  const running = parts.filter(({ child }) => child.state === 'running').length;
  const left = [`${inputChannel} → ${parts.length} processes`, ...(outputChannel === undefined ? [] : [outputChannel])];
  const right = `${running === parts.length ? 'running' : `${running} running`} ${clockTime(runtimeOf(parts))}`;
  return [
    spread(left.join(' → '), right, columns),
    `  ${'part'.padEnd(width)}${cells(HEAD)}`,
    ...parts.map((part, at) => {
      const figures = `  ${(names[at] as string).padEnd(width)}${cells(figuresOf(part, before.snapshot[at], seconds))}`;
      const remark = remarkOn(part);
      return remark === ''
        ? figures
        : `${figures.slice(0, Math.max(width + 2, columns - remark.length - 2))}  ${remark}`;
    }),
  ].map((line) => line.slice(0, columns));
}

/** The chosen statistics of each part, where there is no screen. */
export function chainsLines(parts: readonly PartState[], chosen: readonly ReportPart[]): string[] {
  return parts.flatMap((part) => {
    const remark = remarkOn(part);
    const remarks = remark === '' ? [] : [`  ${'state'.padEnd(14)} ${remark}`];
    if (part.snapshot === undefined) return [`${new Date().toISOString()} consumer ${nameOf(part)}`, ...remarks];
    return [...plainReport(nameOf(part), part.snapshot.stats, chosen), ...remarks];
  });
}

/** `1 threshold`. */
function nameOf({ consumerId, stages }: PartState): string {
  return `${consumerId} ${stages.join('+')}`;
}

function figuresOf(part: PartState, before: PartState | undefined, seconds: number): string[] {
  const { report, child } = part;
  const rate = (of: (state: PartState) => number) =>
    before === undefined || seconds <= 0 ? 0 : Math.max(0, of(part) - of(before)) / seconds;
  const waiting = rate((state) => state.snapshot?.pipeline.waitedMs ?? 0) / 10;
  const failed = Object.values(report?.failed ?? {}).reduce((sum, { count }) => sum + count, 0);
  return [
    grouped(report?.received ?? 0),
    grouped(
      rate((state) => state.report?.received ?? 0),
      1,
    ),
    grouped(report?.inFlight ?? 0),
    `${waiting.toFixed(1)} %`,
    grouped(failed),
    grouped(child.nRestarts),
    byteRate(rate((state) => state.snapshot?.input.bytes ?? 0)),
  ];
}

function cells(texts: readonly string[]): string {
  return texts.map((text, at) => text.padStart(WIDTHS[at] as number)).join('');
}

function runtimeOf(parts: readonly PartState[]): number {
  const starts = parts.flatMap(({ report }) => (report === undefined ? [] : [Date.parse(report.startTime)]));
  return starts.length === 0 ? 0 : (Date.now() - Math.min(...starts)) / 1000;
}
