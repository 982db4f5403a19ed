import ndarray from 'ndarray';
import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import type { DataFieldKey, PixelArray } from '../pva/normative/pixel-types.js';
import type { DecompressOptions } from './codec/compressed-data.js';
import { readableHeader } from './codec/readable-header.js';
import { strides, type ColorMode } from './color-mode.js';
import { imageShape, type ImageShape } from './image-shape.js';
import type { Image, Pixels } from './image-view.js';

/** A frame as an image. The names are those of pvaPy's tuple. */
export interface ReshapedImage<D extends PixelArray = Pixels> {
  /** The frame's `uniqueId`. */
  imageId: number;
  /**
   * Rows, columns and, of a colour image, colours: shape (ny, nx) or (ny, nx, 3). A view of the frame: to write to it changes
   * the frame, and it is empty once the frame was released. (Of booleans a copy, as bytes that are 0 or 1.)
   */
  image: Image<D>;
  /** Columns. */
  nx: number;
  /** Rows. */
  ny: number;
  /** 3 for colour, else null. */
  nz: 3 | null;
  /** Null for an empty frame. */
  colorMode: ColorMode | null;
  /** Member of the union `value` that holds the pixels; null for an empty frame. */
  fieldKey: DataFieldKey | null;
}

/**
 * The image of a frame, in all ten number types and booleans, mono and RGB1 to RGB3, without a copy of the pixels: colours that
 * do not lie together are reached by strides. A frame without dimensions, as servers have before the first image, gives an image
 * of shape (0, 0).
 *
 * A frame that is compressed is decoded first, in place and at once: from then on it is a frame that is not compressed. For
 * streams of large frames, decode on another thread before: `decompressNtNdArray`, or the processor `AdImageDecompressor`.
 *
 * @throws FrameError with a `reason` when what the frame says about its pixels is contradictory
 */
export function reshapeNtNdArray<D extends PixelArray = Pixels>(
  frame: NtNdArray,
  options?: DecompressOptions,
): ReshapedImage<D> {
  const header = readableHeader(frame, options);
  const shape = imageShape(header);
  const imageId = header.uniqueId ?? 0;
  if (shape === undefined)
    return { imageId, image: emptyImage(), nx: 0, ny: 0, nz: null, colorMode: null, fieldKey: null };
  const { nx, ny, nz, colorMode, format } = shape;
  return { imageId, image: view<D>(frame.data as D, shape), nx, ny, nz, colorMode, fieldKey: format.fieldKey };
}

function view<D extends PixelArray>(data: D, { nx, ny, nz, colorMode }: ImageShape): Image<D> {
  return ndarray(data, nz === null ? [ny, nx] : [ny, nx, nz], strides(colorMode, nx, ny), 0);
}

function emptyImage<D extends PixelArray>(): Image<D> {
  return ndarray(new Uint8Array(0) as unknown as D, [0, 0]);
}
