import { kernels } from '../pva/kernels.js';
import type { NumberArray, PixelArray, PixelType } from '../pva/normative/pixel-types.js';
import type { FilePixels } from './files/file-pixels.js';
import { areAlike } from './frame-values.js';
import { is64Bit } from './pixel-range.js';

/** The narrowest type of pixels, of at least 32 bits, that holds every sum of `n` images; of 64-bit integers, their own. */
export function sumType(dtype: PixelType, n: number): Exclude<PixelType, 'boolean'> {
  if (dtype === 'float32' || dtype === 'float64') return 'float64';
  const bits = dtype === 'boolean' ? 1 : Number(/\d+$/.exec(dtype)?.[0]);
  const isSigned = dtype.startsWith('int');
  const fits = bits <= 16 && n * (isSigned ? 2 ** (bits - 1) : 2 ** bits - 1) < 2 ** (isSigned ? 31 : 32);
  return `${isSigned ? 'int' : 'uint'}${fits ? 32 : 64}`;
}

/**
 * The sum of images that are alike. It is exact for all integers. Floats are added in double precision; NaN stays NaN, and
 * infinities stay.
 */
export class ImageSum {
  /** Images in the sum. */
  count = 0;
  readonly #sums: NumberArray | Longs;

  /** @param n how many images will be added at most, up to a million */
  constructor(
    readonly of: FilePixels,
    readonly n: number,
  ) {
    this.#sums = newSums(of, n);
  }

  accepts(image: FilePixels): boolean {
    return areAlike(image, this.of);
  }

  /** An image that `accepts`. */
  add({ data }: FilePixels): void {
    this.count++;
    const sums = this.#sums;
    if ('upper' in sums) kernels.addLong(sums.upper, sums.lower, data);
    else kernels.add(sums, data);
  }

  /**
   * Writes the sum into pixels of any type, and begins the next one.
   *
   * @returns how many pixels were clipped because the type of `target` cannot hold them
   */
  take(target: PixelArray): number {
    const sums = this.#sums;
    const clipped = 'upper' in sums ? kernels.storeLong(sums.upper, sums.lower, target) : kernels.store(sums, target);
    this.reset();
    return clipped;
  }

  /** Begins anew. */
  reset(): void {
    if ('upper' in this.#sums) {
      this.#sums.upper.fill(0n);
      this.#sums.lower.fill(0n);
    } else this.#sums.fill(0);
    this.count = 0;
  }
}

/** Sums of 64-bit integers: `upper × 2^64 + lower`. */
interface Longs {
  readonly upper: BigInt64Array;
  readonly lower: BigUint64Array;
}

/**
 * Zeros of a type that holds the sums exactly, the narrowest for those of 8 and 16 bits: to read and write sums is what takes the time.
 * Doubles are exact up to 2^53, which is a million images of 32 bits.
 */
function newSums({ dtype, data }: FilePixels, n: number): NumberArray | Longs {
  const { length } = data;
  if (is64Bit(data)) return { upper: new BigInt64Array(length), lower: new BigUint64Array(length) };
  if (data.BYTES_PER_ELEMENT === 1 && n <= 256)
    return dtype === 'int8' ? new Int16Array(length) : new Uint16Array(length);
  const type = sumType(dtype, n);
  if (type === 'uint32') return new Uint32Array(length);
  return type === 'int32' ? new Int32Array(length) : new Float64Array(length);
}
