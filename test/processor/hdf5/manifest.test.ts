import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Manifest } from '../../../src/processor/hdf5/manifest.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-manifest-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('adds whole lines, in their order, behind what is left of a line', async () => {
  const path = join(folder, 'below', 'manifest.jsonl');
  const manifest = new Manifest(path, false);
  await Promise.all([manifest.add({ a: 1 }), manifest.add({ a: 2 })]);
  writeFileSync(path, '{"a":', { flag: 'a' }); // for the rest there was no space
  await Promise.all([manifest.add({ a: 3 }), manifest.add({ a: 4 })]);
  expect(readFileSync(path, 'utf8').split('\n')).toEqual(['{"a":1}', '{"a":2}', '{"a":', '{"a":3}', '{"a":4}', '']);
});

it('names itself when it cannot be written', async () => {
  const manifest = new Manifest(folder, false);
  await expect(manifest.add({})).rejects.toMatchObject({ code: 'PVAFLOW_FILE_EISDIR' });
  await expect(manifest.add({})).rejects.toThrow(folder);
});
