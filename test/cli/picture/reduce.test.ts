import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import { rasterOf } from '../../../src/cli/picture/image-view.js';
import { reduce } from '../../../src/cli/picture/reduce.js';

const ramp = rasterOf(
  ndarray(
    Uint16Array.from({ length: 24 }, (_, i) => i),
    [4, 6],
  ),
); // 4 rows of 6

describe('reduce', () => {
  test('takes the mean of each box', () => {
    expect([...reduce(ramp, { width: 3, height: 2 }, 'mean')]).toEqual([3.5, 5.5, 7.5, 15.5, 17.5, 19.5]);
  });

  test('keeps a spot that is smaller than a point, by the maximum', () => {
    const data = new Float32Array(100);
    data[57] = 9;
    const points = reduce(rasterOf(ndarray(data, [10, 10])), { width: 2, height: 2 }, 'max');
    expect([...points]).toEqual([0, 0, 0, 9]);
  });

  test('takes one pixel of each box', () => {
    expect([...reduce(ramp, { width: 2, height: 1 }, 'nearest')]).toEqual([7, 10]);
  });

  test.each(['mean', 'max', 'nearest'] as const)('shows each pixel when the size is the same (%s)', (reduction) => {
    expect([...reduce(ramp, { width: 6, height: 4 }, reduction)]).toEqual(Array.from(ramp.data));
  });

  test('repeats pixels when the size is larger', () => {
    const small = rasterOf(ndarray(Int8Array.of(-1, 2), [1, 2]));
    expect([...reduce(small, { width: 4, height: 2 }, 'mean')]).toEqual([-1, -1, 2, 2, -1, -1, 2, 2]);
  });

  test('leaves out what is not a number', () => {
    const image = rasterOf(ndarray(Float64Array.of(NaN, 1, Infinity, 3, NaN, NaN), [1, 6]));
    expect([...reduce(image, { width: 3, height: 1 }, 'mean')]).toEqual([1, 3, NaN]);
    expect([...reduce(image, { width: 3, height: 1 }, 'max')]).toEqual([1, 3, NaN]);
  });

  test('follows the strides of a colour image', () => {
    const planes = ndarray(Uint8Array.of(1, 2, 3, 4, 10, 20, 30, 40, 100, 110, 120, 130), [3, 2, 2]).transpose(1, 2, 0);
    expect([...reduce(rasterOf(planes), { width: 1, height: 2 }, 'mean')]).toEqual([1.5, 15, 105, 3.5, 35, 125]);
  });

  test('takes 64-bit pixels', () => {
    const image = rasterOf(ndarray(BigInt64Array.of(-4n, 2n ** 40n), [2, 1]));
    expect([...reduce(image, { width: 1, height: 2 }, 'mean')]).toEqual([-4, 2 ** 40]);
  });
});
