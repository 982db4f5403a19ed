import type { NdArray } from 'ndarray';
import type { NumberArray, PixelArray } from '../pva/normative/pixel-types.js';

/**
 * Pixels of a frame whose type is not known when the program is written. An element is a number, or a bigint when the frame has
 * 64-bit integers; TypeScript does not check which. Say the type where it is known: `reshapeNtNdArray<Uint16Array>(frame)`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- number or bigint, and both may be compared and assigned
export type Pixels = NumberArray & { [index: number]: any };

/** An image as rows, columns and colours: `image.get(y, x)` or `image.get(y, x, color)`. */
export type Image<D extends PixelArray = Pixels> = NdArray<D>;

/** What of an `ndarray` is read here. Shape (ny, nx) or (ny, nx, 3); strides and offset in elements of `data`. */
export interface ImageView {
  readonly data: PixelArray;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}
