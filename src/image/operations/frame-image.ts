import ndarray, { type NdArray } from 'ndarray';
import { gatherImage, writeLayout } from '../../pva/normative/image-layout.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PixelArray, PixelFormat } from '../../pva/normative/pixel-types.js';
import { readableHeader } from '../codec/readable-header.js';
import { colorDimension, strides, type ColorMode } from '../color-mode.js';
import { imageShape, type ImageShape } from '../image-shape.js';
import { wayInOrder } from '../pixels.js';
import { axesOf, dimensionsOf, type Axes } from './axes.js';

/** Where pixels are in the data of a frame: strides and offset in elements. */
export type Places = Pick<NdArray, 'shape' | 'stride' | 'offset'>;

/** The image of a frame, and all that an operation has to keep right. */
export interface FrameImage extends ImageShape {
  /** Of shape (ny, nx) or (ny, nx, 3). It has no data of its own: that is in the frame, and many operations need no look at it. */
  readonly places: NdArray<Uint8Array>;
  readonly axes: Axes;
}

/** What the pixels of a frame are to become: the axes say how many there are. */
export interface NewImage {
  readonly format: PixelFormat;
  readonly colorMode: ColorMode;
  readonly axes: Axes;
}

const noData = new Uint8Array(0);

/**
 * Opens a frame; undefined for one without dimensions and data.
 *
 * @throws {FrameError} when the frame contradicts itself
 */
export function frameImage(frame: NtNdArray): FrameImage | undefined {
  const shape = imageShape(readableHeader(frame));
  if (shape === undefined) return undefined;
  const { nx, ny, nz, colorMode } = shape;
  const axes = axesOf(frame.dimensions, colorMode);
  const sizes = nz === null ? [ny, nx] : [ny, nx, nz];
  return { ...shape, axes, places: ndarray(noData, sizes, strides(colorMode, nx, ny), 0) };
}

/**
 * Gives a frame those of its pixels that are at these places. Sizes and dimensions are changed with them, all else stays: who changes the
 * colour mode says so in its attribute.
 */
export function putPlaces(frame: NtNdArray, places: Places, { colorMode, axes }: Omit<NewImage, 'format'>): void {
  gatherImage(frame.native, wayInOrder(places, colorMode), dimensionsOf(axes, colorMode));
}

/**
 * Gives a frame new pixels, not booleans: `fill` writes all of them, in the order of the colour mode, into memory of the frame. All else is as by
 * putPlaces(). When `fill` throws the frame is as it was.
 */
export function putPixels(frame: NtNdArray, made: NewImage, fill: (target: PixelArray) => void): void {
  const { format, colorMode, axes } = made;
  const count = axes.x.size * axes.y.size * (colorDimension(colorMode) === undefined ? 1 : 3);
  const before = { member: frame.selected('value') as string, data: frame.data };
  try {
    fill(frame.allocate<PixelArray>(`value.${format.fieldKey}`, count, 'unset'));
  } catch (error) {
    frame.set(`value.${before.member}`, before.data);
    throw error;
  }
  writeLayout(frame.native, count * format.bytes, dimensionsOf(axes, colorMode));
}
