import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Coverage } from '../../../src/hpc/consumers/coverage.js';
import type { Losses } from '../../../src/hpc/loss-report.js';
import { ReceivedIds } from '../../../src/hpc/ids/received-ids.js';

function idsOf({ ids }: Losses): number[] {
  return ids.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
}

describe('what several consumers received together', () => {
  it('has no gap when they took turns, however late one tells', () => {
    const coverage = new Coverage();
    coverage.add([{ first: 1, length: 3, period: 6, count: 100 }]);
    expect(coverage.gaps(Infinity).before.count).toBe(99 * 3);
    coverage.add([{ first: 4, length: 3, period: 6, count: 100 }]);
    expect(coverage.gaps(Infinity).before).toEqual({ count: 0, ids: [], unlisted: 0 });
    expect([coverage.firstId, coverage.lastId]).toEqual([1, 600]);
  });

  it('leaves out what nobody received, whoever received the rest and in whatever order it is told', () => {
    const received = fc.array(fc.array(fc.integer({ min: 1, max: 60 })), { minLength: 1 });
    fc.assert(
      fc.property(received, fc.integer({ min: 0, max: 61 }), (consumers, last) => {
        const coverage = new Coverage();
        const all = new Set(consumers.flat());
        for (const ids of consumers) {
          const record = new ReceivedIds();
          for (const id of ids) record.add(id);
          coverage.add(record.take());
        }
        const [first, end] = [Math.min(...all), Math.max(...all)];
        const gaps = all.size === 0 ? [] : range(first, end).filter((id) => !all.has(id));
        const { before, after } = coverage.gaps(last);
        expect(idsOf(before)).toEqual(gaps.filter((id) => id <= last));
        expect(idsOf(after)).toEqual(gaps.filter((id) => id > last));
        expect([before.count, after.count]).toEqual([idsOf(before).length, idsOf(after).length]);
      }),
    );
  });

  it('has no gap where something may have been received, nor because of it', () => {
    const coverage = new Coverage();
    coverage.addPossible([{ first: 1, length: 2, period: 8, count: 100 }]);
    expect(coverage.gaps(Infinity).before.count).toBe(0);
    coverage.add([{ first: 7, length: 1, period: 3, count: 2 }]);
    coverage.add([{ first: 14, length: 1, period: 0, count: 1 }]);
    expect(idsOf(coverage.gaps(Infinity).before)).toEqual([8, 11, 12, 13]);
    expect([coverage.firstId, coverage.lastId]).toEqual([7, 14]);
  });

  it('counts gaps still when there are too many to list', () => {
    const coverage = new Coverage();
    coverage.add([{ first: 1, length: 1, period: 2, count: 300_000 }]);
    const { before } = coverage.gaps(Infinity);
    expect(before.count).toBe(299_999);
    expect(before.ids.length).toBeLessThanOrEqual(10_000);
    expect(before.unlisted).toBe(before.count - before.ids.length);
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
