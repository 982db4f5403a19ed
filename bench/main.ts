// npm run bench: every pair of the table, interleaved, in one run. See --help.
import { cpus } from 'node:os';
import { benchCodecs } from './codecs.js';
import { distributorTables } from './distributor/tables.js';
import { encryptionTable } from './encryption.js';
import { filesTables } from './files.js';
import { hdf5Tables } from './hdf5.js';
import { benchImages } from './images.js';
import { watchMemory, type MemoryRun } from './memory.js';
import type { Window } from './measure.js';
import { allTopics, benchOptions, HELP, type BenchOptions } from './options.js';
import { MEMORY_PAIR, type Pair } from './pairs.js';
import { resultOf, type Result } from './results.js';
import { benchRuntime } from './runtime.js';
import { highestRate, type Durations } from './search.js';
import { soak } from './soak/soak.js';
import { SIZES, titleOf, type Size } from './sizes.js';
import { memoryLine, resultTables, targetTable } from './table.js';
import { outcomes } from './targets.js';

const ATTEMPTS = 3;

/** Progress goes to standard error, so that standard output is the tables, or the JSON, alone. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A peer may crash as it starts (pvaPy's consumer does at times); the figure of the run that works is as good. */
async function measured(pair: Pair, size: Size, durations: Durations): Promise<Window> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await highestRate(pair, size, durations);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      tell(`${titleOf(size)}  ${pair.key}, measured anew: ${String(error)}`);
    }
  }
}

async function measureSize(size: Size, { pairs, repetitions, durations }: BenchOptions): Promise<Result[]> {
  const windows = new Map<Pair, Window[]>(pairs.map((pair) => [pair, []]));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const pair of pairs) {
      const window = await measured(pair, size, durations);
      windows.get(pair)?.push(window);
      tell(
        `${titleOf(size)}  ${repetition}/${repetitions}  ${pair.key}: ${window.framesPerSecond.toFixed(0)} frames/s`,
      );
    }
  }
  return pairs.map((pair) => resultOf(pair, size, windows.get(pair) ?? []));
}

async function measureMemory({ pairs, sizes, memorySeconds }: BenchOptions): Promise<MemoryRun | undefined> {
  const wanted = pairs.some(({ key }) => key === 'ours');
  const size = sizes.find(({ name }) => name === SIZES.at(-1)?.name);
  if (!wanted || !size || memorySeconds === 0) return undefined;
  tell(`${titleOf(size)}  resident memory for ${memorySeconds} s`);
  return watchMemory(MEMORY_PAIR, size, memorySeconds);
}

function print(results: readonly Result[], memory: MemoryRun | undefined, json: boolean): void {
  const targets = outcomes(results);
  if (json) {
    const rows = results.map(({ pair, size, ...rest }) => ({ pair: pair.key, size: size.name, ...rest }));
    process.stdout.write(`${JSON.stringify({ cpus: cpus().length, results: rows, targets, memory }, null, 2)}\n`);
    return;
  }
  process.stdout.write(`\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, loopback; ms are CPU time a frame\n\n`);
  process.stdout.write(`${resultTables(results)}\n`);
  if (targets.length > 0) process.stdout.write(`${targetTable(targets)}\n`);
  if (memory) process.stdout.write(memoryLine(memory));
}

async function benchPairs(options: BenchOptions): Promise<void> {
  const results: Result[] = [];
  for (const size of options.sizes) results.push(...(await measureSize(size, options)));
  print(results, await measureMemory(options), options.json);
}

async function benchTopic(options: BenchOptions): Promise<void> {
  const { topic, sizes, repetitions } = options;
  const write = async (text: Promise<string>) => void process.stdout.write(await text);
  if (topic === 'codecs') return benchCodecs(repetitions);
  if (topic === 'distributor') return write(distributorTables(options, tell));
  if (topic === 'files') return write(filesTables(options, tell));
  if (topic === 'hdf5') return write(hdf5Tables(options, tell));
  if (topic === 'images') return benchImages(repetitions);
  if (topic === 'soak') return write(soak(options.minutes, tell));
  if (topic === 'runtime') return benchRuntime(repetitions);
  if (topic === 'encryption') await write(encryptionTable(sizes, repetitions));
  return benchPairs(options);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const options = benchOptions(args);
  if (!options) process.stdout.write(HELP);
  else if (options.topic !== 'all') await benchTopic(options);
  else for (const one of allTopics(args)) await benchTopic(one);
}

await main();
