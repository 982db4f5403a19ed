import { checkFramesOptions, generatedPlans, type FramesOptions } from './generated-frames.js';
import { checkFramesFromOptions, filePlans, type FramesFromOptions } from './file-frames.js';
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
 * A stream of all frames of files, in the order in which they are given. What can be read is what `pvaflow sim-server` reads: TIFF,
 * PNG, NPY, HDF5, and bare pixels with a description, with one image or several.
 *
 * @example framesFrom(['dark.npy', 'scan.h5'], { dataset: 'entry/data/data' })
 * @throws {PvaflowError} PVAFLOW_OPTION for options that do not exist; when a file is read PVAFLOW_FILE_FORMAT, PVAFLOW_FILE_CONTENT,
 *   PVAFLOW_FILE_DTYPE, PVAFLOW_FILE_ and the system's code
 */
export function framesFrom(files: Iterable<string>, options: FramesFromOptions = {}): FrameStream {
  checkFramesFromOptions(options);
  return new FrameStream(() => filePlans(files, options));
}
