import ndarray from 'ndarray';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PixelArray, PixelFormat } from '../../pva/normative/pixel-types.js';
import { readableHeader } from '../codec/readable-header.js';
import { colorDimension, strides, type ColorMode } from '../color-mode.js';
import { imageShape, type ImageShape } from '../image-shape.js';
import type { Image, ImageView } from '../image-view.js';
import { copyInOrder } from '../pixels.js';
import { axesOf, dimensionsOf, type Axes } from './axes.js';

/** The image of a frame, and all that an operation has to keep right. */
export interface FrameImage extends ImageShape {
  /** Of shape (ny, nx) or (ny, nx, 3). */
  readonly image: Image<PixelArray>;
  readonly axes: Axes;
}

/** What the pixels of a frame are to become: the axes say how many there are. */
export interface NewImage {
  readonly format: PixelFormat;
  readonly colorMode: ColorMode;
  readonly axes: Axes;
}

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
  return { ...shape, axes, image: ndarray(frame.data as PixelArray, sizes, strides(colorMode, nx, ny), 0) };
}

/** Gives a frame the pixels that a view of its own image shows. */
export function putImage(frame: NtNdArray, view: ImageView, made: NewImage): void {
  putPixels(frame, made, (target) => copyInOrder(view, made.colorMode, target));
}

/**
 * Gives a frame new pixels: `fill` writes all of them, in the order of the colour mode, into memory of the frame. Sizes and dimensions are
 * changed with them, all else stays: who changes the colour mode says so in its attribute. When `fill` throws the frame is as it was.
 */
export function putPixels(frame: NtNdArray, made: NewImage, fill: (target: PixelArray) => void): void {
  const { format, colorMode, axes } = made;
  const count = axes.x.size * axes.y.size * (colorDimension(colorMode) === undefined ? 1 : 3);
  const field = `value.${format.fieldKey}`;
  if (format.dtype === 'boolean') {
    const target = new Uint8Array(count);
    fill(target);
    frame.set(field, Array.from(target, Boolean));
  } else {
    const before = { member: frame.selected('value') as string, data: frame.data };
    try {
      fill(frame.allocate<PixelArray>(field, count, 'unset'));
    } catch (error) {
      frame.set(`value.${before.member}`, before.data);
      throw error;
    }
  }
  const bytes = count * format.bytes;
  frame.set('compressedSize', bytes).set('uncompressedSize', bytes); // by itself each takes a third of the time
  frame.dimensions = dimensionsOf(axes, colorMode);
}
