import { aligned } from '../table.js';
import { growthOf, type Growth, type Series } from './growth.js';

/** What may come or go in an hour and still be noise: a month of it would be noticed. */
const LIMITS: Readonly<Record<string, number>> = {
  anonymous: 4,
  shared: 1,
  heap: 2,
  external: 1,
  maps: 20,
  descriptors: 2,
  sockets: 2,
  threads: 1,
  zombies: 0.5,
  'handles and timers': 2,
};
const HEADINGS = ['', 'figure', 'settled', 'at the end', 'an hour', 'verdict'];

/** A line for each figure of each process that ran long enough. */
export function growthTable(all: ReadonlyMap<string, ReadonlyMap<string, Series>>): string {
  const rows = [...all].flatMap(([process, figures]) =>
    [...figures].flatMap(([figure, series]) => {
      const growth = growthOf(series);
      return growth === undefined ? [] : [rowOf(process, figure, growth)];
    }),
  );
  return `${aligned([HEADINGS, ...rows])}\n`;
}

function rowOf(process: string, figure: string, { first, last, perHour }: Growth): string[] {
  const verdict = perHour > (LIMITS[figure] ?? 0) ? 'GROWS' : 'flat';
  return [process, figure, first.toFixed(1), last.toFixed(1), perHour.toFixed(2), verdict];
}
