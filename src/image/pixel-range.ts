import { pixelFormatOf, type PixelArray } from '../pva/normative/pixel-types.js';

/** The smallest and the largest value that pixels of a type can have; not finite for floats. */
export interface PixelRange {
  readonly min: number;
  readonly max: number;
}

export function is64Bit(data: object): data is BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer> {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

export function isFloat(data: object): data is Float32Array | Float64Array {
  return data instanceof Float32Array || data instanceof Float64Array;
}

/** Of 64-bit integers the numbers nearest to the limits, which are one too large for the type where they are positive. */
export function pixelRange(data: PixelArray): PixelRange {
  if (isFloat(data)) return { min: -Infinity, max: Infinity };
  const bits = 8 * data.BYTES_PER_ELEMENT;
  const isSigned = pixelFormatOf(data)?.dtype.startsWith('int') === true;
  return isSigned ? { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 } : { min: 0, max: 2 ** bits - 1 };
}

/** @throws {RangeError} when pixels of this type cannot hold a value */
export function checkHolds(data: PixelArray, value: number): void {
  if (isFloat(data)) return;
  const { min, max } = pixelRange(data);
  if (Number.isInteger(value) && value >= min && (is64Bit(data) ? value < max : value <= max)) return;
  throw new RangeError(`pixels of ${pixelFormatOf(data)?.dtype} cannot be ${value}`);
}
