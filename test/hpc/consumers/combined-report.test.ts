import { describe, expect, it } from 'vitest';
import { combinedReport, type ConsumerReport } from '../../../src/hpc/consumers/combined-report.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import { sumReports } from '../../../src/hpc/consumers/sum-reports.js';
import { losses, none, reportOf } from './reports.js';

function consumer(firstId: number, lastId: number, changes: Partial<ConsumerReport> = {}): ConsumerReport {
  return { ...reportOf(firstId, lastId), nRestarts: 0, lastExit: '', ...changes };
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
    const shared = { missed: losses({ first: 6, last: 6, step: 1 }), notFetched: none, isCertain: true };
    const report = combinedReport(consumers, shared);
    expect(report).toMatchObject({ expected: 10, received: 9, missed: shared.missed });
    expect(report).not.toHaveProperty('notFetched');
    expect(report).not.toHaveProperty('missedUnknown');
  });

  it('tells apart what was on its way when a shared stream was stopped', () => {
    const [missed, notFetched] = [losses({ first: 6, last: 6, step: 1 }), losses({ first: 9, last: 9, step: 1 })];
    const report = combinedReport([consumer(1, 10, { received: 8 })], { missed, notFetched, isCertain: true });
    expect(report).toMatchObject({ expected: 9, missed, notFetched });
  });

  it.each([[{ missed: none, notFetched: none, isCertain: false }], ['unknown' as const]])(
    'is not lossless when it cannot be told what nobody received',
    (shared) => {
      const report = combinedReport([consumer(1, 10)], shared);
      expect(report.missedUnknown).toBe(true);
      expect(isLossless(report)).toBe(false);
    },
  );

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
