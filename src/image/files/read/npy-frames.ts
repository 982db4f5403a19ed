import { npyLayout, readNpyFile, type NpyLayout } from '../npy-reader.js';
import { elementBytes, elementsOf } from './elements.js';
import type { FrameFile, ReadOptions } from './frame-file.js';
import { frameShape, type FrameShape } from './frame-shape.js';
import { OpenFile } from './open-file.js';

/** Headers that are longer are read again as a whole. */
const HEAD = 4096;
const LONGEST_HEAD = 2 ** 20 + 16;

/** The images of an NPY file: an array of two dimensions is one, of three a stack of them; see `frameShape` for colours. */
export async function openNpy(path: string, { colorMode }: ReadOptions): Promise<FrameFile> {
  const file = await OpenFile.open(path);
  try {
    const layout = await layoutOf(file);
    const shape = frameShape(layout.shape, colorMode);
    if (shape === undefined)
      throw file.damaged(`has an array of shape (${layout.shape.join(', ')}), which is no image`);
    const bytes = elementBytes(layout.dtype);
    const end = layout.dataOffset + shape.frames * shape.elements * bytes;
    if (file.size < end) throw file.damaged(`ends early: it has ${file.size} bytes, and must have ${end}`);
    return layout.isFortranOrder ? await wholeArray(file, shape) : inPieces(file, layout, shape);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function layoutOf(file: OpenFile): Promise<NpyLayout> {
  const head = await file.readSome(0, HEAD);
  const isLong = head.length === HEAD && head.indexOf('\n', 10) < 0;
  return npyLayout(isLong ? await file.readSome(0, LONGEST_HEAD) : head, file.path);
}

function inPieces(file: OpenFile, { dataOffset, dtype, isLittleEndian }: NpyLayout, shape: FrameShape): FrameFile {
  const { frames, nx, ny, colorMode, elements } = shape;
  const length = elements * elementBytes(dtype);
  return {
    length: frames,
    async read(index) {
      const bytes = await file.read(dataOffset + index * length, length);
      return { data: elementsOf(bytes, dtype, isLittleEndian), nx, ny, colorMode, dtype };
    },
    close: () => file.close(),
  };
}

/** An array whose first dimension varies fastest: every frame is spread over the whole file. */
async function wholeArray(file: OpenFile, { frames, nx, ny, colorMode, elements }: FrameShape): Promise<FrameFile> {
  await file.close();
  const { data, dtype } = await readNpyFile(file.path);
  return {
    length: frames,
    read: (index) =>
      Promise.resolve({ data: data.slice(index * elements, (index + 1) * elements), nx, ny, colorMode, dtype }),
    close: () => Promise.resolve(),
  };
}
