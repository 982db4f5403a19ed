import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import type { Pixels } from '../image-view.js';
import { checkHolds, is64Bit, isFloat, pixelRange } from '../pixel-range.js';
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
  if (!isFloat(data) && data.BYTES_PER_ELEMENT <= 2) return narrow(pixels, level, mode, value);
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

/** Integers up to 16 bits: each mode is a choice between two values for those that reach a level, and for those that do not. */
function narrow(data: NumberArray, level: number, mode: ThresholdMode, value: number): number {
  const { min, max } = pixelRange(data);
  const limited = (bound: number) => Math.min(Math.max(bound, min), max + 1);
  const [atLeast, above] = [limited(Math.ceil(level)), limited(Math.floor(level) + 1)];
  if (mode === 'below') return choose(data, atLeast, 0, value, -1, 0, atLeast);
  if (mode === 'above') return choose(data, above, -1, 0, 0, value, atLeast);
  return choose(data, atLeast, 0, 0, 0, value, atLeast);
}

/**
 * Pixels below `split` become `(pixel & lowMask) | low`, others `(pixel & highMask) | high`. It does not branch, as in noise a branch
 * takes longer than all else.
 *
 * @returns how many reach `counted`
 */
const choose = specialized(
  (
    data: NumberArray,
    split: number,
    lowMask: number,
    low: number,
    highMask: number,
    high: number,
    counted: number,
  ): number => {
    let reached = 0;
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      const isHigh = (split - 1 - value) >> 31; // -1 or 0
      data[i] = (((value & highMask) | high) & isHigh) | (((value & lowMask) | low) & ~isHigh);
      reached -= (counted - 1 - value) >> 31;
    }
    return reached;
  },
);
