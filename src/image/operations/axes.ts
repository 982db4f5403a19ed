import type { Dimension } from '../../pva/normative/nt-nd-array.js';
import { colorDimension, type ColorMode } from '../color-mode.js';

/** What a frame says of its columns and rows: where on the detector they are. */
export interface Axes {
  readonly x: Dimension;
  readonly y: Dimension;
}

/** The axes of dimensions that lie in this order. `fullSize` and `binning` that say nothing become what they stand for. */
export function axesOf(dimensions: readonly Dimension[], mode: ColorMode): Axes {
  const [x, y] = dimensions.filter((_, at) => at !== colorDimension(mode));
  return { x: stated(x), y: stated(y) };
}

function stated({ size, offset, fullSize, binning, reverse }: Dimension = nothing): Dimension {
  return { size, offset, fullSize: fullSize > 0 ? fullSize : size, binning: Math.max(1, binning), reverse };
}

const nothing: Dimension = { size: 0, offset: 0, fullSize: 0, binning: 1, reverse: false };
const colors: Dimension = { size: 3, offset: 0, fullSize: 3, binning: 1, reverse: false };

/** The dimensions of an image in this colour mode, the one that varies fastest first. */
export function dimensionsOf({ x, y }: Axes, mode: ColorMode): Dimension[] {
  const dimensions = [x, y];
  const at = colorDimension(mode);
  if (at !== undefined) dimensions.splice(at, 0, colors);
  return dimensions;
}

/** The axis seen from its other end. */
export function reversed(axis: Dimension): Dimension {
  return { ...axis, reverse: !axis.reverse };
}

/**
 * What is left of an axis when `count` pixels are made of those from `start` to before `end`, each of `step` of them. `offset`
 * and `binning` say it in pixels of the detector, from its own first pixel on, also for an axis that is reversed.
 */
export function partOf(axis: Dimension, start: number, end: number, count: number, step = 1): Dimension {
  const before = axis.reverse ? axis.size - end : start;
  return { ...axis, size: count, offset: axis.offset + before * axis.binning, binning: axis.binning * step };
}
