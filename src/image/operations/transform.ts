import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { reversed } from './axes.js';
import { frameImage, putPlaces } from './frame-image.js';
import { checkChoice } from './options.js';

interface Turn {
  /** First rows become columns. */
  readonly transpose?: boolean;
  /** Then columns, and rows, are turned around. */
  readonly mirror?: boolean;
  readonly flip?: boolean;
}

/** By the names of areaDetector's NDPluginTransform, and two that others have for them. Turns are clockwise. */
const turns = {
  none: {},
  rotate90: { transpose: true, mirror: true },
  rotate180: { mirror: true, flip: true },
  rotate270: { transpose: true, flip: true },
  mirror: { mirror: true },
  rotate90Mirror: { transpose: true },
  rotate180Mirror: { flip: true },
  rotate270Mirror: { transpose: true, mirror: true, flip: true },
  transpose: { transpose: true },
  flip: { flip: true },
} as const satisfies Record<string, Turn>;

export type Transform = keyof typeof turns;

/**
 * The ways to turn an image: those of areaDetector's NDPluginTransform (`mirror` turns left and right around, `rotate90Mirror` turns
 * clockwise and then mirrors), `transpose`, which is `rotate90Mirror`, and `flip`, which is `rotate180Mirror`.
 */
export const transforms = Object.keys(turns) as readonly Transform[];

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION when there is no such way */
export function checkTransform(transform: Transform): void {
  checkChoice('transform', transform, transforms);
}

/**
 * Turns the image of a frame, in place. Of the dimensions, `offset`, `fullSize` and `binning` stay with their axis, and `reverse`
 * changes where an axis is turned around. A frame without an image is left as it is.
 *
 * @throws {FrameError} when the frame contradicts itself
 * @throws {PvaflowError} PVAFLOW_IMAGE_OPTION
 */
export function transformNtNdArray<F extends NtNdArray>(frame: F, transform: Transform): F {
  checkTransform(transform);
  const { transpose = false, mirror = false, flip = false }: Turn = turns[transform];
  if (transform === 'none') return frame;
  const opened = frameImage(frame);
  if (opened === undefined) return frame;
  const { places, axes, nz } = opened;
  const turned = !transpose ? places : nz === null ? places.transpose(1, 0) : places.transpose(1, 0, 2);
  const [x, y] = transpose ? [axes.y, axes.x] : [axes.x, axes.y];
  putPlaces(frame, turned.step(flip ? -1 : 1, mirror ? -1 : 1), {
    ...opened,
    axes: { x: mirror ? reversed(x) : x, y: flip ? reversed(y) : y },
  });
  return frame;
}
