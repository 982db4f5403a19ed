// npm run bench -- --topic hdf5: frames/s into HDF5 files in memory, beside h5py, each with ids and times of the same frames.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ndarray from 'ndarray';
import { frameDataOf, generateNtNdArray2D, Hdf5Writer, type FrameData, type Hdf5WriterOptions } from 'pvaflow';
import { getLogger } from '../src/core/logger.js';
import { hdf5Folder } from '../test/peers/install.js';

const COUNTS = { 512: 2000, 1024: 500 } as const;
const IN_WORK = 64;

type Size = keyof typeof COUNTS;

function optionsFor(folder: string, compression: string, checksum: 'none' | 'sha256'): Hdf5WriterOptions {
  return {
    outputDirectory: folder,
    outputFileNameFormat: '{outputFileId:06}.{processorId}.hdf',
    nImagesPerFile: 10_000,
    datasetName: 'images',
    compression,
    flushInterval: 1,
    durability: 'none',
    existingFiles: 'number',
    manifest: 'manifest.jsonl',
    checksum,
    retryInterval: 1,
  };
}

/** The same pixels as python/hdf5.py: four bits of noise on a level. */
function framesOf(size: Size): FrameData[] {
  const noise = Array.from({ length: size * size }, (_, i) => (Math.imul(i, 2654435761) >>> 16) & 15);
  return Array.from({ length: 8 }, (_, i) => {
    const pixels = noise.map((pixel) => pixel + i);
    const data = size === 512 ? Uint8Array.from(pixels) : Uint16Array.from(pixels);
    return frameDataOf(generateNtNdArray2D(i, ndarray(data, [size, size]))) as FrameData;
  });
}

/** Until the last file is complete, its checksum included. */
async function ours(frames: readonly FrameData[], count: number, options: Hdf5WriterOptions): Promise<number> {
  const writer = new Hdf5Writer(options, 1, getLogger('bench'));
  const inWork = new Set<Promise<void>>();
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const written = writer.write(frames[i % frames.length] as FrameData).finally(() => inWork.delete(written));
    inWork.add(written);
    if (inWork.size >= IN_WORK) await Promise.race(inWork);
  }
  await Promise.all(inWork);
  await writer.stop();
  return (count / (performance.now() - start)) * 1000;
}

function h5py(size: Size, compression: string, folder: string): number {
  const script = fileURLToPath(new URL('python/hdf5.py', import.meta.url));
  const args = [script, String(size), compression, folder, String(COUNTS[size])];
  const env = { ...process.env, PYTHONPATH: hdf5Folder() };
  return Number(execFileSync('python3', args, { encoding: 'utf8', env }));
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

export async function benchHdf5(repetitions: number): Promise<void> {
  const rows: Record<string, Record<string, string>> = {};
  for (const size of [512, 1024] as const) {
    for (const compression of ['none', 'bslz4']) {
      const frames = framesOf(size); // not looked into yet: then the codec needs no copy
      const rates = { ours: [] as number[], 'ours with SHA-256': [] as number[], h5py: [] as number[] };
      for (let repetition = 0; repetition < repetitions; repetition++) {
        const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'pvaflow-bench-'));
        try {
          rates.h5py.push(h5py(size, compression, folder));
          rates.ours.push(await ours(frames, COUNTS[size], optionsFor(join(folder, 'a'), compression, 'none')));
          rmSync(join(folder, 'a'), { recursive: true });
          const checked = optionsFor(join(folder, 'b'), compression, 'sha256');
          rates['ours with SHA-256'].push(await ours(frames, COUNTS[size], checked));
        } finally {
          rmSync(folder, { recursive: true });
        }
      }
      const medians = Object.entries(rates).map(([name, values]) => [name, median(values)] as const);
      const ratio = (median(rates.ours) / median(rates.h5py)).toFixed(2);
      rows[`${size}² ${size === 512 ? 'uint8' : 'uint16'}, ${compression}`] = {
        ...Object.fromEntries(medians.map(([name, rate]) => [`${name}, frames/s`, rate.toFixed(0)])),
        'ours / h5py': ratio,
      };
    }
  }
  console.table(rows);
}
