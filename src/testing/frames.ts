import { checkFramesOptions, generatedPlans, type FramesOptions } from './generated-frames.js';
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
