import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import { rasterOf } from '../../../src/cli/picture/image-view.js';
import { extremes, rangeOf } from '../../../src/cli/picture/range.js';

const of = (data: Float64Array | Int16Array, shape: number[]) => rasterOf(ndarray(data, shape));

describe('extremes', () => {
  test('leaves out what is not finite', () => {
    expect(extremes(of(Float64Array.of(NaN, -3, Infinity, 7, -Infinity, 0), [2, 3]))).toEqual({ low: -3, high: 7 });
  });

  test('has none for an image without a number', () => {
    expect(extremes(of(Float64Array.of(NaN, NaN), [1, 2]))).toEqual({ low: NaN, high: NaN });
  });

  test('looks only at the pixels of a view', () => {
    const view = ndarray(Int16Array.of(9, 1, 9, 9, 2, 9), [2, 3])
      .lo(0, 1)
      .hi(2, 1);
    expect(extremes(rasterOf(view))).toEqual({ low: 1, high: 2 });
  });
});

describe('rangeOf', () => {
  const ramp = of(
    Float64Array.from({ length: 1001 }, (_, i) => (i === 500 ? 1e9 : i)),
    [1, 1001],
  );

  test('by percentiles is not led by one hot pixel', () => {
    expect(rangeOf(ramp, 'percentile', extremes(ramp))).toEqual({ low: 5, high: 996 });
  });

  test('by the extremes is', () => {
    expect(rangeOf(ramp, 'minmax', extremes(ramp))).toEqual({ low: 0, high: 1e9 });
  });

  test('is the one that was given', () => {
    expect(rangeOf(ramp, { low: 1, high: 2 }, extremes(ramp))).toEqual({ low: 1, high: 2 });
  });

  test('takes the extremes when a small spot stands on a flat field', () => {
    const data = new Int16Array(10_000);
    data[5_000] = 300;
    const image = of(data, [100, 100]);
    expect(rangeOf(image, 'percentile', extremes(image))).toEqual({ low: 0, high: 300 });
  });
});
