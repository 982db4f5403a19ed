/** Tables of consumers that save what they get: files/s or frames/s of ours beside others, in one folder after the other. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Sink, Source } from './ends.js';
import { watch } from './measure.js';
import type { BenchOptions } from './options.js';
import { queueFor } from './queue.js';
import { median } from './results.js';
import { SETTLE_MS } from './search.js';
import { SIZES, titleOf, type Size } from './sizes.js';
import { startOurSource } from './sources/ours.js';
import { aligned } from './table.js';
import { MS_PER_TICK } from './usage.js';

export const IN_MEMORY = '/dev/shm';
/** Sizes that are measured unless --sizes names others. */
const SIDES = [512, 1024];
/** For JavaScript to be compiled, and queues to fill. */
const WARM_UP_MS = 400;
/** What other programs may take of the processors, and how often it is tried to be without them. */
const MOST_OF_OTHERS = 0.05;
const ATTEMPTS = 2;
const SWEEPER = fileURLToPath(new URL('programs/sweep.ts', import.meta.url));

export interface Figures {
  readonly framesPerSecond: number;
  /** CPU time of what writes, in ms for each frame. */
  readonly cpu: number;
}

/** And the share of the processors that other programs took meanwhile. */
interface Seen extends Figures {
  readonly others: number;
}

export type Measure = (folder: string, size: Size, seconds: number) => Promise<Figures>;

/** A line of a table. */
export interface Kind {
  readonly name: string;
  readonly measure: Measure;
  /** The first line of ours is to be so many times as fast. */
  readonly target?: number;
  readonly isOurs?: boolean;
}

export function savedSizes({ sizes }: BenchOptions): readonly Size[] {
  return sizes.length === SIZES.length ? sizes.filter(({ side }) => SIDES.includes(side)) : sizes;
}

export const placeOf = (parent: string) => (parent === IN_MEMORY ? 'memory' : 'disk');

/** Our simulator, which waits, and a consumer that saves what it gets. */
export function saving(
  start: (source: Source, size: Size, args: string[]) => Promise<Sink>,
  config: (size: Size) => object = () => ({}),
): Measure {
  return async (folder, size, seconds) => {
    const source = await startOurSource(size);
    try {
      const settings = JSON.stringify({ outputDirectory: folder, ...config(size) });
      const queue = `${queueFor(size)}`;
      const sink = await start(source, size, ['--processor-args', settings, '--server-queue-size', queue]);
      try {
        await sleep(SETTLE_MS + WARM_UP_MS);
        const { framesPerSecond, lost, sinkCpu } = await watch(source, sink, seconds);
        if (lost > 0) throw new Error(`${lost} frames were lost although the source waits`);
        return { framesPerSecond, cpu: sinkCpu };
      } finally {
        await sink.peer.stop();
      }
    } finally {
      await source.peer.stop();
    }
  };
}

/** A folder that is there while something is measured, and never holds much. What was written before is no burden any more. */
export async function inFolder<T>(parent: string, measure: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent === IN_MEMORY ? IN_MEMORY : tmpdir(), 'pvaflow-bench-'));
  execFileSync('sync');
  const sweeper = spawn(process.execPath, ['--import', 'tsx', SWEEPER, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const swept = once(sweeper, 'exit');
  try {
    return await measure(folder);
  } finally {
    sweeper.kill();
    await swept;
    rmSync(folder, { recursive: true });
  }
}

/** CPU time in ms since the machine was started, and of this program and those that it has started and seen end. */
function cpuTimes(): { readonly all: number; readonly own: number } {
  const [, ...ticks] = (readFileSync('/proc/stat', 'latin1').split('\n', 1)[0] ?? '').split(/ +/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = ticks.map(Number);
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { all: (user + nice + system + irq + softirq) * MS_PER_TICK, own: own * MS_PER_TICK };
}

/** Of several attempts that in which other programs took the least; the first where they took next to nothing. */
async function undisturbed(measure: () => Promise<Figures>, tell: (text: string) => void): Promise<Seen> {
  let best: Seen | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const [before, at] = [cpuTimes(), performance.now()];
    const figures = await measure();
    const [after, elapsed] = [cpuTimes(), performance.now() - at];
    const others = (after.all - before.all - (after.own - before.own)) / (elapsed * cpus().length);
    if (best === undefined || others < best.others) best = { ...figures, others };
    if (others < MOST_OF_OTHERS) break;
    tell(`other programs took ${(others * 100).toFixed(0)} % of the processors`);
  }
  return best as Seen;
}

/** Measures all kinds in turn, as often as asked. */
export async function savingTable(
  title: string,
  kinds: readonly Kind[],
  parent: string,
  size: Size,
  { repetitions, durations }: BenchOptions,
  tell: (text: string) => void,
): Promise<string> {
  const all = new Map<Kind, Seen[]>(kinds.map((kind) => [kind, []]));
  // Whoever comes first writes to memory that nobody has used for a while, which a virtual machine asks its host for: it does not count.
  for (const kind of kinds.slice(0, 1))
    await inFolder(parent, (folder) => kind.measure(folder, size, durations.result));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const kind of kinds) {
      const once = () => inFolder(parent, (folder) => kind.measure(folder, size, durations.result));
      const figures = await undisturbed(once, tell);
      all.get(kind)?.push(figures);
      tell(`${title}  ${repetition}/${repetitions}  ${kind.name}: ${figures.framesPerSecond.toFixed(0)} frames/s`);
    }
  }
  const middle = (kind: Kind, field: keyof Seen) => median((all.get(kind) ?? []).map((each) => each[field]));
  const ours = kinds.find(({ isOurs }) => isOurs);
  const rows = kinds.map((kind) => {
    const rate = middle(kind, 'framesPerSecond');
    const ratio = ours === undefined ? NaN : middle(ours, 'framesPerSecond') / rate;
    return [
      kind.name,
      Math.round(rate).toLocaleString('en'),
      Math.round((rate * size.bytes) / 1e6).toLocaleString('en'),
      middle(kind, 'cpu').toPrecision(3),
      `${Math.round(middle(kind, 'others') * 100)} %`,
      kind === ours ? '' : ratio.toFixed(2),
      kind.target === undefined ? '' : `>= ${kind.target} ${ratio >= kind.target ? 'met' : 'MISSED'}`,
    ];
  });
  const headings = ['', 'frames/s', 'MB/s', 'CPU ms', 'others', 'ours / this', 'target'];
  return `${titleOf(size)}, ${title}, median of ${repetitions}\n${aligned([headings, ...rows])}\n`;
}
