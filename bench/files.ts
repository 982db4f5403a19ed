/** Images to TIFF files, on a disk and in memory: our consumer, pvaPy's, and plain writes of the same bytes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pillowFolder } from '../test/peers/install.js';
import type { Sink, Source } from './ends.js';
import { watch } from './measure.js';
import type { BenchOptions } from './options.js';
import { queueFor } from './queue.js';
import { median } from './results.js';
import { SETTLE_MS } from './search.js';
import { startOurSink } from './sinks/ours.js';
import { startPvapySink } from './sinks/pvapy.js';
import { SIZES, titleOf, type Size } from './sizes.js';
import { startOurSource } from './sources/ours.js';
import { aligned } from './table.js';

/** What of a TIFF file is not pixels. */
const HEADER_BYTES = 192;
const IN_MEMORY = '/dev/shm';
/** Sizes that are measured unless --sizes names others. */
const SIDES = [512, 1024];
const TARGETS = { pvapy: 4, plain: 0.6 };

interface Figures {
  readonly framesPerSecond: number;
  /** CPU time of what writes, in ms for each file. */
  readonly cpu: number;
}

type Measure = (folder: string, size: Size, seconds: number) => Promise<Figures>;
type Key = 'plain' | 'pvapy' | 'ours';

const kinds: readonly { readonly key: Key; readonly name: string; readonly measure: Measure }[] = [
  { key: 'plain', name: 'plain writes, one after the other', measure: writePlainly },
  {
    key: 'pvapy',
    name: 'pvaPy consumer',
    measure: saving((source, size, args) => startPvapySink(source, size, args, 'save', { PYTHONPATH: pillowFolder() })),
  },
  { key: 'ours', name: 'our consumer', measure: saving((source, _size, args) => startOurSink(source, args, 'save')) },
];

/** Our simulator, which waits, and a consumer that saves what it gets. */
function saving(start: (source: Source, size: Size, args: string[]) => Promise<Sink>): Measure {
  return async (folder, size, seconds) => {
    const source = await startOurSource(size);
    try {
      const config = JSON.stringify({ outputDirectory: folder });
      const queue = `${queueFor(size)}`;
      const sink = await start(source, size, ['--processor-args', config, '--server-queue-size', queue]);
      try {
        await sleep(SETTLE_MS);
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

/** The same number of bytes to new files, by one thread that does nothing else. */
function writePlainly(folder: string, size: Size, seconds: number): Promise<Figures> {
  const bytes = new Uint8Array(HEADER_BYTES + size.bytes).fill(1);
  const began = performance.now();
  const cpu = process.cpuUsage();
  let count = 0;
  while (performance.now() - began < seconds * 1000) {
    count += 1;
    writeFileSync(join(folder, `${String(count).padStart(6, '0')}.tiff`), bytes);
  }
  const { user, system } = process.cpuUsage(cpu);
  const framesPerSecond = (count / (performance.now() - began)) * 1000;
  return Promise.resolve({ framesPerSecond, cpu: (user + system) / 1000 / count });
}

async function measured(measure: Measure, parent: string, size: Size, seconds: number): Promise<Figures> {
  const folder = mkdtempSync(join(parent, 'pvaflow-bench-'));
  execFileSync('sync'); // what was written before is no burden any more
  try {
    return await measure(folder, size, seconds);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function tableOf(parent: string, size: Size, options: BenchOptions, tell: (text: string) => void) {
  const all = new Map<Key, Figures[]>(kinds.map(({ key }) => [key, []]));
  const place = parent === IN_MEMORY ? 'memory' : 'disk';
  for (let repetition = 1; repetition <= options.repetitions; repetition++) {
    for (const { key, name, measure } of kinds) {
      const figures = await measured(measure, parent, size, options.durations.result);
      all.get(key)?.push(figures);
      tell(
        `${titleOf(size)} to ${place}  ${repetition}/${options.repetitions}  ${name}: ${figures.framesPerSecond.toFixed(0)} files/s`,
      );
    }
  }
  const middle = (key: Key, field: keyof Figures) => median((all.get(key) ?? []).map((each) => each[field]));
  const ours = middle('ours', 'framesPerSecond');
  const rows = kinds.map(({ key, name }) => {
    const rate = middle(key, 'framesPerSecond');
    const limit = key === 'ours' ? undefined : TARGETS[key];
    const ratio = ours / rate;
    return [
      name,
      Math.round(rate).toLocaleString('en'),
      Math.round((rate * size.bytes) / 1e6).toLocaleString('en'),
      middle(key, 'cpu').toPrecision(3),
      limit === undefined ? '' : ratio.toFixed(2),
      limit === undefined ? '' : `>= ${limit} ${ratio >= limit ? 'met' : 'MISSED'}`,
    ];
  });
  const headings = ['', 'files/s', 'MB/s', 'CPU ms', 'ours / this', 'target'];
  return `${titleOf(size)} as TIFF to ${place} (${parent}), median of ${options.repetitions}\n${aligned([headings, ...rows])}\n`;
}

/** Files/s of each, and of ours beside the others. */
export async function filesTables(options: BenchOptions, tell: (text: string) => void): Promise<string> {
  const isAll = options.sizes.length === SIZES.length;
  const sizes = options.sizes.filter(({ side }) => !isAll || SIDES.includes(side));
  const tables = [`\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, loopback; ms are CPU time a file\n`];
  for (const size of sizes)
    for (const parent of [tmpdir(), IN_MEMORY]) tables.push(await tableOf(parent, size, options, tell));
  return tables.join('\n');
}
