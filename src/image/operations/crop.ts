import { PvaflowError } from '../../core/errors.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { partOf } from './axes.js';
import { frameImage, putPlaces } from './frame-image.js';
import { checkChoice, checkWhole } from './options.js';

/** What becomes of an image that does not have the whole area: it is refused, or the part is taken that it has. */
export const outsideRules = ['refuse', 'clip'] as const;
export type OutsideRule = (typeof outsideRules)[number];

export interface CropOptions {
  /** The first pixel of the area. */
  readonly offsetX: number;
  readonly offsetY: number;
  /** How many pixels it has; without it, it reaches to the edge. */
  readonly sizeX?: number | undefined;
  readonly sizeY?: number | undefined;
  /** `refuse` by default. */
  readonly outside?: OutsideRule | undefined;
}

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION naming the option, what was expected and what was found */
export function checkCropOptions({ offsetX, offsetY, sizeX, sizeY, outside }: CropOptions): void {
  checkWhole('offsetX', offsetX, 0, Infinity);
  checkWhole('offsetY', offsetY, 0, Infinity);
  if (sizeX !== undefined) checkWhole('sizeX', sizeX, 1, Infinity);
  if (sizeY !== undefined) checkWhole('sizeY', sizeY, 1, Infinity);
  if (outside !== undefined) checkChoice('outside', outside, outsideRules);
}

/**
 * Reduces a frame to an area of its image, in place. The dimensions say by `offset` where on the detector it is. A frame
 * without an image is left as it is.
 *
 * @returns whether the image had the whole area
 * @throws {FrameError} when the frame contradicts itself
 * @throws {PvaflowError} PVAFLOW_IMAGE_OPTION; PVAFLOW_IMAGE_AREA when the image has nothing of the area, or by `refuse` not all of it
 */
export function cropNtNdArray(frame: NtNdArray, area: CropOptions): boolean {
  checkCropOptions(area);
  const opened = frameImage(frame);
  if (opened === undefined) return true;
  const { places, nx, ny, axes } = opened;
  const x = span(area.offsetX, area.sizeX, nx);
  const y = span(area.offsetY, area.sizeY, ny);
  const isWhole = x.isWhole && y.isWhole;
  if (x.count < 1 || y.count < 1 || (!isWhole && area.outside !== 'clip')) refuse(area, nx, ny, frame.uniqueId);
  if (x.count === nx && y.count === ny) return isWhole;
  putPlaces(frame, places.lo(y.start, x.start).hi(y.count, x.count), {
    ...opened,
    axes: {
      x: partOf(axes.x, x.start, x.start + x.count, x.count),
      y: partOf(axes.y, y.start, y.start + y.count, y.count),
    },
  });
  return isWhole;
}

function span(start: number, size: number | undefined, available: number) {
  const left = available - start;
  return { start, count: Math.min(size ?? left, left), isWhole: (size ?? 1) <= left };
}

function refuse({ offsetX, offsetY, sizeX, sizeY }: CropOptions, nx: number, ny: number, id: number): never {
  const size = `${sizeX ?? 'all'} × ${sizeY ?? 'all'}`;
  throw new PvaflowError(
    'PVAFLOW_IMAGE_AREA',
    `frame ${id}: its image has ${nx} × ${ny} pixels, not the area of ${size} at ${offsetX}, ${offsetY}`,
  );
}
