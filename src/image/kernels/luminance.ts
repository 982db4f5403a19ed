/** One value for each pixel of three colours. Weights are whole numbers, so that integers come out exact, rounded to the nearest. */
import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import { isFloat } from '../pixel-range.js';
import { halvesOf, LOW_HALF } from './halves.js';
import { specialized } from './specialized.js';

/** Of red, green and blue. The sum of all three is what they are divided by. */
export type Weights = readonly [number, number, number];

/** Where the colours of an image are: rows, columns and colours are so far apart. */
export interface Colors {
  readonly nx: number;
  readonly ny: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly stepColor: number;
}

/** Weighs the colours of `source` into `target`, which has the same type, row by row. */
export function luminance(source: PixelArray, target: PixelArray, colors: Colors, weights: Weights): void {
  const from = halvesOf(source);
  const to = halvesOf(target);
  if (from !== undefined && to !== undefined) {
    weighHalves(from.signed, from.plain, to.plain, colors, weights, LOW_HALF);
  } else {
    weigh(source as NumberArray, target as NumberArray, colors, weights, !isFloat(source));
  }
}

const weigh = specialized(function (
  from: NumberArray,
  to: NumberArray,
  { nx, ny, stepX, stepY, stepColor }: Colors,
  [red, green, blue]: Weights,
  isInteger: boolean,
): void {
  const divisor = red + green + blue;
  let at = 0;
  for (let y = 0; y < ny; y++) {
    let source = y * stepY;
    for (let x = 0; x < nx; x++, source += stepX, at++) {
      const sum =
        (from[source] as number) * red +
        (from[source + stepColor] as number) * green +
        (from[source + 2 * stepColor] as number) * blue;
      to[at] = isInteger ? Math.floor((2 * sum + divisor) / (2 * divisor)) : sum / divisor;
    }
  }
});

const weighHalves = specialized(function (
  signed: Int32Array | Uint32Array,
  plain: Uint32Array,
  to: Uint32Array,
  { nx, ny, stepX, stepY, stepColor }: Colors,
  [red, green, blue]: Weights,
  lowHalf: number,
): void {
  const divisor = red + green + blue;
  let at = 0;
  for (let y = 0; y < ny; y++) {
    let source = 2 * y * stepY;
    for (let x = 0; x < nx; x++, source += 2 * stepX, at += 2) {
      const [first, second, third] = [source, source + 2 * stepColor, source + 4 * stepColor];
      const high = 1 - lowHalf;
      const upper =
        (signed[first + high] as number) * red +
        (signed[second + high] as number) * green +
        (signed[third + high] as number) * blue;
      const lower =
        (plain[first + lowHalf] as number) * red +
        (plain[second + lowHalf] as number) * green +
        (plain[third + lowHalf] as number) * blue;
      // (2 sum + divisor) / (2 divisor), as one divides by hand
      const quotient = Math.floor(upper / divisor);
      const rest = Math.floor((2 * ((upper - quotient * divisor) * 4294967296 + lower) + divisor) / (2 * divisor));
      const carry = Math.floor(rest / 4294967296);
      to[at + lowHalf] = rest - carry * 4294967296;
      to[at + high] = quotient + carry;
    }
  }
});
