import { describe, expect, it } from 'vitest';
import { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import { PvObject } from '../../src/pva/pv-object.js';
import { structure } from '../../src/pva/pv-type.js';
import { timesOf } from '../../src/pva/times.js';

const stamped = (seconds: bigint, nanoseconds: number) =>
  NtScalar.from(1, { timeStamp: true }).set('timeStamp', { secondsPastEpoch: seconds, nanoseconds });

describe('timesOf', () => {
  it('reads the time stamps of many objects, whatever else they are', () => {
    const other = new PvObject(
      { timeStamp: structure({ secondsPastEpoch: 'uint' }) },
      { timeStamp: { secondsPastEpoch: 7 } },
    );
    const objects = [stamped(1_800_000_000n, 999_999_999), new PvObject({ value: 'int' }), other, stamped(-5n, 0)];
    const expected = [1_800_000_000, 999_999_999, NaN, NaN, 7, NaN, -5, 0];
    expect([...timesOf(objects).subarray(0, 8)]).toEqual(expected);
  });

  it('reads any number of them', () => {
    const times = timesOf(Array.from({ length: 1000 }, (_, i) => stamped(BigInt(i), i)));
    expect([times[1998], times[1999]]).toEqual([999, 999]);
    expect(timesOf([])).toBeInstanceOf(Float64Array);
  });

  it('refuses what was released', () => {
    const gone = stamped(1n, 1);
    gone.release();
    expect(() => timesOf([gone])).toThrow('released');
  });
});
