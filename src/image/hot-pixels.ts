import { PvaflowError } from '../core/errors.js';
import { kernels } from '../pva/kernels.js';
import { colorDimension, strides } from './color-mode.js';
import type { ReferenceImage } from './dark-flat.js';
import type { FilePixels } from './files/file-pixels.js';
import { areAlike } from './frame-values.js';
import type { Pixels } from './image-view.js';
import { checkHolds, is64Bit } from './pixel-range.js';

/** What hot pixels become: the median of their neighbours, a value, or NaN. */
export const hotPixelReplacements = ['median', 'value', 'nan'] as const;
export type HotPixelReplacement = (typeof hotPixelReplacements)[number];

export interface HotPixelOptions {
  /** Columns and rows of pixels that are hot in every image. */
  readonly pixels?: readonly (readonly [x: number, y: number])[] | undefined;
  /** Hot where it is not 0: shape (ny, nx), or (ny, nx, 3) for each colour by itself. */
  readonly mask?: ReferenceImage | undefined;
  /** Hot in an image is also what exceeds the median of its neighbours by more than this, which is not negative. NaN is not, and is no such neighbour. */
  readonly threshold?: number | undefined;
  readonly replaceBy: HotPixelReplacement;
  /** For `replaceBy: 'value'`. */
  readonly value: number;
}

/** How far neighbours may be, in pixels to each side. */
const REACH = 3;

/** One colour of an image, or all of it. */
interface Plane {
  readonly start: number;
  /** Its pixels of the mask and the list. */
  readonly listed: Int32Array;
}

/** What is made of the list and the mask for images of one layout. */
interface Layout {
  readonly of: FilePixels;
  readonly planes: readonly Plane[];
  /** 1 for pixels that are hot. */
  readonly marks: Uint8Array;
}

/** Finds and replaces hot pixels. */
export class HotPixels {
  #layout: Layout | undefined;
  #found = new Int32Array(1024);

  constructor(readonly options: HotPixelOptions) {}

  /**
   * Replaces hot pixels of an image in place.
   *
   * @returns how many are hot, and how many of these stayed as they were, as they have no neighbour in 7 × 7 pixels that is not
   * @throws {PvaflowError} PVAFLOW_REFERENCE when the mask or the list does not fit the image
   * @throws {RangeError} when pixels of this type cannot hold what is to replace them; nothing was changed then
   */
  replace(image: FilePixels): { readonly hot: number; readonly left: number } {
    const { replaceBy, value } = this.options;
    if (replaceBy !== 'median') checkHolds(image.data, replaceBy === 'nan' ? NaN : value);
    if (this.#layout === undefined || !areAlike(image, this.#layout.of)) this.#layout = layoutOf(image, this.options);
    let [hot, left] = [0, 0];
    for (const plane of this.#layout.planes) {
      const count = this.#findIn(image, plane);
      left += this.#replaceIn(image, plane, count);
      hot += plane.listed.length + count;
    }
    return { hot, left };
  }

  /** Puts the hot pixels that are in no list into `#found`, and marks them. @returns how many */
  #findIn(image: FilePixels, { start }: Plane): number {
    const { threshold } = this.options;
    if (threshold === undefined) return 0;
    const { data, nx, ny } = image;
    const [row = 0, step = 0] = strides(image.colorMode, nx, ny);
    const find = () => kernels.findHot(data, this.#found, start, step, row, nx, ny, threshold);
    let count = find();
    if (count > this.#found.length) {
      this.#found = new Int32Array(2 * count);
      count = find();
    }
    const { marks } = this.#layout as Layout;
    let unlisted = 0;
    for (let i = 0; i < count; i++) {
      const at = this.#found[i] as number;
      if (marks[at] === 1) continue;
      marks[at] = 1;
      this.#found[unlisted++] = at;
    }
    return unlisted;
  }

  #replaceIn(image: FilePixels, { start, listed }: Plane, count: number): number {
    const { data, nx, ny } = image;
    const { marks } = this.#layout as Layout;
    const [row = 0, step = 0] = strides(image.colorMode, nx, ny);
    let left = 0;
    for (const [list, length] of [
      [listed, listed.length],
      [this.#found, count],
    ] as const) {
      if (this.options.replaceBy !== 'median') this.#fill(data as Pixels, list, length);
      else left += kernels.repairHot(data, marks, list, length, start, step, row, nx, ny, REACH);
    }
    for (let i = 0; i < count; i++) marks[this.#found[i] as number] = 0;
    return left;
  }

  #fill(data: Pixels, list: Int32Array, length: number): void {
    const value = this.options.replaceBy === 'nan' ? NaN : this.options.value;
    const wanted = is64Bit(data) ? BigInt(value) : value;
    for (let i = 0; i < length; i++) data[list[i] as number] = wanted;
  }
}

function layoutOf(image: FilePixels, { pixels = [], mask }: HotPixelOptions): Layout {
  const { nx, ny, colorMode, data } = image;
  const marks = new Uint8Array(data.length);
  const [row = 0, step = 0, color = 0] = strides(colorMode, nx, ny);
  const colors = colorDimension(colorMode) === undefined ? 1 : 3;
  const [rows, columns, maskColors = 1] = mask?.shape ?? [ny, nx];
  if (rows !== ny || columns !== nx || (maskColors !== 1 && maskColors !== colors))
    throw new PvaflowError(
      'PVAFLOW_REFERENCE',
      `${mask?.name} has ${mask?.shape.join(' × ')} pixels, but images have ${ny} × ${nx} (rows × columns)`,
    );
  for (const [x, y] of pixels)
    if (x >= nx || y >= ny)
      throw new PvaflowError(
        'PVAFLOW_REFERENCE',
        `pixel [${x}, ${y}] is outside of images of ${nx} columns and ${ny} rows`,
      );
  const planes = Array.from({ length: colors }, (_, c) => {
    const start = c * color;
    const isMasked = (at: number) => mask !== undefined && Number(mask.data[maskColors === 1 ? at : 3 * at + c]) !== 0;
    for (let y = 0, at = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++) if (isMasked(at)) marks[start + y * row + x * step] = 1;
    for (const [x, y] of pixels) marks[start + y * row + x * step] = 1;
    return { start, listed: listedIn(marks, start, [ny, nx], [row, step]) };
  });
  return { of: { ...image, data: new Uint8Array(0) }, planes, marks };
}

/** The marked elements of one plane. */
function listedIn(
  marks: Uint8Array,
  start: number,
  [ny, nx]: [number, number],
  [row, step]: [number, number],
): Int32Array {
  const list: number[] = [];
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) if (marks[start + y * row + x * step] === 1) list.push(start + y * row + x * step);
  return Int32Array.from(list);
}
