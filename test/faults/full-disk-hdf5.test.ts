import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor } from 'pvaflow';
import { expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { Hdf5Reader } from '../peers/hdf5.js';
import { usePeers } from '../peers/peers.js';
import { run } from '../processor/running.js';

configureLogging({ level: 'silent' });
const peers = usePeers();

function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

it(
  'frames fail while a disk is full or read-only, and are written again afterwards',
  { timeout: 120_000 },
  async (ctx) => {
    const folder = mkdtempSync(join(tmpdir(), 'pvaflow-hdf5-full-'));
    if (!mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder)) {
      rmSync(folder, { recursive: true });
      return ctx.skip('a small file system cannot be mounted by this user');
    }
    try {
      const args = { outputDirectory: folder, retryInterval: 0, nImagesPerFile: 100, checksum: 'none' };
      const processor = await loadProcessor({ className: 'Hdf5AdImageWriter', args });
      const { process } = await run(processor, args);
      let id = 0;
      const frame = () => generateNtNdArray2D(++id, ndarray(new Uint8Array(65_536).fill(id), [256, 256]));
      /** One by one, so that what is written before the failure is known. @returns codes of failures */
      const write = async (count: number) => {
        const codes: string[] = [];
        for (let i = 0; i < count; i++)
          await process(frame()).catch((error: { code: string }) => codes.push(error.code));
        return codes;
      };
      writeFileSync(join(folder, 'filler'), Buffer.alloc(1_000_000));
      const full = await write(20);
      expect(full.length).toBeGreaterThan(0);
      expect(full.length).toBeLessThan(20);
      expect(new Set(full)).toEqual(new Set(['PVAFLOW_FILE_ENOSPC']));
      rmSync(join(folder, 'filler'));
      expect(await write(3)).toEqual([]);
      await processor.stop();
      const saved = 23 - full.length;
      expect(processor.getStats()).toMatchObject({ nFramesSaved: saved, nFramesFailed: full.length });
      const reader = await Hdf5Reader.start(peers);
      const files = readdirSync(folder)
        .filter((name) => name.endsWith('.hdf'))
        .sort();
      const contents = await reader.read(files.map((name) => join(folder, name)));
      const firstPixels = contents.flatMap(({ images }) =>
        Buffer.from(images?.hex ?? '', 'hex').filter((_, i) => i % 65_536 === 0),
      );
      expect([...Buffer.concat(firstPixels)]).toEqual([...range(1, 20 - full.length), ...range(21, 3)]);

      expect(mount('-o', 'remount,ro', folder)).toBe(true);
      expect(await write(1)).toEqual(['PVAFLOW_FILE_EROFS']);
      expect(mount('-o', 'remount,rw', folder)).toBe(true);
      expect(await write(1)).toEqual([]);
      await processor.stop();
      expect(processor.getStats()).toMatchObject({ nFramesSaved: saved + 1, nFramesFailed: full.length + 1 });
    } finally {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true });
    }
  },
);

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
