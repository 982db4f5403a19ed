import { native, type NativeValue } from '../native.js';
import type { Way } from '../native-image.js';
import type { Dimension } from './nt-nd-array.js';

/** Figures of each dimension, in the order of native/value/image-layout.cpp: size, offset, fullSize, binning and reverse. */
const PER_DIMENSION = 5;
const MAX_DIMENSIONS = 10;

/** Written anew by each call and read at once: JavaScript does one thing at a time. */
const figures = new Float64Array(PER_DIMENSION * MAX_DIMENSIONS);

/** The dimensions of an NTNDArray, by one call of the addon; undefined where they are not what they are in most frames. */
export function readDimensions(value: NativeValue): Dimension[] | undefined {
  const count = native.readDimensions(value, figures);
  if (count < 0) return undefined;
  const dimensions: Dimension[] = [];
  for (let first = 0; dimensions.length < count; first += PER_DIMENSION)
    dimensions.push({
      size: at(first),
      offset: at(first + 1),
      fullSize: at(first + 2),
      binning: at(first + 3),
      reverse: at(first + 4) !== 0,
    });
  return dimensions;
}

/** Sets the dimensions, ten at most, and the sizes, in bytes, of a frame that is not compressed, by one call of the addon. */
export function writeLayout(value: NativeValue, bytes: number, dimensions: readonly Dimension[]): void {
  write(dimensions);
  native.writeLayout(value, bytes, figures, dimensions.length);
}

/**
 * Gives a frame that is not compressed those of its elements that a way leads to, dimensions, ten at most, that make as many, and their
 * sizes, by one call of the addon. When it throws the frame is as it was.
 */
export function gatherImage(value: NativeValue, way: Way, dimensions: readonly Dimension[]): void {
  write(dimensions);
  native.gatherImage(value, ...way, figures, dimensions.length);
}

function write(dimensions: readonly Dimension[]): void {
  let place = 0;
  for (const { size, offset, fullSize, binning, reverse } of dimensions) {
    figures[place++] = size;
    figures[place++] = offset;
    figures[place++] = fullSize;
    figures[place++] = binning;
    figures[place++] = Number(reverse);
  }
}

function at(place: number): number {
  return figures[place] as number;
}
