import type { ImageView, PixelArray } from 'pvaflow';
import { pixelFormatNamed } from '../../src/pva/normative/pixel-types.js';

/** A typed array of numpy's type `dtype` with these values. */
export function numbered(dtype: string, values: readonly number[]): PixelArray {
  const format = pixelFormatNamed(dtype);
  if (format === undefined) throw new Error(`no type ${dtype}`);
  const data = new format.arrayType(values.length);
  values.forEach(
    (value, i) =>
      (data[i] = (data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(value) : value) as never),
  );
  return data;
}

export function dimensionsOf(sizes: readonly number[]): { size: number; fullSize: number; binning: number }[] {
  return sizes.map((size) => ({ size, fullSize: size, binning: 1 }));
}

/** An image as nested arrays of numbers: rows, columns and, if there are any, colours. */
export function listed({ data, shape, stride, offset }: ImageView, axis = 0, at = offset): unknown {
  if (axis === shape.length) return Number(data[at]);
  return Array.from({ length: shape[axis] ?? 0 }, (_, i) =>
    listed({ data, shape, stride, offset }, axis + 1, at + i * (stride[axis] ?? NaN)),
  );
}
