import type { Raster } from './image-view.js';

/**
 * How the pixels that fall on one point of the screen become one: `mean` shows what the eye would see from afar, `max`
 * keeps a bright spot that is smaller than a point, `nearest` takes one of them.
 */
export type Reduction = 'mean' | 'max' | 'nearest';
export const reductions: readonly Reduction[] = ['mean', 'max', 'nearest'];

/** Start of each of `count` equal parts of `length` pixels, and the end of the last. */
function edges(length: number, count: number): Int32Array {
  return Int32Array.from({ length: count + 1 }, (_, i) => Math.floor((i * length) / count));
}

interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Mean of the finite pixels of a box, NaN when it has none. */
function meanOf(image: Raster, box: Box, start: number): number {
  let sum = 0;
  let count = 0;
  for (let y = box.y0; y < box.y1; y++) {
    let at = start + y * image.yStride + box.x0 * image.xStride;
    for (let x = box.x0; x < box.x1; x++, at += image.xStride) {
      const value = image.data[at] as number;
      if (Number.isFinite(value)) {
        sum += value;
        count++;
      }
    }
  }
  return sum / count;
}

/** Largest finite pixel of a box, NaN when it has none. */
function maxOf(image: Raster, box: Box, start: number): number {
  let max = NaN;
  for (let y = box.y0; y < box.y1; y++) {
    let at = start + y * image.yStride + box.x0 * image.xStride;
    for (let x = box.x0; x < box.x1; x++, at += image.xStride) {
      const value = image.data[at] as number;
      if (Number.isFinite(value) && !(value <= max)) max = value;
    }
  }
  return max;
}

function nearestOf(image: Raster, box: Box, start: number): number {
  const x = (box.x0 + box.x1 - 1) >> 1;
  const y = (box.y0 + box.y1 - 1) >> 1;
  return image.data[start + y * image.yStride + x * image.xStride] as number;
}

const samplers = { mean: meanOf, max: maxOf, nearest: nearestOf };

/** The image at another size (smaller or larger), as rows of points, the channels of a point side by side. */
export function reduce(
  image: Raster,
  size: { readonly width: number; readonly height: number },
  reduction: Reduction,
): Float64Array {
  const sample = samplers[reduction];
  const xs = edges(image.width, size.width);
  const ys = edges(image.height, size.height);
  const points = new Float64Array(size.width * size.height * image.channels);
  let out = 0;
  for (let y = 0; y < size.height; y++) {
    const y0 = ys[y] as number;
    const y1 = Math.max(y0 + 1, ys[y + 1] as number);
    for (let x = 0; x < size.width; x++) {
      const x0 = xs[x] as number;
      const box = { x0, x1: Math.max(x0 + 1, xs[x + 1] as number), y0, y1 };
      for (let channel = 0; channel < image.channels; channel++) {
        points[out++] = sample(image, box, image.offset + channel * image.channelStride);
      }
    }
  }
  return points;
}
