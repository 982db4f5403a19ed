import { describe, expect, it } from 'vitest';
import { chainReport, type PartAccount } from '../../../src/hpc/chain/chain-report.js';
import { largestOf, sizeOf, without } from '../../../src/hpc/chain/id-sets.js';
import { Coverage } from '../../../src/hpc/consumers/coverage.js';
import { emptyReport, type FrameReport } from '../../../src/hpc/loss-report.js';

const range = (first: number, last: number, step = 1) => ({ first, last, step });

/** A part that received these ids, one range after the other. */
function part(name: string, ranges: [number, number][], changes: Partial<PartAccount> & { figures?: object } = {}) {
  const coverage = new Coverage();
  coverage.add(ranges.map(([first, last]) => ({ first, length: last - first + 1, period: 0, count: 1 })));
  const received = sizeOf(coverage.ranges);
  const figures: Partial<FrameReport> = { received, expected: received, processed: received, published: received };
  const report = {
    ...emptyReport(),
    ...figures,
    ...changes.figures,
    ...{ consumerId: 1, inputChannel: 'in', stages: [name], nRestarts: changes.deaths ?? 0, lastExit: '' },
  };
  return {
    coverage,
    inWorkAtDeaths: [],
    arrived: received,
    deaths: 0,
    isSettled: true,
    knowsIds: true,
    ...changes,
    report,
  };
}

describe('the account of a chain', () => {
  it('is that of the first part at its input, and of the last at its output', () => {
    const filtered = { filtered: 60, processed: 40, published: 40 };
    const parts = [
      part('a', [[1, 100]]),
      part('b', [[1, 100]], { figures: filtered }),
      part('c', [[61, 100]], { figures: { published: 38 } }),
    ];
    expect(chainReport(parts, [])).toMatchObject({
      ...{ expected: 100, received: 100, filtered: 60, processed: 40, published: 38, inFlight: 0, failed: {} },
    });
  });

  it('tells what is on its way while it runs, and what was lost between parts when they have ended', () => {
    const running = [part('a', [[1, 100]], { isSettled: false }), part('b', [[1, 90]], { isSettled: false })];
    expect(chainReport(running, [])).toMatchObject({ processed: 90, inFlight: 10, failed: {} });
    const ended = [part('a', [[1, 100]]), part('b', [[1, 90]])];
    expect(chainReport(ended, [])).toMatchObject({
      ...{ processed: 90, inFlight: 0 },
      failed: { 'lost between parts': { count: 10, ids: [range(91, 100)], unlisted: 0 } },
    });
  });

  it('does not count what a part did before it died, and another saw, as lost', () => {
    const parts = [
      part('a', [[1, 200]]),
      part('b', [[1, 80], [121, 200]], { deaths: 1 }), // prettier-ignore
      part('c', [[1, 100], [121, 200]]), // prettier-ignore
    ];
    expect(chainReport(parts, [])).toMatchObject({
      ...{ received: 200, processed: 180, inFlight: 0, nRestarts: 1 },
      failed: { 'lost with the part b': { count: 20, ids: [range(101, 120)], unlisted: 0 } },
    });
  });

  it('names what was in work in the last part when it died', () => {
    const figures = { received: 100, processed: 97, published: 97 };
    const last = part('b', [[1, 100]], { deaths: 1, inWorkAtDeaths: [range(58, 60)], figures });
    expect(chainReport([part('a', [[1, 100]]), last], [])).toMatchObject({
      ...{ received: 100, processed: 97, inFlight: 0 },
      failed: { 'lost with the part b': { count: 3, ids: [range(58, 60)], unlisted: 0 } },
    });
    expect(largestOf([range(1, 10), range(21, 30)], 12)).toEqual([range(9, 10), range(21, 30)]);
  });

  it('tells what the first part missed while it was down from what it had not told of', () => {
    const parts = [part('a', [[1, 50], [91, 100]], { deaths: 1 }), part('b', [[1, 70], [91, 100]])]; // prettier-ignore
    expect(chainReport(parts, [range(51, 90)])).toMatchObject({
      ...{ expected: 100, received: 80, processed: 80, inFlight: 0, failed: {} },
      missed: { count: 20, ids: [range(71, 90)] },
    });
  });

  it('lists no ids where it cannot know which they are', () => {
    const filtered = { filtered: 50, processed: 50, published: 50 };
    const parts = [part('a', [[1, 100]], { figures: filtered, deaths: 1 }), part('b', [[51, 60], [66, 100]])]; // prettier-ignore
    expect(chainReport(parts, []).failed).toEqual({
      'lost with the part a': { count: 5, ids: [], unlisted: 5 },
    });
  });
});

describe('ids without others', () => {
  it.each([
    [[range(1, 10)], [range(3, 4), range(8, 20)], [range(1, 2), range(5, 7)]],
    [[range(1, 3)], [range(1, 3)], []],
    [[range(5, 6)], [range(1, 2), range(9, 9)], [range(5, 6)]],
    [[range(1, 9, 4)], [range(5, 6)], [range(1, 1), range(9, 9)]],
  ])('%j without %j', (ids, others, left) => {
    expect(without(ids, others)).toEqual(left);
  });
});
