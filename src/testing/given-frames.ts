import { checkKeys } from '../core/check-keys.js';
import { generateNtNdArray2D } from '../image/generate.js';
import type { ImageView } from '../image/image-view.js';
import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import { pixelFormatNamed, pixelFormats, type PixelArray, type PixelType } from '../pva/normative/pixel-types.js';
import { planAt, seriesKeys, type FramePlan, type SeriesOptions } from './frame-plan.js';
import { badOption } from './selection.js';

/** An image as rows of pixels, or of pixels of three colours; or an `ndarray` of one. */
export type GivenImage =
  readonly (readonly (number | bigint)[])[] | readonly (readonly (readonly (number | bigint)[])[])[] | ImageView;

/** What frames are made of images that a test has. */
export interface FramesOfOptions extends SeriesOptions {
  /** Of images that are given as rows; `uint16` if it is not given. An `ndarray` has a type of its own. */
  readonly dtype?: PixelType | undefined;
}

/** @throws {PvaflowError} PVAFLOW_OPTION naming what is wrong */
export function* givenPlans(images: Iterable<GivenImage>, options: FramesOfOptions): Generator<FramePlan> {
  checkKeys('framesOf', options, ['dtype', ...seriesKeys]);
  let index = 0;
  for (const image of images) yield planAt(index++, options, { draw: () => frameOf(image, options.dtype) });
}

function frameOf(image: GivenImage, dtype: PixelType = 'uint16'): NtNdArray {
  if (!Array.isArray(image)) return generateNtNdArray2D(0, image as ImageView);
  const view = viewOf(image as readonly (readonly unknown[])[], dtype);
  return generateNtNdArray2D(0, view, dtype === 'boolean' ? { dtype } : {});
}

function viewOf(rows: readonly (readonly unknown[])[], dtype: PixelType): ImageView {
  const format = pixelFormatNamed(dtype);
  if (format === undefined)
    throw badOption(`dtype must be one of ${pixelFormats.map((each) => each.dtype).join(', ')}, found ${dtype}`);
  const [first = []] = rows;
  const [pixel] = first;
  const isColor = Array.isArray(pixel);
  const shape = isColor ? [rows.length, first.length, pixel.length] : [rows.length, first.length];
  const values = rows.flat(isColor ? 2 : 1) as (number | bigint)[];
  const length = shape.reduce((a, b) => a * b, 1);
  if (values.length !== length || rows.some((row) => row.length !== first.length))
    throw badOption(
      `all rows of an image must be of the same length, found ${rows.map((row) => row.length).join(', ')}`,
    );
  const data = new format.arrayType(length);
  fill(data, values);
  const stride = isColor ? [first.length * pixel.length, pixel.length, 1] : [first.length, 1];
  return { data, shape, stride, offset: 0 };
}

function fill(data: PixelArray, values: readonly (number | bigint)[]): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data.set(values.map(BigInt));
  else data.set(values.map(Number));
}
