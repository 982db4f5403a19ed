/** Loops of statistics. 64-bit integers are taken as doubles. */
import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import { is64Bit, isFloat, pixelRange } from '../pixel-range.js';
import { specialized } from './specialized.js';

/** Of the values that are finite. */
export interface PixelMoments {
  count: number;
  min: number;
  /** Places of the first of the smallest, and of the first of the largest. */
  minAt: number;
  max: number;
  maxAt: number;
  total: number;
  /** A value, and the sum of the squares of the distances from it. */
  origin: number;
  squares: number;
}

export function pixelMoments(data: PixelArray): PixelMoments {
  const moments = is64Bit(data) ? undefined : momentsOfAll(data);
  return moments !== undefined && Number.isFinite(moments.total) ? moments : momentsOfFinite(data);
}

/** The total is not finite when a value is not. At least one. */
const momentsOfAll = specialized((data: NumberArray): PixelMoments => {
  const count = data.length;
  const origin = data[0] as number;
  let min = origin;
  let minAt = 0;
  let max = origin;
  let maxAt = 0;
  let total = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = data[i] as number;
    if (value < min) {
      min = value;
      minAt = i;
    } else if (value > max) {
      max = value;
      maxAt = i;
    }
    total += value;
    squares += (value - origin) * (value - origin);
  }
  return { count, min, minAt, max, maxAt, total, origin, squares };
});

/** Three to five times slower. */
const momentsOfFinite = specialized((data: PixelArray): PixelMoments => {
  const size = data.length;
  let first = 0;
  while (first < size && Number(data[first]) - Number(data[first]) !== 0) first++;
  const origin = first < size ? Number(data[first]) : 0;
  let [count, total, squares] = [0, 0, 0];
  let [min, minAt, max, maxAt] = [Infinity, first, -Infinity, first];
  for (let i = first; i < size; i++) {
    const value = Number(data[i]);
    if (value - value !== 0) continue;
    if (value < min) {
      min = value;
      minAt = i;
    }
    if (value > max) {
      max = value;
      maxAt = i;
    }
    count++;
    total += value;
    squares += (value - origin) * (value - origin);
  }
  return { count, min, minAt, max, maxAt, total, origin, squares };
});

/** A plane of pixels: where it begins, and the distances of its columns and rows. */
export interface Plane {
  readonly start: number;
  readonly step: number;
  readonly row: number;
}

/**
 * Adds the values of a plane of pixels that are finite and reach the threshold to the sums of columns and rows.
 *
 * @returns the sum of value × column × row
 */
export function addProfiles(
  data: PixelArray,
  columns: Float64Array,
  rows: Float64Array,
  { start, step, row }: Plane,
  threshold: number,
): number {
  if (isFloat(data) || data.BYTES_PER_ELEMENT > 2) return addLight(data, columns, rows, start, step, row, threshold);
  const { min, max } = pixelRange(data);
  const atLeast = Math.min(Math.max(Math.ceil(threshold), min), max + 1);
  return addNarrowLight(data as NumberArray, columns, rows, start, step, row, atLeast);
}

const addLight = specialized(
  (
    data: PixelArray,
    columns: Float64Array,
    rows: Float64Array,
    start: number,
    step: number,
    row: number,
    threshold: number,
  ): number => {
    let mixed = 0;
    for (let y = 0; y < rows.length; y++) {
      let [sum, moment] = [0, 0];
      for (let x = 0, at = start + y * row; x < columns.length; x++, at += step) {
        const value = Number(data[at]);
        if (!(value >= threshold && value < Infinity)) continue;
        sum += value;
        moment += value * x;
        columns[x] = (columns[x] as number) + value;
      }
      rows[y] = (rows[y] as number) + sum;
      mixed += moment * y;
    }
    return mixed;
  },
);

/** Integers up to 16 bits, without a branch that noise would make slow. */
const addNarrowLight = specialized(
  (
    data: NumberArray,
    columns: Float64Array,
    rows: Float64Array,
    start: number,
    step: number,
    row: number,
    atLeast: number,
  ): number => {
    let mixed = 0;
    for (let y = 0; y < rows.length; y++) {
      let sum = 0;
      let moment = 0;
      for (let x = 0, at = start + y * row; x < columns.length; x++, at += step) {
        const value = data[at] as number;
        const light = value & ((atLeast - 1 - value) >> 31);
        sum += light;
        moment += light * x;
        columns[x] = (columns[x] as number) + light;
      }
      rows[y] = (rows[y] as number) + sum;
      mixed += moment * y;
    }
    return mixed;
  },
);

/**
 * Counts values in bins, the first around `min` and the last around `max`, as areaDetector does: a value is counted in the bin whose
 * middle is nearest. NaN is not counted.
 *
 * @returns how many are below `min`, how many above `max`
 */
export const countInBins = specialized(
  (data: PixelArray, bins: Float64Array, min: number, max: number): { below: number; above: number } => {
    const scale = (bins.length - 1) / (max - min);
    let [below, above] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      const value = Number(data[i]);
      if (value < min) below++;
      else if (value > max) above++;
      else if (value === value) {
        const bin = ((value - min) * scale + 0.5) | 0;
        bins[bin] = (bins[bin] as number) + 1;
      }
    }
    return { below, above };
  },
);
