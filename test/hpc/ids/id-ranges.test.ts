import { describe, expect, it } from 'vitest';
import { IdRanges } from '../../../src/hpc/ids/id-ranges.js';

const LIMIT = 10_000;

describe('ids as ranges', () => {
  it('are put together, and taken out one by one', () => {
    const ranges = new IdRanges();
    for (const id of [1, 2, 3, 7]) ranges.add({ first: id, last: id, step: 1 });
    expect(ranges.remove(2)).toBe(true);
    expect(ranges.remove(2)).toBe(false);
    expect(ranges.list.map(({ first, last }) => [first, last])).toEqual([[1, 1], [3, 3], [7, 7]]); // prettier-ignore
  });

  it('are within a limit however they are split; of the others the number is known', () => {
    const ranges = new IdRanges();
    ranges.add({ first: 1, last: 3 * LIMIT, step: 1 });
    const even = Array.from({ length: 1.5 * LIMIT - 1 }, (_, at) => 2 * at + 2);
    expect(even.filter((id) => ranges.remove(id))).toEqual(even);
    expect(ranges.list.length).toBeLessThanOrEqual(LIMIT);
    const listed = ranges.list.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    expect(listed + ranges.unlisted).toBe(3 * LIMIT - even.length);
  });
});
