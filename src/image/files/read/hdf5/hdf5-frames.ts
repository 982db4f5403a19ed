import { messageOf, PvaflowError } from '../../../../core/errors.js';
import { elementBytes } from '../elements.js';
import type { FrameFile, ReadOptions } from '../frame-file.js';
import { frameShape } from '../frame-shape.js';
import { ChunkedFrames } from './chunked-frames.js';
import { datasetInfo, type DatasetInfo } from './dataset.js';
import { DatasetFinder } from './dataset-finder.js';
import { NOWHERE } from './cursor.js';
import type { ObjectHeader } from './object-header.js';
import { elementsOf } from '../elements.js';

/**
 * The images of a dataset of an HDF5 file: of two dimensions, of three or more, the last two (with colours, three) being those of
 * an image. Chunks are read one by one; one that is a whole frame, compressed by a codec that frames have too, is given as it is.
 *
 * Without a name of the dataset there must be one of images alone.
 */
export async function openHdf5(path: string, options: ReadOptions): Promise<FrameFile> {
  const finder = await DatasetFinder.open(path);
  try {
    const header = await finder.find(options.dataset, (each) => datasetInfo(each), isOfImages(options));
    const frames = await framesOf(header, options);
    return { length: frames.length, read: named(path, frames.read), close: () => finder.close() };
  } catch (error) {
    await finder.close();
    throw asFileError(path, error);
  }
}

type Frames = Pick<FrameFile, 'length' | 'read'>;

const isOfImages =
  ({ colorMode }: ReadOptions) =>
  ({ shape }: DatasetInfo): boolean =>
    frameShape(shape, colorMode) !== undefined;

async function framesOf(header: ObjectHeader, { colorMode }: ReadOptions): Promise<Frames> {
  const { storage } = header;
  const info = datasetInfo(header);
  if (info === undefined) throw storage.file.damaged('has no numbers in this dataset');
  const shape = frameShape(info.shape, colorMode);
  if (shape === undefined)
    throw storage.file.damaged(`has a dataset of shape (${info.shape.join(', ')}), which is no images`);
  const { layout, dtype, isLittleEndian } = info;
  const { nx, ny, frames, elements } = shape;
  if (layout.kind === 'chunked') return ChunkedFrames.open(storage, { ...info, layout }, shape);
  const length = elements * elementBytes(dtype);
  const read = async (index: number) => {
    const bytes =
      layout.kind === 'compact'
        ? Buffer.from(layout.data.subarray(index * length, (index + 1) * length))
        : layout.address === NOWHERE
          ? Buffer.alloc(length)
          : (await storage.read(layout.address + index * length, length)).bytes;
    return { data: elementsOf(bytes, dtype, isLittleEndian), nx, ny, colorMode: shape.colorMode, dtype };
  };
  return { length: frames, read };
}

function named(path: string, read: FrameFile['read']): FrameFile['read'] {
  return async (index) => {
    try {
      return await read(index);
    } catch (error) {
      throw asFileError(path, error);
    }
  };
}

/** What a structure that is damaged leads to says nothing of the file. */
function asFileError(path: string, error: unknown): PvaflowError {
  if (error instanceof PvaflowError && error.code.startsWith('PVAFLOW_FILE_')) return error;
  return new PvaflowError('PVAFLOW_FILE_CONTENT', `${path} is damaged: ${messageOf(error)}`, { cause: error });
}
