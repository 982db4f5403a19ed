import { PvaflowError } from '../../core/errors.js';
import { reshapeNtNdArray } from '../reshape.js';
import { filePixels, interleaved, isColor, type FilePixels } from './file-pixels.js';
import type { NpyArray } from './npy-reader.js';
import type { FileFrame } from './read/frame-file.js';
import { openFrameFile } from './read/open-frame-file.js';
import { frameOf } from './read/to-frame.js';

/**
 * The image that a file has (TIFF, PNG, NPY or HDF5): shape (ny, nx), or (ny, nx, 3) for one in colour. Its memory is the caller's.
 *
 * @throws {PvaflowError} PVAFLOW_FILE_FORMAT when files with this extension cannot be read, PVAFLOW_FILE_CONTENT when there is not one
 *   image in it, PVAFLOW_FILE_DTYPE, PVAFLOW_FILE_ and the system's code when it cannot be read
 */
export async function readImageFile(path: string): Promise<NpyArray> {
  const file = await openFrameFile(path);
  try {
    if (file.length !== 1)
      throw new PvaflowError('PVAFLOW_FILE_CONTENT', `${path} has ${file.length} images: one is wanted`);
    const pixels = await decoded(await file.read(0));
    const { nx, ny, dtype } = pixels;
    return { dtype, shape: isColor(pixels) ? [ny, nx, 3] : [ny, nx], data: interleaved(pixels) };
  } finally {
    await file.close();
  }
}

async function decoded(image: FileFrame): Promise<FilePixels> {
  if (!('codec' in image)) return image;
  const frame = await frameOf(image, false);
  const pixels = filePixels(reshapeNtNdArray(frame)) as FilePixels;
  const data = pixels.data.slice();
  frame.release();
  return { ...pixels, data };
}
