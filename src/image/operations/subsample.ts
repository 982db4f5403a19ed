import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { partOf } from './axes.js';
import { frameImage, putPlaces } from './frame-image.js';
import { checkWhole } from './options.js';

export interface SubsampleOptions {
  readonly stepX: number;
  readonly stepY: number;
}

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION naming the option, what was expected and what was found */
export function checkSubsampleOptions({ stepX, stepY }: SubsampleOptions): void {
  checkWhole('stepX', stepX, 1, Infinity);
  checkWhole('stepY', stepY, 1, Infinity);
}

/**
 * Leaves of a frame every `stepX`-th column and every `stepY`-th row, from the first on, in place. Of the dimensions `binning` becomes
 * larger: from one pixel to the next it is so far on the detector. A frame without an image is left as it is.
 *
 * @throws {FrameError} when the frame contradicts itself
 * @throws {PvaflowError} PVAFLOW_IMAGE_OPTION
 */
export function subsampleNtNdArray<F extends NtNdArray>(frame: F, options: SubsampleOptions): F {
  checkSubsampleOptions(options);
  const { stepX, stepY } = options;
  if (stepX === 1 && stepY === 1) return frame;
  const opened = frameImage(frame);
  if (opened === undefined) return frame;
  const { places, nx, ny, axes } = opened;
  const [columns, rows] = [Math.ceil(nx / stepX), Math.ceil(ny / stepY)];
  putPlaces(frame, places.step(stepY, stepX), {
    ...opened,
    axes: {
      x: partOf(axes.x, 0, (columns - 1) * stepX + 1, columns, stepX),
      y: partOf(axes.y, 0, (rows - 1) * stepY + 1, rows, stepY),
    },
  });
  return frame;
}
