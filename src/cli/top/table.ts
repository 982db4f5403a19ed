import { grouped } from '../../core/figures.js';
import type { Status } from './status.js';

/** What is known of one status channel at one moment. */
export interface TopRow {
  readonly channel: string;
  readonly isConnected: boolean;
  /** The last status, and the one before: rates are those in between. */
  readonly status: Status;
  readonly before: Status | undefined;
}

/** A row as other programs read it. */
export interface TopEntry {
  readonly channel: string;
  readonly kind: string;
  readonly id: number;
  readonly input: string;
  readonly state: 'running' | 'idle' | 'ended' | 'gone';
  readonly framesPerSecond: number;
  readonly received: number;
  readonly processed: number;
  readonly missed: number;
  readonly lost: number;
  readonly queued: number;
}

/** Rates are those since the status before; at first, what the channel itself says. */
export function entryOf({ channel, isConnected, status, before }: TopRow): TopEntry {
  const { kind, id, input, received, processed, missed, lost, queued } = status;
  const seconds = before === undefined ? 0 : status.time - before.time;
  const rate = before !== undefined && seconds > 0 ? (received - before.received) / seconds : status.receivedRate;
  const framesPerSecond = Math.max(0, rate);
  const state = !isConnected ? 'gone' : status.isOver ? 'ended' : framesPerSecond > 0 ? 'running' : 'idle';
  return { channel, kind, id, input, state, framesPerSecond, received, processed, missed, lost, queued };
}

interface Column {
  readonly title: string;
  readonly text: (entry: TopEntry) => string;
  readonly isNumber?: boolean;
  /** The higher, the sooner it is left out where there is no room. */
  readonly rank: number;
}

const columns: readonly Column[] = [
  { title: 'channel', text: ({ channel }) => channel, rank: 0 },
  { title: 'kind', text: ({ kind, id }) => `${kind} ${id}`, rank: 5 },
  { title: 'input', text: ({ input }) => input, rank: 6 },
  { title: 'state', text: ({ state }) => state, rank: 1 },
  { title: 'fps', text: ({ framesPerSecond }) => grouped(framesPerSecond, 1), isNumber: true, rank: 0 },
  { title: 'processed', text: ({ processed }) => grouped(processed), isNumber: true, rank: 3 },
  { title: 'missed', text: ({ missed }) => grouped(missed), isNumber: true, rank: 0 },
  { title: 'lost', text: ({ lost }) => grouped(lost), isNumber: true, rank: 2 },
  { title: 'queue', text: ({ queued }) => grouped(queued), isNumber: true, rank: 4 },
];

const GAP = 2;

/** A line of titles and one for each entry. Where there is no room, columns are left out, the least important first. */
export function tableLines(entries: readonly TopEntry[], width: number): string[] {
  let shown = columns.map((column) => ({ column, width: widthOf(column, entries) }));
  const needed = () => shown.reduce((sum, each) => sum + each.width + GAP, -GAP);
  for (let rank = 6; rank > 0 && needed() > width; rank--) shown = shown.filter(({ column }) => column.rank < rank);
  const line = (text: (column: Column) => string) =>
    shown
      .map(({ column, width: wide }) =>
        column.isNumber === true ? text(column).padStart(wide) : text(column).padEnd(wide),
      )
      .join(' '.repeat(GAP))
      .trimEnd()
      .slice(0, width);
  return [line(({ title }) => title), ...entries.map((entry) => line(({ text }) => text(entry)))];
}

function widthOf({ title, text }: Column, entries: readonly TopEntry[]): number {
  return Math.max(title.length, ...entries.map((entry) => text(entry).length));
}

/** What comes first: by name, or what is largest. */
export const sortKeys = ['name', 'fps', 'missed', 'lost', 'queue'] as const;
export type SortKey = (typeof sortKeys)[number];

export function sorted(entries: readonly TopEntry[], key: SortKey): TopEntry[] {
  const largest: Partial<Record<SortKey, (entry: TopEntry) => number>> = {
    fps: ({ framesPerSecond }) => framesPerSecond,
    missed: ({ missed }) => missed,
    lost: ({ lost }) => lost,
    queue: ({ queued }) => queued,
  };
  const of = largest[key];
  const byName = (a: TopEntry, b: TopEntry) => a.channel.localeCompare(b.channel, 'en', { numeric: true });
  return [...entries].sort((a, b) => (of === undefined ? 0 : of(b) - of(a)) || byName(a, b));
}
