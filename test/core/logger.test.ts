import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { captureLog, configureLogging, getLogger, type LogEntry } from '../../src/core/logger.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pvaflow-log-'));
});
afterEach(() => {
  configureLogging({});
  rmSync(folder, { recursive: true });
});

it('writes one line of text per entry, with time, level and name', () => {
  const file = join(folder, 'deeper', 'run.log');
  const logger = getLogger('reader');
  configureLogging({ file });
  logger.info('got %d frames', 3);
  logger.debug('not shown');
  expect(readFileSync(file, 'utf8')).toMatch(
    /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] INFO \(reader\): got 3 frames\n$/,
  );
});

it('writes JSON when asked, and takes the names of levels that pvaPy has', () => {
  const file = join(folder, 'run.log');
  configureLogging({ file, format: 'json', level: 'warning' });
  getLogger('reader').info('not shown');
  getLogger('reader').warn({ channel: 'X' }, 'late');
  const [line, rest] = readFileSync(file, 'utf8').split('\n');
  expect(JSON.parse(line as string)).toMatchObject({ level: 40, name: 'reader', channel: 'X', msg: 'late' });
  expect(rest).toBe('');
});

it('says which file cannot be written', () => {
  expect(() => configureLogging({ file: join(folder, '.') })).toThrow(`cannot write the log file ${folder}`);
});

it('hands what is logged to those that capture it, each from its level on, and not to the file', () => {
  const file = join(folder, 'run.log');
  configureLogging({ file, level: 'warn' });
  const [all, some]: [LogEntry[], LogEntry[]] = [[], []];
  const endAll = captureLog('debug', (entry) => all.push(entry));
  const endSome = captureLog('error', (entry) => some.push(entry));
  getLogger('reader').debug('got %d', 3);
  getLogger('made while captured').error('late');
  endAll();
  getLogger('reader').debug('for nobody');
  getLogger('reader').error('lost');
  endSome();
  getLogger('reader').info('not shown');
  getLogger('reader').warn('shown');
  expect(all).toEqual([
    { level: 'debug', name: 'reader', message: 'got 3' },
    { level: 'error', name: 'made while captured', message: 'late' },
  ]);
  expect(some.map(({ message }) => message)).toEqual(['late', 'lost']);
  expect(readFileSync(file, 'utf8')).toMatch(/^\[.*\] WARN \(reader\): shown\n$/);
});
