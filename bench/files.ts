/** Images to TIFF files, on a disk and in memory: our consumer, pvaPy's, and plain writes of the same bytes. */
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pillowFolder } from '../test/peers/install.js';
import type { BenchOptions } from './options.js';
import { IN_MEMORY, placeOf, savedSizes, saving, savingTable, type Figures, type Kind } from './saving.js';
import { startOurSink } from './sinks/ours.js';
import { startPvapySink } from './sinks/pvapy.js';
import type { Size } from './sizes.js';

/** What of a TIFF file is not pixels. */
const HEADER_BYTES = 192;

const kinds: readonly Kind[] = [
  { name: 'our consumer', isOurs: true, measure: saving((source, _size, args) => startOurSink(source, args, 'save')) },
  {
    name: 'pvaPy consumer',
    target: 4,
    measure: saving((source, size, args) => startPvapySink(source, size, args, 'save', { PYTHONPATH: pillowFolder() })),
  },
  { name: 'plain writes, one after the other', target: 0.6, measure: writePlainly },
  { name: 'plain writes, four at a time', measure: writeAtOnce },
];

/** The same number of bytes to new files, by one thread that does nothing else. */
function writePlainly(folder: string, size: Size, seconds: number): Promise<Figures> {
  const bytes = fileOf(size);
  return writing(seconds, (count, isOver) => {
    while (!isOver()) writeFileSync(pathOf(folder, count()), bytes);
    return Promise.resolve();
  });
}

/** As many at a time as our consumer writes: what of this machine is left when nobody sends anything. */
function writeAtOnce(folder: string, size: Size, seconds: number): Promise<Figures> {
  const bytes = fileOf(size);
  return writing(seconds, async (count, isOver) => {
    const write = async () => {
      while (!isOver()) await writeFile(pathOf(folder, count()), bytes);
    };
    await Promise.all([write(), write(), write(), write()]);
  });
}

const fileOf = ({ bytes }: Size) => new Uint8Array(HEADER_BYTES + bytes).fill(1);
const pathOf = (folder: string, number: number) => join(folder, `${String(number).padStart(6, '0')}.tiff`);

async function writing(
  seconds: number,
  write: (count: () => number, isOver: () => boolean) => Promise<void>,
): Promise<Figures> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  let files = 0;
  await write(
    () => (files += 1),
    () => performance.now() - began >= seconds * 1000,
  );
  const { user, system } = process.cpuUsage(cpu);
  return { framesPerSecond: (files / (performance.now() - began)) * 1000, cpu: (user + system) / 1000 / files };
}

/** Files/s of each, and of ours beside the others. */
export async function filesTables(options: BenchOptions, tell: (text: string) => void): Promise<string> {
  const tables = [`\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, loopback; a file a frame\n`];
  for (const size of savedSizes(options))
    for (const parent of [tmpdir(), IN_MEMORY])
      tables.push(await savingTable(`TIFF to ${placeOf(parent)}`, kinds, parent, size, options, tell));
  return tables.join('\n');
}
