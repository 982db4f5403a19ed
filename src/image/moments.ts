import { kernels } from '../pva/kernels.js';
import type { PixelArray } from '../pva/normative/pixel-types.js';

/** Of the values that are finite; 64-bit integers are taken as doubles. */
export interface PixelMoments {
  readonly count: number;
  /** Infinity when there is none. */
  readonly min: number;
  /** Places of the first of the smallest, and of the first of the largest. */
  readonly minAt: number;
  readonly max: number;
  readonly maxAt: number;
  readonly total: number;
  /** A value, and the sum of the squares of the distances from it. */
  readonly origin: number;
  readonly squares: number;
}

/** Written anew for each image. */
const figures = new Float64Array(8);

export function pixelMoments(data: PixelArray): PixelMoments {
  kernels.moments(data, figures);
  const [count = 0, min = 0, minAt = 0, max = 0, maxAt = 0, total = 0, origin = 0, squares = 0] = figures;
  return { count, min, minAt, max, maxAt, total, origin, squares };
}
