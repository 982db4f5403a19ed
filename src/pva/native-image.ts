import type { PixelArray } from './normative/pixel-types.js';

/** A way through the elements of an array: three loops, one within the other, the slowest first. */
export type Way = readonly [
  offset: number,
  outer: number,
  outerStep: number,
  middle: number,
  middleStep: number,
  inner: number,
  innerStep: number,
];

/** A plane of pixels: where it begins, the distances from column to column and from row to row, columns and rows. */
export type Plane = readonly [start: number, step: number, row: number, nx: number, ny: number];

/** Loops over pixels; what they do, and what they refuse, is told in native/image/kernels.h. */
export interface NativeImage {
  gather(source: PixelArray, target: PixelArray, ...way: Way): void;
  bin(
    source: PixelArray,
    target: PixelArray,
    outer: number,
    outerStep: number,
    inner: number,
    innerStep: number,
    rowStep: number,
    binX: number,
    binY: number,
    columns: number,
    perPixel: number,
    divisor: number,
  ): number;
  luminance(
    source: PixelArray,
    target: PixelArray,
    nx: number,
    ny: number,
    stepX: number,
    stepY: number,
    stepColor: number,
    red: number,
    green: number,
    blue: number,
  ): void;
  threshold(pixels: PixelArray, mode: number, level: number, value: number): number;
  correct(source: PixelArray, target: PixelArray, dark: PixelArray, gain: PixelArray): number;
  scale(source: PixelArray, target: PixelArray, low: number, factor: number): number;
  add(sums: PixelArray, pixels: PixelArray): void;
  addLong(upper: BigInt64Array, lower: BigUint64Array, pixels: PixelArray): void;
  store(values: PixelArray, target: PixelArray): number;
  storeLong(upper: BigInt64Array, lower: BigUint64Array, target: PixelArray): number;
  slide(
    sums: PixelArray,
    ring: PixelArray,
    start: number,
    source: PixelArray,
    target: PixelArray,
    count: number,
  ): number;
  sumAnew(sums: Float64Array, ring: PixelArray, first: number, last: number): void;
  moveAverage(averages: Float64Array, source: PixelArray, target: PixelArray, weight: number): number;
  moments(pixels: PixelArray, figures: Float64Array): void;
  profiles(
    pixels: PixelArray,
    columns: Float64Array,
    rows: Float64Array,
    ...planeAndThreshold: readonly [...Plane, threshold: number]
  ): number;
  histogram(pixels: PixelArray, bins: Float64Array, outside: Float64Array, min: number, max: number): void;
  findHot(pixels: PixelArray, found: Int32Array, ...planeAndThreshold: readonly [...Plane, threshold: number]): number;
  repairHot(
    pixels: PixelArray,
    marks: Uint8Array,
    list: Int32Array,
    count: number,
    ...planeAndReach: readonly [...Plane, reach: number]
  ): number;
  /** Whether the best vectors of this processor are used, as they are by default; results are the same. For tests. */
  useBestVectors(best: boolean): void;
}
