import type { NumberArray } from '../../pva/normative/pixel-types.js';
import { specialized } from './specialized.js';

/**
 * Adds pixels to sums, which have to be wide enough for them. Four in each turn: once in a turn V8 looks whether the arrays have been given
 * back, which takes as long as an addition.
 */
export const addPixels = specialized((sums: NumberArray, pixels: NumberArray): void => {
  const size = sums.length;
  let i = 0;
  for (; i < size - 3; i += 4) {
    sums[i] = (sums[i] as number) + (pixels[i] as number);
    sums[i + 1] = (sums[i + 1] as number) + (pixels[i + 1] as number);
    sums[i + 2] = (sums[i + 2] as number) + (pixels[i + 2] as number);
    sums[i + 3] = (sums[i + 3] as number) + (pixels[i + 3] as number);
  }
  for (; i < size; i++) sums[i] = (sums[i] as number) + (pixels[i] as number);
});

/** Adds 64-bit integers to sums of any size. */
export const addLong = specialized((sums: bigint[], pixels: BigInt64Array | BigUint64Array): void => {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as bigint) + (pixels[i] as bigint);
});
