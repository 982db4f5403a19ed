/** Loops over one plane of pixels: `start` is where it begins, `step` and `row` are the distances of its columns and rows. */
import type { Pixels } from '../image-view.js';
import { specialized } from './specialized.js';

/**
 * Lists the pixels that exceed the median of their neighbours (eight; at edges five, in corners three) by more than a threshold, into
 * `found`, until that is full. Of an even number of neighbours the upper one of the two in the middle counts. NaN is not hot, and no
 * neighbour that makes a pixel hot.
 *
 * @returns how many were found, also beyond the end of `found`
 */
export const findHot = specialized(
  (
    data: Pixels,
    found: Int32Array,
    start: number,
    step: number,
    row: number,
    nx: number,
    ny: number,
    threshold: number | bigint,
  ): number => {
    let count = 0;
    for (let y = 0; y < ny; y++) {
      for (let x = 0, at = start + y * row; x < nx; x++, at += step) {
        const limit = (data[at] as number) - (threshold as number);
        if (x > 0 && x < nx - 1 && y > 0 && y < ny - 1) {
          // Among eight, five must be lower: with four that are not, the other four need not be looked at.
          let lower = 0;
          if (data[at - step] < limit) lower++;
          if (data[at + step] < limit) lower++;
          if (data[at - row] < limit) lower++;
          if (data[at + row] < limit) lower++;
          if (lower === 0) continue;
          if (data[at - row - step] < limit) lower++;
          if (data[at - row + step] < limit) lower++;
          if (data[at + row - step] < limit) lower++;
          if (data[at + row + step] < limit) lower++;
          if (lower < 5) continue;
        } else {
          let [lower, neighbours] = [0, 0];
          for (let v = y > 0 ? y - 1 : 0; v <= y + 1 && v < ny; v++) {
            for (let u = x > 0 ? x - 1 : 0; u <= x + 1 && u < nx; u++) {
              if (u === x && v === y) continue;
              neighbours++;
              if (data[start + v * row + u * step] < limit) lower++;
            }
          }
          if (neighbours === 0 || lower * 2 <= neighbours) continue;
        }
        if (count < found.length) found[count] = at;
        count++;
      }
    }
    return count;
  },
);

/**
 * Gives pixels of a list the median of their neighbours, in a square that grows up to `reach` pixels to each side until it has any. Not
 * among these are pixels that are marked, and NaN. Of an even number it is the mean of the two in the middle, of integers rounded,
 * halves upwards.
 *
 * @param half 0.5, or 0 for floats
 * @returns how many stayed as they were, because there are no neighbours
 */
export const repairHot = specialized(
  (
    data: Pixels,
    marks: Uint8Array,
    list: Int32Array,
    count: number,
    start: number,
    step: number,
    row: number,
    nx: number,
    ny: number,
    reach: number,
    half: number,
  ): number => {
    const sorted: (number | bigint)[] = [];
    let left = 0;
    for (let i = 0; i < count; i++) {
      const at = list[i] as number;
      const y = Math.floor((at - start) / row);
      const x = ((at - start) % row) / step;
      let found = 0;
      for (let radius = 1; radius <= reach && found === 0; radius++) {
        for (let v = Math.max(0, y - radius); v <= y + radius && v < ny; v++) {
          for (let u = Math.max(0, x - radius); u <= x + radius && u < nx; u++) {
            const other = start + v * row + u * step;
            const value = data[other] as number;
            if (marks[other] !== 0 || value !== value) continue;
            let place = found++;
            for (; place > 0 && (sorted[place - 1] as number) > value; place--) {
              sorted[place] = sorted[place - 1] as number;
            }
            sorted[place] = value;
          }
        }
      }
      const low = sorted[(found - 1) >> 1] as number | bigint;
      const high = sorted[found >> 1] as typeof low;
      if (found === 0) left++;
      else if (low === high) data[at] = low;
      else if (typeof low === 'bigint') data[at] = (low + (high as bigint) + 1n) >> 1n;
      else data[at] = half === 0 ? low / 2 + (high as number) / 2 : Math.floor((low + (high as number)) / 2 + half);
    }
    return left;
  },
);
