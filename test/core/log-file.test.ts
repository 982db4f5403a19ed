import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFile } from '../../src/core/log-file.js';

let folder: string;
let path: string;
const lost: number[] = [];
const onLinesLost = (count: number) => void lost.push(count);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pvaflow-log-file-'));
  path = join(folder, 'run.log');
  lost.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

it('begins the file anew under its name when it was moved away', () => {
  const log = new LogFile(path, onLinesLost, 0);
  log.write('one\n');
  renameSync(path, join(folder, 'run.log.1'));
  log.write('two\n');
  unlinkSync(path);
  log.write('three\n');
  log.close();
  expect(readFileSync(join(folder, 'run.log.1'), 'utf8')).toBe('one\n');
  expect(readFileSync(path, 'utf8')).toBe('three\n');
  expect(lost).toEqual([]);
});

it('loses lines while the disk is full, and tells how many when there is room again', () => {
  symlinkSync('/dev/full', path);
  const log = new LogFile(path, onLinesLost, 0);
  for (let line = 0; line < 10_000; line++) log.write('lost\n');
  expect(lost).toEqual([]);
  unlinkSync(path);
  log.write('written\n');
  log.write('and the next\n');
  log.close();
  expect(lost).toEqual([10_000]);
  expect(readFileSync(path, 'utf8')).toBe('written\nand the next\n');
});

it('keeps on when the folder is gone', () => {
  const deeper = join(folder, 'deeper', 'run.log');
  const log = new LogFile(deeper, onLinesLost, 0);
  rmSync(join(folder, 'deeper'), { recursive: true });
  expect(() => log.write('nowhere\n')).not.toThrow();
  log.close();
});
