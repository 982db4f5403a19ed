import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import { integerRange, is64Bit, isFloat, pixelRange } from '../pixel-range.js';
import { specialized } from './specialized.js';

type LongArray = BigInt64Array | BigUint64Array;

/**
 * Writes computed values into pixels of any type. Integers are rounded, halves upwards; what is outside their range becomes the
 * nearest they can hold, and what is no number 0.
 *
 * @returns how many values were outside the range, or no number
 */
export function storePixels(values: NumberArray, target: PixelArray): number {
  if (isFloat(target) || target.constructor === values.constructor) {
    (target as NumberArray).set(values);
    return 0;
  }
  if (!is64Bit(target)) return storeIntegers(values, target, pixelRange(target).min, pixelRange(target).max);
  return storeLong(values, target, integerRange(target).min, integerRange(target).max);
}

/** The same for integers of any size. */
export function storeBigIntegers(values: readonly bigint[], target: PixelArray): number {
  if (isFloat(target)) {
    target.set(values.map(Number));
    return 0;
  }
  const { min, max } = integerRange(target);
  return clipBigIntegers(values, target, is64Bit(target) ? BigInt : Number, min, max);
}

const storeIntegers = specialized((values: NumberArray, target: NumberArray, min: number, max: number): number => {
  let clipped = 0;
  for (let i = 0; i < target.length; i++) {
    const value = Math.floor((values[i] as number) + 0.5);
    if (value >= min && value <= max) target[i] = value;
    else {
      clipped++;
      target[i] = value > max ? max : value < min ? min : 0;
    }
  }
  return clipped;
});

const storeLong = specialized((values: NumberArray, target: LongArray, min: bigint, max: bigint): number => {
  let clipped = 0;
  for (let i = 0; i < target.length; i++) {
    const value = Math.floor((values[i] as number) + 0.5);
    if (value >= min && value <= max) target[i] = BigInt(value);
    else {
      clipped++;
      target[i] = value > max ? max : value < min ? min : 0n;
    }
  }
  return clipped;
});

const clipBigIntegers = specialized(
  (
    values: readonly bigint[],
    target: PixelArray,
    convert: (value: bigint) => number | bigint,
    min: bigint,
    max: bigint,
  ) => {
    let clipped = 0;
    for (let i = 0; i < target.length; i++) {
      const value = values[i] as bigint;
      if (value > max || value < min) clipped++;
      target[i] = convert(value > max ? max : value < min ? min : value);
    }
    return clipped;
  },
);
