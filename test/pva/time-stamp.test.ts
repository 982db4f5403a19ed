import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PvTimeStamp } from '../../src/index.js';

/** How near to the system's clock ours is kept, and a little. */
const TOLERANCE_MS = 3;

describe('PvTimeStamp', () => {
  it('prints all nanoseconds', () => {
    expect(new PvTimeStamp(1_795_229_076n, 88_786_602).toISOString()).toBe('2026-11-21T02:44:36.088786602Z');
    expect(new PvTimeStamp(-1n, 5).toISOString()).toBe('1969-12-31T23:59:59.000000005Z');
    expect(new PvTimeStamp(2n ** 62n, 0).toISOString()).toBe('4611686018427387904 s past epoch');
  });

  it('goes to a Date and back to the millisecond', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        const stamp = PvTimeStamp.fromDate(date);
        expect(stamp.toDate().getTime()).toBe(date.getTime());
        expect(stamp.nanoseconds).toBeGreaterThanOrEqual(0);
        expect(stamp.nanoseconds).toBeLessThan(1e9);
        expect(stamp.toISOString().startsWith(date.toISOString().slice(0, -1))).toBe(true);
      }),
    );
  });

  it('carries into the next second when rounding', () => {
    const stamp = PvTimeStamp.fromSeconds(1.9999999999);
    expect([stamp.secondsPastEpoch, stamp.nanoseconds]).toEqual([2n, 0]);
  });

  it('sorts', () => {
    const [a, b, c] = [new PvTimeStamp(1n, 999_999_999), new PvTimeStamp(2n, 0), new PvTimeStamp(2n, 1)];
    expect([c, a, b].sort((x, y) => x.compare(y))).toEqual([a, b, c]);
    expect(a.compare(new PvTimeStamp(1n, 999_999_999, 7))).toBe(0);
  });

  it('is exact in nanoseconds and near in seconds', () => {
    const stamp = new PvTimeStamp(1_795_229_076n, 500_000_001);
    expect(stamp.epochNanoseconds).toBe(1_795_229_076_500_000_001n);
    expect(stamp.seconds).toBeCloseTo(1_795_229_076.5, 6);
  });

  it('is now between two readings of the clock', () => {
    const before = Date.now();
    const now = PvTimeStamp.now().toDate().getTime();
    expect(now).toBeGreaterThanOrEqual(before - TOLERANCE_MS);
    expect(now).toBeLessThanOrEqual(Date.now() + TOLERANCE_MS);
  });
});
