import { endianness } from 'node:os';
import type { PixelArray } from '../../pva/normative/pixel-types.js';
import { is64Bit } from '../pixel-range.js';

/** Where the lower half of a 64-bit integer is; the upper one is at 1 - LOW_HALF. */
export const LOW_HALF = endianness() === 'LE' ? 0 : 1;

/** Memory of 64-bit integers, seen as halves of 32 bits: numbers, so that loops need no bigints. */
export interface Halves {
  /** The upper halves as they are meant: with their sign, if there is one. */
  readonly signed: Int32Array | Uint32Array;
  /** The lower halves as they are meant. */
  readonly plain: Uint32Array;
}

/** Undefined for arrays of other types. */
export function halvesOf(array: PixelArray): Halves | undefined {
  if (!is64Bit(array)) return undefined;
  const { buffer, byteOffset } = array;
  const length = 2 * array.length;
  const plain = new Uint32Array(buffer, byteOffset, length);
  return { plain, signed: array instanceof BigInt64Array ? new Int32Array(buffer, byteOffset, length) : plain };
}
