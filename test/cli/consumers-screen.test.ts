import { describe, expect, it } from 'vitest';
import { consumersScreen, type ConsumersMoment } from '../../src/cli/consumers/screen.js';
import { combinedReport } from '../../src/hpc/consumers/combined-report.js';
import { completeConfig } from '../../src/hpc/consumer-config.js';
import type { ConsumerState } from '../../src/hpc/consumers/consumers.js';
import type { ConsumerSnapshot } from '../../src/hpc/consumer.js';
import type { ChildStats } from '../../src/supervisor/child-spec.js';
import { losses, reportOf } from '../hpc/consumers/reports.js';

const title = { inputChannel: '13SIM1:Pva1:Image', outputChannel: 'thr:*:image' };

function state(consumerId: number, lastId: number, child: Partial<ChildStats> = {}): ConsumerState {
  const snapshot = { isConnected: true, input: { bytes: lastId * 1e6 }, pipeline: { queue: { length: 7 } } };
  return {
    config: completeConfig({ consumerId, channels: { input: 'in' } }),
    child: {
      name: `consumer-${consumerId}`,
      state: 'running',
      pid: 1,
      isResponding: true,
      nRestarts: 0,
      lastExit: '',
      restartInMs: undefined,
      ...child,
    },
    snapshot: child.state === 'waiting' ? undefined : (snapshot as ConsumerSnapshot),
    report: reportOf(1, lastId, { missed: losses({ first: 5, last: 6, step: 1 }) }),
    processors: ['threshold'],
  };
}

function moment(at: number, ...states: ConsumerState[]): ConsumersMoment {
  const reports = states.flatMap(({ report }) => (report ? [{ ...report, nRestarts: 0, lastExit: '' }] : []));
  return { at, states, report: combinedReport(reports, undefined) };
}

const down = { state: 'waiting', restartInMs: 3200, lastExit: 'SIGKILL', nRestarts: 2 } as const;
const before = moment(0, state(1, 1000), state(2, 1000));
const now = moment(2000, state(1, 3000), state(2, 1000, down));

describe('the screen of several consumers', () => {
  it('has a line for each, one for all, and says what is out of the ordinary', () => {
    const lines = consumersScreen(title, before, now, { columns: 100, rows: 24 });
    expect(lines[0]).toMatch(
      /^2 consumers {2}13SIM1:Pva1:Image → threshold → thr:\*:image +1 running \d\d+:\d\d:\d\d$/,
    );
    expect(lines.slice(1)).toEqual([
      '  id    received       fps  missed failed rejected queued restarts   published        rate',
      '   1       3,000   1,000.0       2      0        0      7        0       3,000   1.00 GB/s',
      expect.stringMatching(/^ {3}2 {7}1,000 +0\.0 {7}2 .* {2}SIGKILL: starts again in 4 s$/),
      ' all       4,000   1,000.0       4      0        0      7        2       4,000   1.00 GB/s',
    ]);
  });

  it.each([80, 40])('fits into %d columns', (columns) => {
    const lines = consumersScreen(title, before, now, { columns, rows: 24 });
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(lines[1]).toMatch(/^ {2}id {4}received {7}fps {2}missed/);
    expect(lines[3]).toContain('SIGKILL: starts again in 4 s');
  });

  it('leaves out consumers that the terminal has no room for, but not the sum', () => {
    const many = moment(0, ...Array.from({ length: 30 }, (_, at) => state(at + 1, 10)));
    const lines = consumersScreen(title, many, many, { columns: 80, rows: 10 });
    expect(lines).toHaveLength(9);
    expect(lines.at(-2)).toBe('  … and 25 more consumers');
    expect(lines.at(-1)).toMatch(/^ all +300 /);
  });

  it.each([
    [{ isResponding: false }, 'does not respond'],
    [{ state: 'starting' }, 'starting'],
    [{ state: 'ended' }, 'ended'],
  ] as const)('says of %j: %s', (child, text) => {
    const lines = consumersScreen(title, before, moment(1, state(1, 1, child)), { columns: 80, rows: 24 });
    expect(lines[2]).toMatch(new RegExp(`  ${text}$`));
  });
});
