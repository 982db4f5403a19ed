import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checksumOfFile, ChecksumProgress } from '../../src/pva/checksum.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-checksum-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(contents: string | Uint8Array): string {
  const path = join(folder, 'a file');
  writeFileSync(path, contents);
  return path;
}

/** As `xxh64sum` prints them. */
it.each([
  ['', 'ef46db3751d8e999'],
  ['abc', '44bc2cf5ad770999'],
])('of %j is, with xxh64, %s', async (contents, expected) => {
  expect(await checksumOfFile(file(contents), 'xxh64')).toBe(expected);
});

it.each([0, 1, 262_144, 1_000_003])('is, with sha256, that of all %i bytes', async (size) => {
  const bytes = new Uint8Array(size).map((_, i) => i * 31);
  const path = file(bytes);
  expect(await checksumOfFile(path, 'sha256')).toBe(createHash('sha256').update(bytes).digest('hex'));
  const sum = await checksumOfFile(path, 'xxh64');
  const progress = new ChecksumProgress();
  expect(await checksumOfFile(path, 'xxh64', progress)).toBe(sum);
  expect(progress.bytes).toBe(262_144 * Math.ceil(size / 262_144));
  bytes[size - 1] = 255;
  if (size > 0) expect(await checksumOfFile(file(bytes), 'xxh64')).not.toBe(sum);
});

it('refuses what cannot be read, and algorithms that are not known', async () => {
  const missing = join(folder, 'missing');
  await expect(checksumOfFile(missing, 'xxh64')).rejects.toMatchObject({
    code: 'PVAFLOW_FILE_CHECKSUM',
    message: expect.stringContaining(`${missing}: No such file`) as string,
  });
  await expect(checksumOfFile(folder, 'sha256')).rejects.toMatchObject({ code: 'PVAFLOW_FILE_CHECKSUM' });
  await expect(checksumOfFile(missing, 'md5' as 'xxh64')).rejects.toMatchObject({ code: 'PVAFLOW_OPTION' });
});
