/** Files of images when calls of the system fail: each frame is in a file, or refused, or counted as lost. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Hdf5Reader } from '../peers/hdf5.js';
import { projectRoot } from '../peers/install.js';
import { usePeers } from '../peers/peers.js';
import { compileFault } from './disk-fault.js';
import type { Case, Outcome } from './fixtures/failing-calls.js';

const peers = usePeers();
const fixture = fileURLToPath(new URL('fixtures/failing-calls.ts', import.meta.url));

/** What is expected of a case. */
interface Expected {
  readonly refused: readonly number[];
  /** Frames that were handed on before. */
  readonly lost: number;
  /** Files that are not complete, or not in the manifest. */
  readonly nFileErrors: number;
}

const all = [1, 2, 3, 4, 5];
const nothingLost = { refused: [], lost: 0 };
const hdf5: readonly (readonly [call: string, at: number, args: object, Expected])[] = [
  ['open', 1, {}, { refused: all, lost: 0, nFileErrors: 5 }],
  ['open', 4, {}, { ...nothingLost, nFileErrors: 1 }], // for the checksum
  ['ftruncate', 1, {}, { refused: all, lost: 0, nFileErrors: 5 }],
  ['ftruncate', 4, {}, { ...nothingLost, nFileErrors: 1 }],
  ['fdatasync', 1, {}, { refused: all, lost: 0, nFileErrors: 5 }],
  ['fdatasync', 4, {}, { refused: [], lost: 5, nFileErrors: 1 }],
  ['fsync', 1, {}, { refused: all, lost: 0, nFileErrors: 5 }],
  ['fsync', 4, {}, { ...nothingLost, nFileErrors: 0 }],
  ['link', 1, {}, { refused: all, lost: 0, nFileErrors: 5 }],
  ['no links', 1, {}, { ...nothingLost, nFileErrors: 0 }],
  ['rename', 1, { existingFiles: 'overwrite' }, { refused: all, lost: 0, nFileErrors: 5 }],
  ['close', 4, {}, { ...nothingLost, nFileErrors: 1 }],
  ['close', 4, { durability: 'none' }, { refused: [], lost: 5, nFileErrors: 1 }],
  ['EIO', 1, {}, { refused: all, lost: 0, nFileErrors: 5 }],
  ['EIO', 4, {}, { refused: [4, 5], lost: 3, nFileErrors: 2 }],
];

it('has each frame in a file, or tells that it is lost, whichever call fails', { timeout: 180_000 }, async () => {
  const args = { retryInterval: 0, nImagesPerFile: 1000, flushInterval: 1000 };
  const cases = hdf5.map(([call, at, more]): Case => {
    return { className: 'Hdf5AdImageWriter', call, at, args: { ...args, ...more } };
  });
  await outcomes(cases, async (found) => {
    expect(found.map(({ refused, stats }) => [refused, stats.nFileErrors])).toEqual(
      hdf5.map(([, , , { refused, nFileErrors }]) => [refused, nFileErrors]),
    );
    const reader = await Hdf5Reader.start(peers);
    for (const [at, outcome] of found.entries()) {
      const [call, , , { lost, nFileErrors }] = hdf5[at] as (typeof hdf5)[number];
      const { folder, files, refused, published, stats, errors, stopError } = outcome;
      const readable = await idsIn(reader, folder, files);
      const label = { call, at };
      expect({ ...label, nFramesSaved: stats.nFramesSaved, nFramesFailed: stats.nFramesFailed }).toEqual({
        ...label,
        nFramesSaved: 7 - refused.length - lost,
        nFramesFailed: refused.length + lost,
      });
      expect({ ...label, isTold: stopError.includes(`${lost} frames could not be saved`) }).toEqual({
        ...label,
        isTold: lost > 0,
      });
      expect({ ...label, isLogged: errors.length > 0 }).toEqual({ ...label, isLogged: nFileErrors > 0 });
      expect(published).toEqual([...all, 6, 7].filter((id) => !refused.includes(id)));
      if (lost === 0) expect(readable).toEqual(published);
      expect(files.filter((name) => name.startsWith('.'))).toEqual([]);
    }
  });
});

it('fails the frames of image files for which a call fails, and saves the next', { timeout: 120_000 }, async () => {
  const calls = ['open', 'fdatasync', 'fsync', 'rename', 'close', 'EIO'];
  const cases = calls.map((call): Case => ({ className: 'AdOutputFileProcessor', call, at: 4 }));
  cases.push({ className: 'AdOutputFileProcessor', call: 'link', at: 4, args: { existingFiles: 'number' } });
  await outcomes(cases, (found) => {
    for (const { refused, codes, published, files, stats } of found) {
      expect({ refused, codes, published }).toEqual({
        refused: [4, 5],
        codes: ['PVAFLOW_FILE_EIO', 'PVAFLOW_FILE_EIO'],
        published: [1, 2, 3, 6, 7],
      });
      expect(files).toEqual(expect.arrayContaining([1, 2, 3, 6, 7].map((id) => `00000${id}.3.tiff`)));
      expect(files.filter((name) => name.startsWith('.'))).toEqual([]);
      expect(stats).toMatchObject({ nFilesSaved: 5, nFileErrors: 2 });
    }
  });
});

it('needs no hard links to number files, or to refuse names that are taken', { timeout: 120_000 }, async () => {
  const at = 1;
  const args = (existingFiles: string) => ({ existingFiles, outputFileNameFormat: 'a.tiff' });
  const className = 'AdOutputFileProcessor';
  const cases = ['number', 'refuse'].map((rule): Case => ({ className, call: 'no links', at, args: args(rule) }));
  await outcomes(cases, ([numbered, refusing]) => {
    expect(numbered?.files).toEqual(['a.tiff', 'a_1.tiff', 'a_2.tiff', 'a_3.tiff', 'a_4.tiff', 'a_5.tiff', 'a_6.tiff']);
    expect(refusing?.files).toEqual(['a.tiff']);
    expect(new Set(refusing?.codes)).toEqual(new Set(['PVAFLOW_FILE_EEXIST']));
    expect(refusing).toMatchObject({ refused: [2, 3, 4, 5, 6, 7], published: [1] });
  });
});

/** Runs all cases in one process, and looks at what came of them while their files are there. */
async function outcomes(cases: readonly Case[], look: (found: Outcome[]) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-calls-'));
  try {
    const library = join(folder, 'disk-fault.so');
    compileFault(library);
    const env = { ...process.env, LD_PRELOAD: library, DISK_FAULT: join(folder, 'fault') };
    const args = ['--import', 'tsx', fixture, folder, JSON.stringify(cases)];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: projectRoot, env });
    if (status !== 0) throw new Error(stderr);
    await look(JSON.parse(stdout) as Outcome[]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function idsIn(reader: Hdf5Reader, folder: string, files: readonly string[]): Promise<number[]> {
  const names = files.filter((name) => name.endsWith('.hdf')).map((name) => join(folder, name));
  const contents = await reader.read(names);
  return contents.flatMap((file) => {
    const bytes = Buffer.from(file['entry/instrument/detector/uniqueId']?.hex ?? '', 'hex');
    return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i));
  });
}
