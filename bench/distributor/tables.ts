import { cpus } from 'node:os';
import type { BenchOptions } from '../options.js';
import { median } from '../results.js';
import { searchRate } from '../search.js';
import { titleOf, type Size } from '../sizes.js';
import { aligned } from '../table.js';
import { Crew, type CrewKind, type CrewWindow } from './crew.js';
import { ALL_TO_ALL, SHARING } from './crews.js';

const HEADINGS = ['', 'frames/s', 'MB/s', 'x first', 'send ms', 'receive ms', 'cores that send', 'target'];

type Tell = (text: string) => void;

/** One window of a crew that is started for it: as fast as it goes without loss. */
async function highest(kind: CrewKind, size: Size, { durations }: BenchOptions): Promise<CrewWindow> {
  await using crew = await Crew.start(kind, size);
  if (kind.waits) return await crew.watch(0, durations.result);
  return await searchRate((rate, seconds) => crew.watch(rate, seconds), durations);
}

async function tableOf(title: string, kinds: readonly CrewKind[], size: Size, options: BenchOptions, tell: Tell) {
  const windows = new Map<CrewKind, CrewWindow[]>(kinds.map((kind) => [kind, []]));
  for (let repetition = 1; repetition <= options.repetitions; repetition++) {
    for (const kind of kinds) {
      const window = await highest(kind, size, options);
      windows.get(kind)?.push(window);
      const { framesPerSecond, lost } = window;
      tell(
        `${titleOf(size)}  ${repetition}/${options.repetitions}  ${kind.name}: ${framesPerSecond.toFixed(0)} frames/s, ${lost} lost`,
      );
    }
  }
  const rows = kinds.map((kind) => rowOf(kind, windows.get(kind) ?? [], windows.get(kinds[0] as CrewKind) ?? [], size));
  return `${titleOf(size)}: ${title}, median of ${options.repetitions}\n${aligned([HEADINGS, ...rows])}\n`;
}

function rowOf(
  { name, target }: CrewKind,
  windows: readonly CrewWindow[],
  first: readonly CrewWindow[],
  size: Size,
): string[] {
  const middle = (field: keyof CrewWindow, of = windows) => median(of.map((window) => window[field]));
  const rate = middle('framesPerSecond');
  const ratio = rate / middle('framesPerSecond', first);
  return [
    name,
    Math.round(rate).toLocaleString('en'),
    Math.round((rate * size.bytes) / 1e6).toLocaleString('en'),
    ratio.toFixed(2),
    middle('sourceCpu').toPrecision(3),
    middle('sinkCpu').toPrecision(3),
    middle('sourceCores').toFixed(2),
    target === undefined ? '' : `>= ${target} ${ratio >= target ? 'met' : 'MISSED'}`,
  ];
}

/** Several consumers of one channel: frames/s of all together, CPU time for each frame that one of them received. */
export async function distributorTables(options: BenchOptions, tell: Tell): Promise<string> {
  const tables = [`\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, loopback; ms are CPU time a frame received\n`];
  for (const size of options.sizes) {
    tables.push(await tableOf('two consumers share the frames', SHARING, size, options, tell));
    tables.push(await tableOf('four receivers get every frame', ALL_TO_ALL, size, options, tell));
  }
  return tables.join('\n');
}
