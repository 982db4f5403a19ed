import { endianness } from 'node:os';
import {
  pixelFormatNamed,
  type PixelArray,
  type PixelFormat,
  type PixelType,
} from '../../../pva/normative/pixel-types.js';

export const isLittleMachine = endianness() === 'LE';

export function elementBytes(dtype: PixelType): number {
  return formatOf(dtype).bytes;
}

/**
 * The elements that bytes stand for. The memory stays the same, unless it does not begin where elements may; elements in the other
 * byte order are swapped in it.
 */
export function elementsOf(bytes: Uint8Array, dtype: PixelType, isLittleEndian: boolean): PixelArray {
  const { arrayType, bytes: size } = formatOf(dtype);
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  if (size > 1 && isLittleEndian !== isLittleMachine) swapElements(aligned, size);
  const View = arrayType as unknown as new (buffer: ArrayBufferLike, offset: number, length: number) => PixelArray;
  return new View(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
}

/** Turns the bytes of each element round, in place. */
function swapElements(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

function formatOf(dtype: PixelType): PixelFormat {
  return pixelFormatNamed(dtype) as PixelFormat;
}
