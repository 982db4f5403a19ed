/**
 * Statistics of images, under the names of areaDetector's NDPluginStats.
 * https://areadetector.github.io/areaDetector/ADCore/NDPluginStats.html
 */
import { kernels } from '../pva/kernels.js';
import { ColorMode, colorDimension, strides } from './color-mode.js';
import type { FilePixels } from './files/file-pixels.js';
import { pixelMoments } from './moments.js';

/**
 * Extremes, their places (column X, row Y), mean, standard deviation and sum of all values that are finite, of all colours together;
 * 0 when none is. `NotFinite` counts the others.
 */
export interface PixelStatistics {
  readonly MinValue: number;
  readonly MinX: number;
  readonly MinY: number;
  readonly MaxValue: number;
  readonly MaxX: number;
  readonly MaxY: number;
  readonly MeanValue: number;
  readonly Sigma: number;
  readonly Total: number;
  readonly NotFinite: number;
}

/** One pass over the pixels; the standard deviation is that of all pixels (divided by their number). */
export function pixelStatistics(image: FilePixels): PixelStatistics {
  const { count, min, minAt, max, maxAt, total, origin, squares } = pixelMoments(image.data);
  const isNone = count === 0;
  const variance = isNone ? 0 : Math.max(0, squares / count - (total / count - origin) ** 2);
  const [MinX, MinY] = isNone ? [0, 0] : placeOf(minAt, image);
  const [MaxX, MaxY] = isNone ? [0, 0] : placeOf(maxAt, image);
  return {
    MinValue: isNone ? 0 : min,
    MinX,
    MinY,
    MaxValue: isNone ? 0 : max,
    MaxX,
    MaxY,
    MeanValue: isNone ? 0 : total / count,
    Sigma: Math.sqrt(variance),
    Total: total,
    NotFinite: image.data.length - count,
  };
}

/** Column and row of an element. */
function placeOf(at: number, { nx, ny, colorMode }: FilePixels): [number, number] {
  switch (colorMode) {
    case ColorMode.RGB1:
      return [Math.floor(at / 3) % nx, Math.floor(at / (3 * nx))];
    case ColorMode.RGB2:
      return [at % nx, Math.floor(at / (3 * nx))];
    case ColorMode.RGB3:
      return [at % nx, Math.floor(at / nx) % ny];
    default:
      return [at % nx, Math.floor(at / nx)];
  }
}

/** Where the light is, how wide, and how its spread is turned: in pixels, degrees. All 0 when nothing reaches the threshold. */
export interface CentroidStatistics {
  readonly CentroidTotal: number;
  readonly CentroidX: number;
  readonly CentroidY: number;
  readonly SigmaX: number;
  readonly SigmaY: number;
  /** Correlation of X and Y, -1 to 1. */
  readonly SigmaXY: number;
  readonly SkewX: number;
  readonly SkewY: number;
  readonly KurtosisX: number;
  readonly KurtosisY: number;
  /** 0 of what is round, 1 of a line. */
  readonly Eccentricity: number;
  readonly Orientation: number;
}

/** The sums of columns and rows, kept from image to image. */
let profiles = { columns: new Float64Array(0), rows: new Float64Array(0) };

/** Moments of the pixels that are finite and reach a threshold; colours are added. */
export function centroidStatistics(image: FilePixels, threshold: number): CentroidStatistics {
  const { nx, ny, colorMode, data } = image;
  if (profiles.columns.length !== nx || profiles.rows.length !== ny)
    profiles = { columns: new Float64Array(nx), rows: new Float64Array(ny) };
  const { columns, rows } = profiles;
  columns.fill(0);
  rows.fill(0);
  const [row = 0, step = 0, color = 0] = strides(colorMode, nx, ny);
  let mixed = 0;
  for (let c = 0; c < (colorDimension(colorMode) === undefined ? 1 : 3); c++)
    mixed += kernels.profiles(data, columns, rows, c * color, step, row, nx, ny, threshold);
  const [x, y] = [profileMoments(columns), profileMoments(rows)];
  const { total } = x;
  if (!(total > 0)) return nothing;
  const covariance = mixed / total - x.mean * y.mean;
  const [sigmaX, sigmaY] = [Math.sqrt(x.variance), Math.sqrt(y.variance)];
  const sum = x.variance + y.variance;
  return {
    CentroidTotal: total,
    CentroidX: x.mean,
    CentroidY: y.mean,
    SigmaX: sigmaX,
    SigmaY: sigmaY,
    SigmaXY: sigmaX * sigmaY > 0 ? covariance / (sigmaX * sigmaY) : 0,
    SkewX: x.skew,
    SkewY: y.skew,
    KurtosisX: x.kurtosis,
    KurtosisY: y.kurtosis,
    Eccentricity: sum > 0 ? ((x.variance - y.variance) ** 2 + 4 * covariance ** 2) / sum ** 2 : 0,
    Orientation: (0.5 * Math.atan2(2 * covariance, x.variance - y.variance) * 180) / Math.PI,
  };
}

const nothing: CentroidStatistics = {
  CentroidTotal: 0,
  CentroidX: 0,
  CentroidY: 0,
  SigmaX: 0,
  SigmaY: 0,
  SigmaXY: 0,
  SkewX: 0,
  SkewY: 0,
  KurtosisX: 0,
  KurtosisY: 0,
  Eccentricity: 0,
  Orientation: 0,
};

function profileMoments(profile: Float64Array) {
  let [total, first] = [0, 0];
  profile.forEach((value, i) => {
    total += value;
    first += value * i;
  });
  const mean = first / total;
  let [second, third, fourth] = [0, 0, 0];
  profile.forEach((value, i) => {
    const distance = i - mean;
    second += value * distance ** 2;
    third += value * distance ** 3;
    fourth += value * distance ** 4;
  });
  const variance = Math.max(0, second / total);
  const isWide = variance > 0;
  return {
    total,
    mean,
    variance,
    skew: isWide ? third / total / variance ** 1.5 : 0,
    kurtosis: isWide ? fourth / total / variance ** 2 - 3 : 0,
  };
}

export interface HistogramStatistics {
  /** How many values are nearest to the middle of each bin; of the first that is `min`, of the last `max`. */
  readonly Histogram: Float64Array;
  readonly HistBelow: number;
  readonly HistAbove: number;
  /** Minus the sum of count × ln(count), by the number of elements. */
  readonly HistEntropy: number;
}

/** A histogram of `size` bins, at least two; `max` above `min`. */
export function histogramStatistics({ data }: FilePixels, min: number, max: number, size: number): HistogramStatistics {
  const Histogram = new Float64Array(size);
  const outside = new Float64Array(2);
  kernels.histogram(data, Histogram, outside, min, max);
  const [below = 0, above = 0] = outside;
  const entropy = Histogram.reduce((sum, count) => (count > 0 ? sum - count * Math.log(count) : sum), 0);
  return { Histogram, HistBelow: below, HistAbove: above, HistEntropy: entropy / data.length };
}
