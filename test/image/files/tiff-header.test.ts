import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ColorMode } from 'pvaflow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tiffHeader } from '../../../src/image/files/tiff-header.js';
import { runPython } from './images.js';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-tiff-'))));
afterAll(() => rmSync(folder, { recursive: true }));

it('is that of a BigTIFF where offsets of 32 bits do not reach', () => {
  const path = join(folder, 'big.tiff');
  const image = { nx: 70_000, ny: 70_001, colorMode: ColorMode.Mono, dtype: 'uint8', bytesPerSample: 1 } as const;
  const header = tiffHeader(image);
  const file = openSync(path, 'w'); // with a hole, which takes no room on the disk
  writeSync(file, header);
  ftruncateSync(file, header.length + image.nx * image.ny);
  writeSync(file, Uint8Array.of(1, 2, 3), 0, 3, header.length + image.nx * image.ny - 3);
  closeSync(file);
  expect(JSON.parse(runPython('read_big_tiff.py', [path], ''))).toEqual({
    isBig: true,
    shape: [70_001, 70_000],
    dtype: 'uint8',
    first: [0, 0, 0],
    last: [1, 2, 3],
  });
});

it('lets the pixels begin where a view of any type may', () => {
  for (const dtype of ['uint8', 'float64'] as const)
    for (const colorMode of Object.values(ColorMode))
      expect(
        tiffHeader({ nx: 3, ny: 5, colorMode, dtype, bytesPerSample: dtype === 'uint8' ? 1 : 8 }).length % 16,
      ).toBe(0);
});
