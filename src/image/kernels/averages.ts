/** Loops of moving averages. `sum` and `average` are kept from image to image; 64-bit integers beyond 2^53 are rounded. */
import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import type { Pixels } from '../image-view.js';
import { specialized } from './specialized.js';

/**
 * Puts an image into a ring of images in the place of the oldest, of integers up to 32 bits, and writes the mean of `count`.
 *
 * @param start where the oldest is in the ring; all zero when the ring is not full
 */
export const slideIntegers = specialized(
  (
    sum: Float64Array,
    ring: NumberArray,
    start: number,
    source: NumberArray,
    target: NumberArray,
    count: number,
  ): void => {
    for (let i = 0; i < target.length; i++) {
      const value = source[i] as number;
      const next = (sum[i] as number) + value - (ring[start + i] as number);
      ring[start + i] = value;
      sum[i] = next;
      target[i] = next / count;
    }
  },
);

/** The same for all types. A sum that is not finite is made anew, because it would stay so when its cause has left the ring. */
export const slideFloats = specialized(
  (sum: Float64Array, ring: Pixels, start: number, source: Pixels, target: NumberArray, count: number): void => {
    const size = target.length;
    for (let i = 0; i < size; i++) {
      let next = (sum[i] as number) + Number(source[i]) - Number(ring[start + i]);
      ring[start + i] = source[i] as number;
      if (next - next !== 0) {
        next = 0;
        for (let at = i; at < ring.length; at += size) next += Number(ring[at]);
      }
      sum[i] = next;
      target[i] = next / count;
    }
  },
);

/** Makes the sums from `first` up to `last` anew, without what rounding has left in them. */
export const sumAnew = specialized((sum: Float64Array, ring: Pixels, first: number, last: number): void => {
  sum.fill(0, first, last);
  for (let start = 0; start < ring.length; start += sum.length)
    for (let i = first; i < last; i++) sum[i] = (sum[i] as number) + Number(ring[start + i]);
});

/** `average += (image - average) * weight`. NaN leaves the average as it is; where there is none yet the image is taken. */
export const moveAverage = specialized(
  (average: Float64Array, source: PixelArray, target: NumberArray, weight: number): void => {
    for (let i = 0; i < target.length; i++) {
      const value = Number(source[i]);
      let next = average[i] as number;
      if (value === value) next = next === next ? next + (value - next) * weight : value;
      average[i] = next;
      target[i] = next;
    }
  },
);
