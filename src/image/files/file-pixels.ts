import { pixelFormats, type PixelArray, type PixelType } from '../../pva/normative/pixel-types.js';
import { ColorMode, colorDimension, strides } from '../color-mode.js';
import { pixelsInOrder } from '../pixels.js';
import type { ReshapedImage } from '../reshape.js';

/** An image as files hold it: the pixels as they lie in memory, and how they do. */
export interface FilePixels {
  readonly data: PixelArray;
  readonly nx: number;
  readonly ny: number;
  readonly colorMode: ColorMode;
  readonly dtype: PixelType;
}

/** The pixels of a frame, not copied; undefined for an empty frame. */
export function filePixels({ image, nx, ny, colorMode, fieldKey }: ReshapedImage): FilePixels | undefined {
  const format = pixelFormats.find((each) => each.fieldKey === fieldKey);
  if (colorMode === null || format === undefined) return undefined;
  return { data: image.data as PixelArray, nx, ny, colorMode, dtype: format.dtype };
}

export function isColor({ colorMode }: FilePixels): boolean {
  return colorDimension(colorMode) !== undefined;
}

/** The memory of an array, as bytes. */
export function bytesOf(data: PixelArray): Uint8Array {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** The pixels row by row with the colours of each side by side: copied where they lie otherwise. */
export function interleaved(pixels: FilePixels): PixelArray {
  const { data, nx, ny, colorMode } = pixels;
  if (!isColor(pixels)) return data;
  const image = { data, shape: [ny, nx, 3], stride: strides(colorMode, nx, ny), offset: 0 };
  return pixelsInOrder(image, ColorMode.RGB1);
}
