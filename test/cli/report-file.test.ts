import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeReport } from '../../src/cli/report-file.js';
import { emptyReport } from '../../src/hpc/loss-report.js';

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-report-'));
process.chdir(folder);
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it('gives each of two runs that began in the same second a loss report of its own', () => {
  const report = { ...emptyReport(), startTime: '2026-11-21T10:00:00.000Z', overruns: 1 };
  const name = 'run-2026-11-21T10-00-00-1';
  expect(writeReport(report, undefined, '1')).toBe(`${name}.json`);
  expect(writeReport(report, undefined, '1')).toBe(`${name}-2.json`);
  expect(readdirSync(folder).sort()).toEqual([`${name}-2.json`, `${name}.json`]);
  expect(writeReport(report, 'mine.json', '1')).toBe('mine.json');
  expect(writeReport(report, 'mine.json', '1')).toBe('mine.json');
});
