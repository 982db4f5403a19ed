import { extname } from 'node:path';
import { PvaflowError } from '../../core/errors.js';
import { readNpyFile, type NpyArray } from './npy-reader.js';

const readers: Readonly<Record<string, (path: string) => Promise<NpyArray>>> = { '.npy': readNpyFile };

/**
 * An image from a file: shape (ny, nx), or (ny, nx, 3) for one in colour.
 *
 * @throws {PvaflowError} PVAFLOW_FILE_FORMAT when files with this extension cannot be read, PVAFLOW_FILE_READ, PVAFLOW_FILE_CONTENT,
 *   PVAFLOW_FILE_DTYPE
 */
export async function readImageFile(path: string): Promise<NpyArray> {
  const read = readers[extname(path).toLowerCase()];
  if (read === undefined)
    throw new PvaflowError(
      'PVAFLOW_FILE_FORMAT',
      `${path} cannot be read as an image: save it as ${Object.keys(readers).join(' or ')}`,
    );
  const image = await read(path);
  const [ny = 0, nx = 0, colors] = image.shape;
  if (image.shape.length === 2 || (image.shape.length === 3 && colors === 3)) if (nx * ny > 0) return image;
  const found = image.shape.join(' × ');
  throw new PvaflowError(
    'PVAFLOW_FILE_CONTENT',
    `${path} holds ${found} numbers: an image has rows × columns, or that × 3`,
  );
}
