/**
 * Sums and means of rectangles of pixels. Sums are exact: of integers up to 32 bits they are below 2^53, and 64-bit integers are
 * added as two halves of 32 bits. Rounded is to the nearest, halves up.
 */
import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import type { Walk } from './gather.js';
import { is64Bit, isFloat, pixelRange } from '../pixel-range.js';
import { halvesOf, LOW_HALF, type Halves } from './halves.js';
import { specialized } from './specialized.js';

/** Largest number of columns or rows that make one pixel: more would not be exact. */
export const MAX_BIN = 512;

/** What each pixel of the target is made of: `walk` goes from the first of its pixels to the first of the next. */
export interface Bins {
  readonly walk: Walk;
  readonly binX: number;
  readonly binY: number;
  /** From one column, and from one row, to the next. */
  readonly stepX: number;
  readonly stepY: number;
  /** The sum is divided by it: 1, or the number of pixels. */
  readonly divisor: number;
}

/** What the target holds: integers of a range, or any number. Of 64-bit integers the range is that of the upper half. */
interface Held {
  readonly isInteger: boolean;
  readonly low: number;
  readonly high: number;
  readonly isWide: boolean;
}

/**
 * Bins `source` into `target`, one pixel after the other. What the target does not hold becomes the nearest value that it holds,
 * and what is no number 0.
 *
 * @returns how many values were changed so
 */
export function bin(source: PixelArray, target: PixelArray, bins: Bins): number {
  const held = heldBy(target);
  const to = halvesOf(target)?.signed ?? (target as NumberArray);
  const from = halvesOf(source);
  if (from !== undefined) return binHalves(from.signed, from.plain, to, bins, held, LOW_HALF);
  const mustRound = held.isInteger && (bins.divisor !== 1 || isFloat(source));
  return binNumbers(source as NumberArray, to, bins, held, mustRound, LOW_HALF);
}

function heldBy(target: PixelArray): Held {
  const isWide = is64Bit(target);
  const { min: low, max: high } = pixelRange(isWide ? (halvesOf(target) as Halves).signed : target);
  return { isInteger: !isFloat(target), low, high, isWide };
}

const binNumbers = specialized(function (
  from: NumberArray,
  to: NumberArray,
  { walk: { offset, counts, steps }, binX, binY, stepX, stepY, divisor }: Bins,
  { isInteger, low, high, isWide }: Held,
  mustRound: boolean,
  lowHalf: number,
): number {
  const [outer, middle, inner] = counts;
  const [outerStep, middleStep, step] = steps;
  let changed = 0;
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < middle; j++) {
      let first = offset + i * outerStep + j * middleStep;
      for (let k = 0; k < inner; k++, first += step, at++) {
        let sum = 0;
        for (let y = 0, row = first; y < binY; y++, row += stepY)
          for (let x = 0, source = row; x < binX; x++, source += stepX) sum += from[source] as number;
        if (mustRound) sum = Math.floor((2 * sum + divisor) / (2 * divisor));
        else if (divisor !== 1) sum /= divisor;
        if (isWide) {
          let upper = Math.floor(sum / 4294967296);
          let lower = sum - upper * 4294967296;
          if (!(upper >= low && upper <= high)) {
            changed++;
            lower = upper > high ? 4294967295 : 0;
            upper = upper > high ? high : upper < low ? low : 0;
          }
          to[2 * at + lowHalf] = lower;
          to[2 * at + 1 - lowHalf] = upper;
        } else if (!isInteger) to[at] = sum;
        else if (sum >= low && sum <= high) to[at] = sum;
        else {
          changed++;
          to[at] = sum > high ? high : sum < low ? low : 0;
        }
      }
    }
  }
  return changed;
});

/** As binNumbers, of the halves of 64-bit integers: `signed` shows the upper halves as they are meant, `plain` the lower ones. */
const binHalves = specialized(function (
  signed: Int32Array | Uint32Array,
  plain: Uint32Array,
  to: NumberArray,
  { walk: { offset, counts, steps }, binX, binY, stepX, stepY, divisor }: Bins,
  { isInteger, low, high, isWide }: Held,
  lowHalf: number,
): number {
  const [outer, middle, inner] = counts;
  const [outerStep, middleStep, step] = steps;
  let changed = 0;
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < middle; j++) {
      let first = offset + i * outerStep + j * middleStep;
      for (let k = 0; k < inner; k++, first += step, at++) {
        let upper = 0;
        let lower = 0;
        for (let y = 0, row = first; y < binY; y++, row += stepY) {
          for (let x = 0, source = 2 * row; x < binX; x++, source += 2 * stepX) {
            upper += signed[source + 1 - lowHalf] as number;
            lower += plain[source + lowHalf] as number;
          }
        }
        if (divisor !== 1 && isInteger) {
          // (2 sum + divisor) / (2 divisor), as one divides by hand
          const quotient = Math.floor(upper / divisor);
          lower = Math.floor((2 * ((upper - quotient * divisor) * 4294967296 + lower) + divisor) / (2 * divisor));
          upper = quotient;
        }
        const carry = Math.floor(lower / 4294967296);
        upper += carry;
        lower -= carry * 4294967296;
        if (isWide) {
          if (upper < low || upper > high) {
            changed++;
            lower = upper > high ? 4294967295 : 0;
            upper = upper > high ? high : low;
          }
          to[2 * at + lowHalf] = lower;
          to[2 * at + 1 - lowHalf] = upper;
          continue;
        }
        const sum = upper * 4294967296 + lower;
        if (!isInteger) to[at] = divisor === 1 ? sum : sum / divisor;
        else if (sum >= low && sum <= high) to[at] = sum;
        else {
          changed++;
          to[at] = sum > high ? high : low;
        }
      }
    }
  }
  return changed;
});
