import type { NumberArray } from '../../pva/normative/pixel-types.js';
import { specialized } from './specialized.js';

/** Adds pixels to sums, which have to be wide enough for them. */
export const addPixels = specialized((sums: NumberArray, pixels: NumberArray): void => {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (pixels[i] as number);
});

/** Adds 64-bit integers to sums of any size. */
export const addLong = specialized((sums: bigint[], pixels: BigInt64Array | BigUint64Array): void => {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as bigint) + (pixels[i] as bigint);
});
