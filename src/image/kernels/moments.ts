/** Loops of statistics. 64-bit integers are taken as doubles. */
import type { PixelArray } from '../../pva/normative/pixel-types.js';
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
  /** Sums of the distances from the first value, and of their squares. */
  distances: number;
  squares: number;
}

export const pixelMoments = specialized((data: PixelArray): PixelMoments => {
  const size = data.length;
  let first = 0;
  while (first < size && Number(data[first]) - Number(data[first]) !== 0) first++;
  const origin = first < size ? Number(data[first]) : 0;
  let [count, total, distances, squares] = [0, 0, 0, 0];
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
    const distance = value - origin;
    count++;
    total += value;
    distances += distance;
    squares += distance * distance;
  }
  return { count, min, minAt, max, maxAt, total, distances, squares };
});

/**
 * Adds the values of a plane of pixels that are finite and reach the threshold to the sums of columns and rows.
 *
 * @param start where the plane begins, `step` and `row`: distances of its columns and rows
 * @returns the sum of value × column × row
 */
export const addProfiles = specialized(
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
        const bin = Math.floor((value - min) * scale + 0.5);
        bins[bin] = (bins[bin] as number) + 1;
      }
    }
    return { below, above };
  },
);
