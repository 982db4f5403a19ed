import { kernels } from '../pva/kernels.js';
import type { PixelArray } from '../pva/normative/pixel-types.js';
import { checkHolds } from './pixel-range.js';

/**
 * What a threshold does. `below`: pixels below the level are replaced; `above`: those above it; `binary`: those that reach it, and all
 * others become 0.
 */
export const thresholdModes = ['below', 'above', 'binary'] as const;
export type ThresholdMode = (typeof thresholdModes)[number];

export interface ThresholdOptions {
  readonly level: number;
  readonly mode: ThresholdMode;
  /** What pixels are replaced by. */
  readonly value: number;
}

/**
 * Applies a threshold in place. NaN is neither below a level nor does it reach one: `below` and `above` leave it, `binary` makes it 0.
 *
 * @returns how many pixels reach the level
 * @throws {RangeError} when pixels of this type cannot hold the value, or the level is no number; nothing was changed then
 */
export function thresholdPixels(data: PixelArray, { level, mode, value }: ThresholdOptions): number {
  checkHolds(data, value);
  return kernels.threshold(data, thresholdModes.indexOf(mode), level, value);
}
