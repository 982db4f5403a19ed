import { describe, expect, it } from 'vitest';
import { ConsumerRecord } from '../../../src/hpc/consumers/consumer-record.js';
import type { ConsumerTaskStats } from '../../../src/hpc/consumers/consumer-task.js';
import type { LossReport } from '../../../src/hpc/loss-report.js';
import { sumReports } from '../../../src/hpc/consumers/sum-reports.js';
import { losses, reportOf } from './reports.js';

/** A record of a consumer that said these reports, and died after each but the last. */
function recordOf(step: number | undefined, ...reports: LossReport[]): ConsumerRecord {
  const record = new ConsumerRecord(step);
  for (const [at, report] of reports.entries()) {
    if (at > 0) record.onCrash();
    record.onStats({ report } as ConsumerTaskStats);
  }
  return record;
}

describe('the account of a consumer', () => {
  it('is not there before it said anything', () => {
    const record = new ConsumerRecord(1);
    record.onCrash();
    expect(record.report()).toBeUndefined();
  });

  it('is what it said last', () => {
    const record = recordOf(1, reportOf(1, 10));
    expect(record.report()).toEqual(reportOf(1, 10));
    record.onReport(reportOf(1, 12));
    expect(record.report()).toEqual(reportOf(1, 12));
  });

  it('goes on with the next run after one that failed, and reported', () => {
    const record = recordOf(1, reportOf(1, 9));
    record.onReport(reportOf(1, 10));
    record.onCrash();
    record.onStats({ report: reportOf(11, 20) } as ConsumerTaskStats);
    expect(record.report()).toMatchObject({ expected: 20, received: 20, firstId: 1, lastId: 20 });
  });

  it('goes over its restarts, with the frames in between as missed', () => {
    const first = reportOf(1, 10, { expected: 12, missed: losses({ first: 4, last: 5, step: 1 }) });
    expect(recordOf(1, first, reportOf(15, 20)).report()).toMatchObject({
      expected: 22,
      received: 16,
      firstId: 1,
      lastId: 20,
      missed: losses({ first: 4, last: 5, step: 1 }, { first: 11, last: 14, step: 1 }),
    });
  });

  it('knows of the frames that passed while it crashed again and again, before any came', () => {
    const none = reportOf(1, 0, { firstId: null, lastId: null, expected: 0, received: 0, processed: 0 });
    expect(recordOf(1, reportOf(1, 10), none, none, reportOf(15, 20)).report()).toMatchObject({
      expected: 20,
      received: 16,
      missed: losses({ first: 11, last: 14, step: 1 }),
    });
  });

  it('does not know what it received when it died before it told of any id', () => {
    const none = reportOf(1, 0, { firstId: null, lastId: null, expected: 0, received: 0, processed: 0 });
    expect(recordOf(1, none, reportOf(15, 20)).report()).toMatchObject({ missedUnknown: true });
    expect(recordOf(1, none, reportOf(1, 20)).report()).not.toHaveProperty('missedUnknown'); // it had received none
    expect(recordOf(1, reportOf(3, 9), none, reportOf(15, 20)).report()).not.toHaveProperty('missedUnknown');
    expect(sumReports([reportOf(1, 9), reportOf(3, 9, { missedUnknown: true })])).toHaveProperty('missedUnknown', true);
  });

  it('knows by how much the ids of its frames differ', () => {
    const report = recordOf(4, reportOf(1, 9), reportOf(21, 25)).report();
    expect(report?.missed).toEqual(losses({ first: 13, last: 17, step: 4 }));
  });

  it.each([
    ['it was behind a distributor', undefined, 15],
    ['nothing was missed', 1, 11],
    ['the ids began anew', 1, 3],
  ])('has no gap when %s', (_why, step, firstId) => {
    const report = recordOf(step, reportOf(1, 10), reportOf(firstId, 20)).report();
    expect(report?.missed.count).toBe(0);
  });

  it('counts as failed what was in it when it died', () => {
    const report = recordOf(1, reportOf(1, 10, { processed: 7, inFlight: 3 }), reportOf(11, 20)).report();
    expect(report).toMatchObject({
      received: 20,
      processed: 17,
      inFlight: 0,
      failed: { 'the consumer died': { count: 3, ids: [], unlisted: 3 } },
    });
  });

  it('ends with its death when it is not started again', () => {
    const record = recordOf(1, reportOf(1, 10));
    record.onCrash();
    expect(record.latest).toBeUndefined();
    expect(record.report()).toEqual(reportOf(1, 10));
  });
});
