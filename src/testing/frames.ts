import { checkFramesOptions, generatedPlans, type FramesOptions } from './generated-frames.js';
import { filePlans } from './file-frames.js';
import type { SeriesOptions } from './frame-plan.js';
import { givenPlans, type FramesOfOptions, type GivenImage } from './given-frames.js';
import { FrameStream } from './frame-stream.js';

/**
 * A stream of frames that are generated, the same with each pass.
 *
 * @example frames({ count: 10, shape: [64, 64], dtype: 'uint16', pattern: 'random', seed: 7 }).lossy({ rate: 0.1, seed: 7 })
 * @throws {PvaflowError} PVAFLOW_OPTION naming what is wrong
 */
export function frames(options: FramesOptions = {}): FrameStream {
  checkFramesOptions(options);
  return new FrameStream(() => generatedPlans(options));
}

/**
 * A stream of one frame for each image.
 *
 * @example framesOf([[[1, 2], [3, 4]]], { dtype: 'uint8' })
 */
export function framesOf(images: Iterable<GivenImage>, options: FramesOfOptions = {}): FrameStream {
  return new FrameStream(() => givenPlans(images, options));
}

/**
 * A stream of one frame for each file, in the order of their names as they are given. What files can be read is what
 * `pvaflow sim-server` reads as single images.
 *
 * @example framesFrom(['dark.npy', 'flat.npy'])
 * @throws {PvaflowError} when it is read: PVAFLOW_FILE_FORMAT, PVAFLOW_FILE_READ, PVAFLOW_FILE_CONTENT, PVAFLOW_FILE_DTYPE
 */
export function framesFrom(files: Iterable<string>, options: SeriesOptions = {}): FrameStream {
  return new FrameStream(() => filePlans(files, options));
}
