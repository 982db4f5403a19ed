/** Frames into HDF5 files: our writer beside h5py, without a channel; and our consumer beside pvaPy's, with one. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import ndarray from 'ndarray';
import { frameDataOf, generateNtNdArray2D, Hdf5Writer, type FrameData, type Hdf5WriterOptions } from 'pvaflow';
import { getLogger } from '../src/core/logger.js';
import { codecsFolder, hdf5Folder } from '../test/peers/install.js';
import { keepHeap } from './heap.js';
import type { BenchOptions } from './options.js';
import { IN_MEMORY, placeOf, savedSizes, saving, savingTable, type Kind, type Measure } from './saving.js';
import { startOurSink } from './sinks/ours.js';
import { startPvapySink } from './sinks/pvapy.js';
import type { Size } from './sizes.js';

const IN_WORK = 64;
const TARGET = 1.5;
/** What one measurement writes by itself, and in one file. */
const BYTES = 1 << 30;
const FILE_BYTES = 1 << 26;

const defaults: Omit<Hdf5WriterOptions, 'outputDirectory' | 'nImagesPerFile'> = {
  outputFileNameFormat: '{outputFileId:06}.{processorId}.hdf',
  datasetName: 'images',
  compression: 'none',
  flushInterval: 1,
  durability: 'none',
  existingFiles: 'number',
  manifest: 'manifest.jsonl',
  checksum: 'none',
  retryInterval: 1,
};

/** The same pixels as python/hdf5.py: four bits of noise on a level. */
function framesOf({ side, dtype }: Size): FrameData[] {
  const noise = Array.from({ length: side * side }, (_, i) => (Math.imul(i, 2654435761) >>> 16) & 15);
  return Array.from({ length: 8 }, (_, i) => {
    const pixels = noise.map((pixel) => pixel + i);
    const data = dtype === 'uint8' ? Uint8Array.from(pixels) : Uint16Array.from(pixels);
    return frameDataOf(generateNtNdArray2D(i, ndarray(data, [side, side]))) as FrameData;
  });
}

/** Our writer by itself, until the last file is complete, its checksum included. */
function alone(options: Partial<Hdf5WriterOptions>): Measure {
  return async (folder, size) => {
    await keepHeap();
    const frames = framesOf(size); // not looked into yet: then the codec needs no copy
    const count = BYTES / size.bytes;
    const all = { ...defaults, outputDirectory: folder, nImagesPerFile: FILE_BYTES / size.bytes, ...options };
    const writer = new Hdf5Writer(all, 1, getLogger('bench'));
    const inWork: Promise<void>[] = []; // they end in their order
    const cpu = process.cpuUsage();
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      if (inWork.length >= IN_WORK) await inWork.shift();
      inWork.push(writer.write(frames[i % frames.length] as FrameData));
    }
    await Promise.all(inWork);
    await writer.stop();
    const framesPerSecond = (count / (performance.now() - start)) * 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { framesPerSecond, cpu: (user + system) / 1000 / count };
  };
}

function h5py(compression: string): Measure {
  return (folder, size) => {
    const script = fileURLToPath(new URL('python/hdf5.py', import.meta.url));
    const args = [script, `${size.side}`, compression, folder, `${BYTES / size.bytes}`, `${FILE_BYTES / size.bytes}`];
    const env = { ...process.env, PYTHONPATH: hdf5Folder() };
    const [framesPerSecond = NaN, cpu = NaN] = execFileSync('python3', args, { encoding: 'utf8', env })
      .split(' ')
      .map(Number);
    return Promise.resolve({ framesPerSecond, cpu });
  };
}

const plain: readonly Kind[] = [
  { name: 'our writer', isOurs: true, measure: alone({}) },
  { name: 'our writer, files with xxh64', measure: alone({ checksum: 'xxh64' }) },
  { name: 'our writer, files with sha256', measure: alone({ checksum: 'sha256' }) },
  { name: 'h5py', target: TARGET, measure: h5py('none') },
];

const compressed: readonly Kind[] = [
  { name: 'our writer', isOurs: true, measure: alone({ compression: 'bslz4' }) },
  { name: 'our writer, files with xxh64', measure: alone({ compression: 'bslz4', checksum: 'xxh64' }) },
  { name: 'h5py', target: TARGET, measure: h5py('bslz4') },
];

const nImagesPerFile = (size: Size) => FILE_BYTES / size.bytes;

function ourConsumer(options: object): Measure {
  return saving(
    (source, _size, args) => startOurSink(source, args, 'write'),
    (size) => ({ nImagesPerFile: nImagesPerFile(size), ...options }),
  );
}

/** pvaPy's writer does not compress. */
const consumers: readonly Kind[] = [
  { name: 'our consumer', isOurs: true, measure: ourConsumer({ checksum: 'none' }) },
  { name: 'our consumer, files with xxh64', measure: ourConsumer({}) },
  { name: 'our consumer, bslz4', measure: ourConsumer({ compression: 'bslz4' }) },
  {
    name: 'pvaPy consumer',
    target: TARGET,
    measure: saving(
      (source, size, args) => startPvapySink(source, size, args, 'write', { PYTHONPATH: codecsFolder() }),
      (size) => ({ nImagesPerFile: nImagesPerFile(size) }),
    ),
  },
];

/** Frames/s of each, and of ours beside the others. */
export async function hdf5Tables(options: BenchOptions, tell: (text: string) => void): Promise<string> {
  const tables = [`\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; files of 64 MiB of pixels\n`];
  const topics = { 'HDF5, no channel': plain, 'HDF5 bslz4, no channel': compressed, 'HDF5 on a channel': consumers };
  for (const size of savedSizes(options))
    for (const [title, kinds] of Object.entries(topics))
      tables.push(await savingTable(`${title}, to ${placeOf(IN_MEMORY)}`, kinds, IN_MEMORY, size, options, tell));
  return tables.join('\n');
}
