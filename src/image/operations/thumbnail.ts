import { PvaflowError } from '../../core/errors.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { pixelFormatNamed, type PixelArray, type PixelFormat } from '../../pva/normative/pixel-types.js';
import { conversions, convertPixels, type Conversion, type ValueRange } from '../files/convert-pixels.js';
import { binNtNdArray, MAX_BIN } from './bin.js';
import { frameImage, putPixels } from './frame-image.js';
import { checkChoice, checkWhole } from './options.js';

/** What displays can show. */
export const thumbnailTypes = ['uint8', 'uint16'] as const;
export type ThumbnailType = (typeof thumbnailTypes)[number];

export interface ThumbnailOptions {
  /** Neither columns nor rows are more than this. */
  readonly size: number;
  /** `uint8` by default. */
  readonly outputType?: ThumbnailType | undefined;
  /** How pixels of other types become it: `scale`, the default, or `clip`. Pixels that have the type stay as they are. */
  readonly convert?: Conversion | undefined;
  /** For `scale`: the values that become the smallest and the largest, instead of those of each image; pixels that have the type are scaled, too. */
  readonly convertRange?: ValueRange | undefined;
}

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION naming the option, what was expected and what was found */
export function checkThumbnailOptions({ size, outputType, convert, convertRange }: ThumbnailOptions): void {
  checkWhole('size', size, 1, Infinity);
  if (outputType !== undefined) checkChoice('outputType', outputType, thumbnailTypes);
  if (convert !== undefined) checkChoice('convert', convert, conversions);
  if (convertRange === undefined) return;
  const [low, high] = convertRange;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
    throw new PvaflowError(
      'PVAFLOW_IMAGE_OPTION',
      `convertRange must be a smaller and a larger number, found ${JSON.stringify(convertRange)}`,
    );
}

/**
 * Makes a small image of that of a frame, in place: squares of pixels become their mean, and the pixels a type that displays show. A frame
 * without an image is left as it is.
 *
 * @throws {FrameError} when the frame contradicts itself
 * @throws {PvaflowError} PVAFLOW_IMAGE_OPTION; PVAFLOW_IMAGE_TYPE for booleans
 */
export function thumbnailNtNdArray<F extends NtNdArray>(frame: F, options: ThumbnailOptions): F {
  checkThumbnailOptions(options);
  const opened = frameImage(frame);
  if (opened === undefined) return frame;
  let { nx, ny } = opened;
  while (Math.max(nx, ny) > options.size) {
    const factor = Math.min(Math.ceil(Math.max(nx, ny) / options.size), MAX_BIN);
    const [binX, binY] = [Math.min(factor, nx), Math.min(factor, ny)];
    binNtNdArray(frame, { binX, binY, method: 'mean' });
    [nx, ny] = [Math.floor(nx / binX), Math.floor(ny / binY)];
  }
  convert(frame, options);
  return frame;
}

function convert(frame: NtNdArray, { outputType = 'uint8', convert = 'scale', convertRange }: ThumbnailOptions): void {
  const opened = frameImage(frame);
  if (opened === undefined || (opened.format.dtype === outputType && convertRange === undefined)) return;
  const format = pixelFormatNamed(outputType) as PixelFormat;
  const data = frame.data as PixelArray;
  putPixels(frame, { ...opened, format }, (target) => {
    convertPixels(data, target as Uint8Array, convert, convertRange);
  });
}
