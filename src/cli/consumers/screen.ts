import { byteRate, clockTime, grouped, plural } from '../../core/figures.js';
import type { CombinedReport } from '../../hpc/consumers/combined-report.js';
import type { ConsumerState } from '../../hpc/consumers/consumers.js';
import type { FrameReport, Losses } from '../../hpc/loss-report.js';

/** What the screen shows about the run besides its figures. */
export interface ConsumersTitle {
  readonly inputChannel: string;
  readonly outputChannel: string | undefined;
}

/** All consumers at one moment, in milliseconds of a clock that never goes back. */
export interface ConsumersMoment {
  readonly at: number;
  readonly states: readonly ConsumerState[];
  readonly report: CombinedReport | undefined;
}

/** One line of the table. */
interface Row {
  readonly label: string;
  readonly report: FrameReport | undefined;
  readonly fps: number;
  readonly bytesPerSecond: number;
  readonly queued: number;
  readonly restarts: number;
  /** What there is to say besides the figures. */
  readonly remark: string;
}

interface Column {
  readonly title: string;
  readonly width: number;
  text(row: Row): string;
}

/** From left to right; where the terminal is narrow, those at the end are left out. */
const columnsOfTable: readonly Column[] = [
  { title: 'id', width: 4, text: ({ label }) => label },
  { title: 'received', width: 12, text: ({ report }) => grouped(report?.received ?? 0) },
  { title: 'fps', width: 10, text: ({ fps }) => grouped(fps, 1) },
  { title: 'missed', width: 8, text: ({ report }) => grouped(report?.missed.count ?? 0) },
  { title: 'failed', width: 7, text: ({ report }) => grouped(lost(report?.failed)) },
  { title: 'rejected', width: 9, text: ({ report }) => grouped(lost(report?.rejected)) },
  { title: 'queued', width: 7, text: ({ queued }) => grouped(queued) },
  { title: 'restarts', width: 9, text: ({ restarts }) => grouped(restarts) },
  { title: 'published', width: 12, text: ({ report }) => grouped(report?.published ?? 0) },
  { title: 'rate', width: 12, text: ({ bytesPerSecond }) => byteRate(bytesPerSecond) },
];

/** Lines around those of the consumers: the title, the names of the columns, the sum, the one that says how many more there are. */
const OTHER_LINES = 5;

/**
 * The live figures of several consumers, a line for each and one for all; rates are those since the moment before.
 *
 * @param size of the terminal
 */
export function consumersScreen(
  title: ConsumersTitle,
  before: ConsumersMoment,
  now: ConsumersMoment,
  size: { readonly columns: number; readonly rows: number },
): string[] {
  const rows = now.states.map((state, at) => rowOf(state, before.states[at], (now.at - before.at) / 1000));
  const shown = rows.slice(0, Math.max(1, size.rows - OTHER_LINES));
  const table = fitting(size.columns);
  const more = rows.length - shown.length;
  return [
    heading(title, now, size.columns),
    line(table, ({ title: name }) => name),
    ...shown.map((row) => tableLine(table, row, size.columns)),
    ...(more > 0 ? [`  … and ${more} more consumers`] : []),
    tableLine(table, sumOf(rows, now.report), size.columns),
  ].map((text) => text.slice(0, size.columns));
}

function rowOf(state: ConsumerState, before: ConsumerState | undefined, seconds: number): Row {
  const { snapshot, report, config, child } = state;
  const rate = (of: (each: ConsumerState) => number) =>
    before === undefined || seconds <= 0 ? 0 : Math.max(0, of(state) - of(before)) / seconds;
  return {
    label: String(config.consumerId),
    report,
    fps: rate((each) => each.report?.received ?? 0),
    bytesPerSecond: rate((each) => each.snapshot?.input.bytes ?? 0),
    queued: snapshot?.pipeline.queue.length ?? 0,
    restarts: child.nRestarts,
    remark: remarkOn(state),
  };
}

function sumOf(rows: readonly Row[], report: CombinedReport | undefined): Row {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    label: 'all',
    report,
    fps: sum(({ fps }) => fps),
    bytesPerSecond: sum(({ bytesPerSecond }) => bytesPerSecond),
    queued: sum(({ queued }) => queued),
    restarts: sum(({ restarts }) => restarts),
    remark: '',
  };
}

/** What is out of the ordinary with a consumer; empty when all is well. */
export function remarkOn({ child, snapshot }: Pick<ConsumerState, 'child' | 'snapshot'>): string {
  const { state, restartInMs, lastExit, isResponding } = child;
  if (state === 'waiting') return `${lastExit}: starts again in ${Math.ceil((restartInMs ?? 0) / 1000)} s`;
  if (state !== 'running') return state;
  if (!isResponding) return 'does not respond';
  return snapshot?.isConnected === false ? 'waits for the server' : '';
}

function heading({ inputChannel, outputChannel }: ConsumersTitle, now: ConsumersMoment, columns: number): string {
  const { states, report } = now;
  const processors = states.find((state) => state.processors.length > 0)?.processors ?? [];
  const chain = [inputChannel, ...processors, ...(outputChannel === undefined ? [] : [outputChannel])].join(' → ');
  const left = `${states.length} ${plural(states.length, 'consumer')}  ${chain}`;
  const nRunning = states.filter(({ child, snapshot }) => child.state === 'running' && snapshot?.isConnected).length;
  const state = nRunning === states.length ? 'running' : `${nRunning} running`;
  const seconds = report === undefined ? 0 : (Date.now() - Date.parse(report.startTime)) / 1000;
  const right = `${state} ${clockTime(seconds)}`;
  const room = columns - right.length - 2;
  return `${left.length <= room ? left.padEnd(room) : `${left.slice(0, Math.max(0, room - 1))}…`}  ${right}`;
}

function fitting(columns: number): Column[] {
  let width = 0;
  return columnsOfTable.filter((column) => (width += column.width) <= columns);
}

function line(table: readonly Column[], text: (column: Column) => string): string {
  return table.map((column) => text(column).padStart(column.width)).join('');
}

/** A remark stands after the figures, if there is room for it, or over those on the right. */
function tableLine(table: readonly Column[], row: Row, columns: number): string {
  const figures = line(table, (column) => column.text(row));
  if (row.remark === '') return figures;
  const remark = `  ${row.remark}`;
  const least = (table[0] as Column).width;
  return figures.slice(0, Math.max(least, columns - remark.length)) + remark;
}

function lost(losses: Readonly<Record<string, Losses>> | undefined): number {
  return Object.values(losses ?? {}).reduce((sum, { count }) => sum + count, 0);
}
