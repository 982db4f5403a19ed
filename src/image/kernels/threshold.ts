import type { PixelArray } from '../../pva/normative/pixel-types.js';
import type { Pixels } from '../image-view.js';
import { checkHolds, is64Bit } from '../pixel-range.js';
import { specialized } from './specialized.js';

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
 * @throws {RangeError} when pixels of this type cannot hold the value; nothing was changed then
 */
export function thresholdPixels(data: PixelArray, { level, mode, value }: ThresholdOptions): number {
  checkHolds(data, value);
  const pixels = data as Pixels;
  const isLong = is64Bit(data);
  const atLeast = isLong ? BigInt(Math.ceil(level)) : level;
  const wanted = isLong ? BigInt(value) : value;
  switch (mode) {
    case 'below':
      return below(pixels, atLeast, wanted);
    case 'above':
      return above(pixels, atLeast, isLong ? BigInt(Math.floor(level)) : level, wanted);
    case 'binary':
      return binary(pixels, atLeast, isLong ? 0n : 0, wanted);
  }
}

type Scalar = number | bigint;

const below = specialized((data: Pixels, level: Scalar, value: Scalar): number => {
  let reached = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= level) reached++;
    else if (data[i] < level) data[i] = value;
  }
  return reached;
});

const above = specialized((data: Pixels, level: Scalar, limit: Scalar, value: Scalar): number => {
  let reached = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= level) reached++;
    if (data[i] > limit) data[i] = value;
  }
  return reached;
});

const binary = specialized((data: Pixels, level: Scalar, zero: Scalar, value: Scalar): number => {
  let reached = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= level) {
      data[i] = value;
      reached++;
    } else data[i] = zero;
  }
  return reached;
});
