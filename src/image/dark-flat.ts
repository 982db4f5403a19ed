import { PvaflowError } from '../core/errors.js';
import { kernels } from '../pva/kernels.js';
import type { NumberArray, PixelArray } from '../pva/normative/pixel-types.js';
import { strides } from './color-mode.js';
import type { FilePixels } from './files/file-pixels.js';

/** An image that others are corrected by: shape (ny, nx), or (ny, nx, 3) for each colour by itself. */
export interface ReferenceImage {
  readonly shape: readonly number[];
  readonly data: PixelArray;
  /** For messages. */
  readonly name: string;
}

/**
 * What becomes of a pixel whose flat field, after subtraction of the dark image, is not above zero or no number: `zero`, `nan`, or
 * `keep`, its value less the dark image, without a gain.
 */
export const zeroFlatRules = ['zero', 'nan', 'keep'] as const;
export type ZeroFlatRule = (typeof zeroFlatRules)[number];

export interface DarkFlatOptions {
  /** Without it, nothing is subtracted. */
  readonly dark?: ReferenceImage | undefined;
  /** Without it, nothing is divided by. */
  readonly flat?: ReferenceImage | undefined;
  /** What a pixel of the flat field itself becomes; `mean`: the mean of the flat field, so that images keep their magnitude. */
  readonly scale: number | 'mean';
  readonly zeroFlat: ZeroFlatRule;
}

/** What is made of the references for images of one layout. */
interface Terms {
  readonly of: FilePixels;
  readonly dark: NumberArray;
  readonly gain: NumberArray;
  readonly nZeroFlat: number;
}

/**
 * Dark and flat field correction: `(image - dark) * scale / (flat - dark)`, in double precision; in single precision where integers of up
 * to 16 bits become float32.
 *
 * Dark image and gains are kept as float32 for images of up to 16 bits and of float32, else as float64.
 */
export class DarkFlatCorrection {
  #terms: Terms | undefined;

  constructor(readonly options: DarkFlatOptions) {}

  /** Pixels of the last image for which `zeroFlat` was applied. */
  get nZeroFlat(): number {
    return this.#terms?.nZeroFlat ?? 0;
  }

  /**
   * Writes a corrected image into `target`, which may be the image's own pixels.
   *
   * @returns how many pixels were clipped because the type of `target` cannot hold them
   * @throws {PvaflowError} PVAFLOW_REFERENCE when a reference has another size
   */
  correct(image: FilePixels, target: PixelArray): number {
    const { dark, gain } = this.#termsFor(image);
    return kernels.correct(image.data, target, dark, gain);
  }

  #termsFor(image: FilePixels): Terms {
    const { of } = this.#terms ?? {};
    const isSame =
      of?.nx === image.nx && of.ny === image.ny && of.colorMode === image.colorMode && of.dtype === image.dtype;
    if (!isSame) this.#terms = termsFor(image, this.options);
    return this.#terms as Terms;
  }
}

function termsFor(image: FilePixels, { dark: darkImage, flat: flatImage, scale, zeroFlat }: DarkFlatOptions): Terms {
  const dark = spread(image, darkImage, 0);
  const flat = spread(image, flatImage, 1);
  if (flatImage === undefined) return terms(image, dark, flat, 0);
  let [sum, nGood] = [0, 0];
  const isGood = (difference: number) => difference > 0 && difference < Infinity;
  for (let i = 0; i < flat.length; i++) {
    const difference = (flat[i] as number) - (dark[i] as number);
    flat[i] = difference;
    if (!isGood(difference)) continue;
    sum += difference;
    nGood++;
  }
  if (nGood === 0)
    throw new PvaflowError(
      'PVAFLOW_REFERENCE',
      `${flatImage.name} is nowhere brighter than the dark image: no gain can be made of it`,
    );
  const numerator = scale === 'mean' ? sum / nGood : scale;
  const instead = { zero: 0, nan: NaN, keep: 1 }[zeroFlat];
  for (let i = 0; i < flat.length; i++) {
    const difference = flat[i] as number;
    flat[i] = isGood(difference) ? numerator / difference : instead;
  }
  return terms(image, dark, flat, flat.length - nGood);
}

/** The references as they are kept. */
function terms(of: FilePixels, dark: Float64Array, gain: Float64Array, nZeroFlat: number): Terms {
  const isNarrow = of.data.BYTES_PER_ELEMENT <= 2 || of.dtype === 'float32';
  const kept = (values: Float64Array) => (isNarrow ? Float32Array.from(values) : values);
  return { of: { ...of, data: new Uint8Array(0) }, dark: kept(dark), gain: kept(gain), nZeroFlat };
}

/** A reference with an element for each of the image, in the image's order; without one, all elements are `otherwise`. */
function spread(
  { nx, ny, colorMode, data }: FilePixels,
  reference: ReferenceImage | undefined,
  otherwise: number,
): Float64Array {
  const values = new Float64Array(data.length);
  if (reference === undefined) return values.fill(otherwise);
  const [rows, columns, colors = 1] = reference.shape;
  const isColor = data.length === 3 * nx * ny;
  if (rows !== ny || columns !== nx || (colors !== 1 && !(colors === 3 && isColor)) || reference.shape.length > 3) {
    const found = reference.shape.join(' × ');
    const wanted = `${ny} × ${nx}${isColor ? ' or that × 3' : ''}`;
    throw new PvaflowError(
      'PVAFLOW_REFERENCE',
      `${reference.name} has ${found} pixels, but images have ${wanted} (rows × columns)`,
    );
  }
  const [row = 0, column = 0, color = 0] = strides(colorMode, nx, ny);
  for (let y = 0, from = 0; y < ny; y++)
    for (let x = 0; x < nx; x++, from++)
      for (let c = 0; c < (isColor ? 3 : 1); c++)
        values[y * row + x * column + c * color] = Number(reference.data[colors === 3 ? 3 * from + c : from]);
  return values;
}
