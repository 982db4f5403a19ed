import { PvaflowError } from '../../core/errors.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import {
  pixelFormatNamed,
  type PixelArray,
  type PixelFormat,
  type PixelType,
} from '../../pva/normative/pixel-types.js';
import { kernels } from '../../pva/kernels.js';
import { colorDimension, type ColorMode } from '../color-mode.js';
import { partOf } from './axes.js';
import { checkChoice, checkWhole } from './options.js';
import { frameImage, putPixels } from './frame-image.js';

/** Largest number of columns or rows that make one pixel: more would not be exact. */
export const MAX_BIN = 512;

/** Each pixel becomes the sum, or the mean, of a rectangle of pixels. */
export const binMethods = ['sum', 'mean'] as const;
export type BinMethod = (typeof binMethods)[number];

/** Types that may be asked for, besides `same` as before and `wide`, the narrowest that holds every sum. */
export const binTypes = [
  'same',
  'wide',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
] as const;
export type BinType = (typeof binTypes)[number];

/** What becomes of a value that the type does not hold: the nearest that it holds, which is counted, or the frame is refused. */
export const overflowRules = ['saturate', 'refuse'] as const;
export type OverflowRule = (typeof overflowRules)[number];

export interface BinOptions {
  /** Columns and rows that make one pixel, 1 to 512. What is left over at the right and at the lower edge is left out. */
  readonly binX: number;
  readonly binY: number;
  /** `sum` by default. */
  readonly method?: BinMethod | undefined;
  /** By default `wide` for sums and `same` for means. */
  readonly outputType?: BinType | undefined;
  /** `saturate` by default. */
  readonly onOverflow?: OverflowRule | undefined;
}

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION naming the option, what was expected and what was found */
export function checkBinOptions({ binX, binY, method, outputType, onOverflow }: BinOptions): void {
  checkWhole('binX', binX, 1, MAX_BIN);
  checkWhole('binY', binY, 1, MAX_BIN);
  if (method !== undefined) checkChoice('method', method, binMethods);
  if (outputType !== undefined) checkChoice('outputType', outputType, binTypes);
  if (onOverflow !== undefined) checkChoice('onOverflow', onOverflow, overflowRules);
}

/**
 * Bins the image of a frame, in place. Of integers, sums are exact and means are rounded to the nearest, halves up. Of the dimensions
 * `binning` becomes larger. A frame without an image is left as it is.
 *
 * @returns how many values the type does not hold and became the nearest that it holds; what is no number becomes 0
 * @throws {FrameError} when the frame contradicts itself
 * @throws {PvaflowError} PVAFLOW_IMAGE_OPTION; PVAFLOW_IMAGE_SHAPE when the image is smaller than what makes one pixel;
 *   PVAFLOW_IMAGE_TYPE for booleans; PVAFLOW_IMAGE_OVERFLOW by `refuse`
 */
export function binNtNdArray(frame: NtNdArray, options: BinOptions): number {
  checkBinOptions(options);
  const opened = frameImage(frame);
  if (opened === undefined) return 0;
  const { places, nx, ny, colorMode, axes } = opened;
  const data = frame.data as PixelArray;
  const { binX, binY, method = 'sum', onOverflow = 'saturate' } = options;
  const format = outputFormat(opened.format, options);
  const [columns, rows] = [Math.floor(nx / binX), Math.floor(ny / binY)];
  if (columns === 0 || rows === 0)
    throw new PvaflowError(
      'PVAFLOW_IMAGE_SHAPE',
      `frame ${frame.uniqueId}: of ${nx} × ${ny} pixels none can be made of ${binX} × ${binY}`,
    );
  const made = {
    format,
    colorMode,
    axes: {
      x: partOf(axes.x, 0, columns * binX, columns, binX),
      y: partOf(axes.y, 0, rows * binY, rows, binY),
    },
  };
  const divisor = method === 'mean' ? binX * binY : 1;
  const [outer, outerStep, inner, innerStep] = rowsToMake(colorMode, nx, ny, rows, binY);
  const [rowStep = 0] = places.stride;
  const perPixel = colorDimension(colorMode) === 0 ? 3 : 1;
  let changed = 0;
  putPixels(frame, made, (target) => {
    changed = kernels.bin(
      ...[data, target, outer, outerStep, inner, innerStep, rowStep, binX, binY, columns, perPixel, divisor],
    );
    if (changed > 0 && onOverflow === 'refuse')
      throw new PvaflowError(
        'PVAFLOW_IMAGE_OVERFLOW',
        `frame ${frame.uniqueId}: ${changed} values are none of ${format.dtype}`,
      );
  });
  return changed;
}

/** Two loops over the rows of the new image, with the distances in the old one of what makes them. */
function rowsToMake(mode: ColorMode, nx: number, ny: number, rows: number, binY: number) {
  switch (colorDimension(mode)) {
    case 0:
      return [rows, 3 * nx * binY, 1, 0] as const;
    case 1:
      return [rows, 3 * nx * binY, 3, nx] as const;
    case 2:
      return [3, nx * ny, rows, nx * binY] as const;
    default:
      return [rows, nx * binY, 1, 0] as const;
  }
}

function outputFormat(format: PixelFormat, { binX, binY, method, outputType }: BinOptions): PixelFormat {
  if (format.dtype === 'boolean') throw new PvaflowError('PVAFLOW_IMAGE_TYPE', 'booleans cannot be added');
  const wanted = outputType ?? (method === 'mean' ? 'same' : 'wide');
  if (wanted === 'same') return format;
  const name = wanted === 'wide' ? wideType(format.dtype, binX * binY) : wanted;
  return pixelFormatNamed(name) as PixelFormat;
}

/** The narrowest type of the same kind that holds the sum of so many; 64 bits where none does. */
function wideType(dtype: PixelType, count: number): string {
  const [, kind = '', bits = ''] = /^(u?int)(\d+)$/.exec(dtype) ?? [];
  if (kind === '') return dtype;
  const needed = Number(bits) + Math.ceil(Math.log2(count));
  return `${kind}${[8, 16, 32, 64].find((size) => size >= needed) ?? 64}`;
}
