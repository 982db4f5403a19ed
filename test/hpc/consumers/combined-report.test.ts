import { describe, expect, it } from 'vitest';
import { combinedReport, type ConsumerReport } from '../../../src/hpc/consumers/combined-report.js';
import { Coverage } from '../../../src/hpc/consumers/coverage.js';
import { sumReports } from '../../../src/hpc/consumers/sum-reports.js';
import { losses, none, reportOf } from './reports.js';

function consumer(firstId: number, lastId: number, changes: Partial<ConsumerReport> = {}): ConsumerReport {
  return { ...reportOf(firstId, lastId), nRestarts: 0, lastExit: '', ...changes };
}

/** The ids 1 to `last` but for some. */
function coverageOf(last: number, ...without: number[]): Coverage {
  const coverage = new Coverage();
  for (let id = 1; id <= last; id++)
    if (!without.includes(id)) coverage.add([{ first: id, length: 1, period: 0, count: 1 }]);
  return coverage;
}

describe('the report of several consumers', () => {
  it('is the sum when each has all frames', () => {
    const failed = { 'RangeError in x.process': { ...losses({ first: 3, last: 3, step: 1 }), message: 'no' } };
    const missed = losses({ first: 7, last: 8, step: 1 });
    const consumers = [consumer(1, 10, { failed }), consumer(5, 20, { failed, missed, expected: 18, nRestarts: 2 })];
    expect(combinedReport(consumers, undefined)).toMatchObject({
      expected: 28,
      received: 26,
      firstId: 1,
      lastId: 20,
      nRestarts: 2,
      missed,
      failed: { 'RangeError in x.process': { count: 2, ids: [{ first: 3 }, { first: 3 }], message: 'no' } },
      consumers,
    });
  });

  it('misses, of a shared stream, what nobody received', () => {
    const missed = losses({ first: 1, last: 2, step: 1 }); // what one of them believes
    const consumers = [consumer(1, 10, { received: 5, missed }), consumer(2, 10, { received: 4 })];
    const shared = { coverage: coverageOf(10, 6), settledId: 10 };
    expect(combinedReport(consumers, shared)).toMatchObject({
      expected: 10,
      received: 9,
      missed: losses({ first: 6, last: 6, step: 1 }),
    });
  });

  it('tells apart what was on its way when a shared stream was stopped', () => {
    const shared = { coverage: coverageOf(10, 6, 9), settledId: 8 };
    expect(combinedReport([consumer(1, 10, { received: 8 })], shared)).toMatchObject({
      expected: 9,
      missed: losses({ first: 6, last: 6, step: 1 }),
      notFetched: losses({ first: 9, last: 9, step: 1 }),
    });
  });

  it.each(['rewound', 'restarted', 'wrapped'] as const)('does not trust ids that began anew (%s)', (how) => {
    const shared = { coverage: coverageOf(10, 6), settledId: 10 };
    expect(combinedReport([consumer(1, 10, { [how]: 1 })], shared).missed).toEqual(none);
  });

  it('has no ids when nothing came', () => {
    const nothing = consumer(1, 0, { firstId: null, lastId: null });
    expect(combinedReport([nothing, nothing], undefined)).toMatchObject({ firstId: null, lastId: null, expected: 0 });
  });

  it('lists ids within limits, and counts them all', () => {
    const ids = Array.from({ length: 6000 }, (_, at) => ({ first: 2 * at, last: 2 * at, step: 1 }));
    const { missed } = sumReports([
      reportOf(1, 1, { missed: losses(...ids) }),
      reportOf(1, 1, { missed: losses(...ids) }),
    ]);
    expect(missed.count).toBe(12_000);
    expect(missed.ids).toHaveLength(10_000);
    expect(missed.unlisted).toBe(2000);
  });
});
