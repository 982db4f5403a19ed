import { PvaflowError } from '../core/errors.js';
import { kernels } from '../pva/kernels.js';
import type { PixelArray, PixelArrayType } from '../pva/normative/pixel-types.js';
import type { FilePixels } from './files/file-pixels.js';
import { areAlike } from './frame-values.js';
import { sumType } from './image-sum.js';
import { is64Bit, isFloat } from './pixel-range.js';

/**
 * What is averaged: `window`, the last n images, all alike; `exponential`, all images, the newest with the weight 1/n, as the
 * recursive average of areaDetector's NDPluginProcess. The first n images have the weight 1/k each, so that it does not begin dark.
 */
export const averageModes = ['window', 'exponential'] as const;
export type AverageMode = (typeof averageModes)[number];

export interface MovingAverageOptions {
  readonly n: number;
  readonly mode: AverageMode;
  /** Images that the window may hold, in bytes. */
  readonly maxBytes: number;
}

/** A part of the sums is made anew with each image, so that all are after so many turns of the window. */
const TURNS = 4;

/**
 * The moving average of images that are alike, in double precision. Sums of integers up to 32 bits are exact. Those of floats and
 * 64-bit integers are rounded at each image; what rounding leaves is gone after four turns of the window. In a window, NaN and
 * infinities are in the average for as long as they are in the window. An exponential average leaves out NaN.
 */
export class MovingAverage {
  /** Images of which the average is made. */
  count = 0;
  readonly #sum: Float64Array | Int32Array | Uint32Array;
  readonly #ring: PixelArray;
  readonly #ids: number[] = [];
  /** Place in the ring of the next image. */
  #at = 0;
  /** Up to here sums were made anew in this turn. */
  #freshTo = 0;

  /** @throws {PvaflowError} PVAFLOW_WINDOW when so many images like this one would take more than `maxBytes` */
  constructor(
    readonly of: FilePixels,
    readonly options: MovingAverageOptions,
  ) {
    const { data } = of;
    const { n, mode, maxBytes } = options;
    const kept = mode === 'window' ? n : 0;
    if (kept * data.byteLength > maxBytes) {
      const [wanted, limit] = [kept * data.byteLength, maxBytes].map((bytes) => `${Math.ceil(bytes / 1e6)} MB`);
      throw new PvaflowError('PVAFLOW_WINDOW', `a window of ${n} images would take ${wanted}, more than ${limit}`);
    }
    const type = data.constructor as PixelArrayType;
    this.#ring = new type(kept * data.length);
    this.#sum = mode === 'window' ? newSums(of, n) : new Float64Array(data.length).fill(NaN);
  }

  /**
   * Whether an image can follow those before: it is like them, and its id is higher than that of the oldest of the last n. Else the source
   * has begun anew.
   */
  continues(image: FilePixels, id: number): boolean {
    const oldest = this.#ids[this.count === this.options.n ? this.#at : 0];
    return areAlike(image, this.of) && (oldest === undefined || id > oldest);
  }

  /**
   * Takes an image in, and writes the average into `target`, which may be the image's own pixels.
   *
   * @returns how many pixels were clipped because the type of `target` cannot hold them
   */
  add({ data }: FilePixels, id: number, target: PixelArray): number {
    this.#ids[this.#at] = id;
    this.count = Math.min(this.count + 1, this.options.n);
    const clipped =
      this.options.mode === 'exponential'
        ? kernels.moveAverage(this.#sum as Float64Array, data, target, 1 / this.count)
        : this.#slide(data, target);
    this.#at = (this.#at + 1) % this.options.n;
    return clipped;
  }

  #slide(data: PixelArray, target: PixelArray): number {
    const size = data.length;
    const isExact = !isFloat(data) && !is64Bit(data);
    const clipped = kernels.slide(this.#sum, this.#ring, this.#at * size, data, target, this.count);
    if (isExact) return clipped;
    const last = Math.min(size, this.#freshTo + Math.ceil(size / (TURNS * this.options.n)));
    kernels.sumAnew(this.#sum as Float64Array, this.#ring, this.#freshTo, last);
    this.#freshTo = last === size ? 0 : last;
    return clipped;
  }
}

/** Zeros: integers of 32 bits where these hold the sum of a window. */
function newSums({ data, dtype }: FilePixels, n: number): Float64Array | Int32Array | Uint32Array {
  const type = sumType(dtype, n);
  if (type === 'uint32') return new Uint32Array(data.length);
  return type === 'int32' ? new Int32Array(data.length) : new Float64Array(data.length);
}
