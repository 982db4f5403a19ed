import type { Raster } from './image-view.js';

/** Pixel values from `low` (drawn darkest) to `high` (drawn brightest). */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Where a picture's range comes from: the extremes, the bulk of the pixels, or the user. */
export type Scaling = 'percentile' | 'minmax' | Range;

const PERCENTILES = { low: 0.005, high: 0.995 };
const SAMPLES = 1 << 16;

/** Smallest and largest finite pixel; NaN when there is none. */
export function extremes(image: Raster): Range {
  let low = Infinity;
  let high = -Infinity;
  for (let channel = 0; channel < image.channels; channel++) {
    for (let y = 0; y < image.height; y++) {
      let at = image.offset + channel * image.channelStride + y * image.yStride;
      for (let x = 0; x < image.width; x++, at += image.xStride) {
        const value = image.data[at] as number;
        if (value < low && value !== -Infinity) low = value;
        if (value > high && value !== Infinity) high = value;
      }
    }
  }
  return low <= high ? { low, high } : { low: NaN, high: NaN };
}

/** Up to 65,536 finite pixels, evenly spread, in order of size. */
function sortedSample(image: Raster): Float64Array {
  const total = image.width * image.height;
  const step = Math.max(1, Math.ceil(total / SAMPLES));
  const sample: number[] = [];
  for (let pixel = 0; pixel < total; pixel += step) {
    const at = image.offset + Math.floor(pixel / image.width) * image.yStride + (pixel % image.width) * image.xStride;
    for (let channel = 0; channel < image.channels; channel++) {
      const value = image.data[at + channel * image.channelStride] as number;
      if (Number.isFinite(value)) sample.push(value);
    }
  }
  return Float64Array.from(sample).sort();
}

function percentiles(image: Raster): Range {
  const sample = sortedSample(image);
  const at = (fraction: number) => sample[Math.round(fraction * (sample.length - 1))] ?? NaN;
  return { low: at(PERCENTILES.low), high: at(PERCENTILES.high) };
}

/**
 * The range to draw an image with. Percentiles leave out the darkest and the brightest half per cent, so that one hot
 * pixel does not blacken the rest; where nearly all pixels are equal (a small spot on a dark field) the extremes are
 * taken instead.
 */
export function rangeOf(image: Raster, scaling: Scaling, whole: Range): Range {
  if (typeof scaling === 'object') return scaling;
  if (scaling === 'minmax') return whole;
  const bulk = percentiles(image);
  return bulk.high > bulk.low ? bulk : whole;
}
