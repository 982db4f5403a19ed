import { kernels } from '../../pva/kernels.js';
import type { PixelArray } from '../../pva/normative/pixel-types.js';
import { pixelMoments } from '../moments.js';

/**
 * How pixels become those of a file that cannot hold them: `clip` keeps values as they are where the file can hold them, takes the
 * nearest that it can hold elsewhere, and rounds; `scale` stretches a range over that of the file. What is no number becomes 0.
 */
export const conversions = ['clip', 'scale'] as const;
export type Conversion = (typeof conversions)[number];

/** From the value that becomes 0 to the one that becomes the largest. */
export type ValueRange = readonly [low: number, high: number];

/**
 * @param range for `scale`; by default the smallest and the largest value there are, infinities left out
 * @throws {RangeError} when that range is larger than a number can be
 */
export function convertPixels<T extends Uint8Array | Uint16Array>(
  data: PixelArray,
  target: T,
  conversion: Conversion,
  range?: ValueRange,
): T {
  const largest = 2 ** (8 * target.BYTES_PER_ELEMENT) - 1;
  const [low, high] = conversion === 'clip' ? [0, largest] : (range ?? extremes(data));
  const factor = high > low ? largest / (high - low) : 0;
  if (high > low && factor === 0) throw new RangeError(`pixels from ${low} to ${high} are too far apart to be scaled`);
  kernels.scale(data, target, low, factor);
  return target;
}

function extremes(data: PixelArray): ValueRange {
  const { count, min, max } = pixelMoments(data);
  return count > 0 ? [min, max] : [0, 0];
}
