import { pixelFormatNamed, type PixelFormat, type PixelType } from '../../pva/normative/pixel-types.js';

/**
 * The numbers that `codec.parameters` has for the type of the elements before compression: those of pvData's `ScalarType`, as
 * areaDetector and pvaPy write them. Booleans have none there.
 * https://github.com/areaDetector/ADCore/blob/master/ADApp/ntndArrayConverterSrc/ntndArrayConverter.cpp
 */
const numbers: Readonly<Partial<Record<PixelType, number>>> = {
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  uint8: 5,
  uint16: 6,
  uint32: 7,
  uint64: 8,
  float32: 9,
  float64: 10,
};

const formats = new Map(
  Object.entries(numbers).map(([dtype, number]) => [number, pixelFormatNamed(dtype) as PixelFormat]),
);

/** The format of that number, or undefined. */
export function formatOfNumber(number: unknown): PixelFormat | undefined {
  return formats.get(Number(number));
}

/** The number of a format; undefined for booleans. */
export function numberOfFormat({ dtype }: PixelFormat): number | undefined {
  return numbers[dtype];
}

/** All numbers and what they stand for, for messages. */
export const knownNumbers = [...formats].map(([number, { dtype }]) => `${number} ${dtype}`).join(', ');
