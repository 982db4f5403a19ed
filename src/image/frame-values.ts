import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import { pixelFormatNamed, pixelFormats, type PixelArray, type PixelType } from '../pva/normative/pixel-types.js';
import { filePixels, type FilePixels } from './files/file-pixels.js';
import { reshapeNtNdArray } from './reshape.js';

/** Types that the pixels of a result may have; `same`: that of the image. */
export const outputTypes = ['same', ...pixelFormats.slice(1).map(({ dtype }) => dtype)] as const;
export type OutputType = 'same' | Exclude<PixelType, 'boolean'>;

/**
 * The pixels of a frame as they lie in memory, not copied, booleans aside; undefined for a frame without pixels. A compressed frame is
 * decoded in place.
 *
 * @throws {FrameError} as `reshapeNtNdArray`
 */
export function frameValues(frame: NtNdArray): FilePixels | undefined {
  const pixels = filePixels(reshapeNtNdArray(frame));
  return pixels !== undefined && pixels.data.length > 0 ? pixels : undefined;
}

/** Whether the pixels of two images lie in memory alike, and are of the same type. */
export function areAlike(a: FilePixels, b: FilePixels): boolean {
  return a.nx === b.nx && a.ny === b.ny && a.colorMode === b.colorMode && a.dtype === b.dtype;
}

/**
 * Where new values of all pixels of a frame are to be written: its own pixels when their type stays, else new ones, and the old ones,
 * which `values` still has, are not the frame's any more. Booleans become uint8. All have to be written: new ones hold whatever the memory
 * held before.
 */
export function placeForValues(frame: NtNdArray, { data, dtype }: FilePixels, wanted: OutputType): PixelArray {
  const type = resultType(dtype, wanted);
  if (type === dtype) return data;
  const { fieldKey, bytes } = pixelFormatNamed(type) as NonNullable<ReturnType<typeof pixelFormatNamed>>;
  const place = frame.allocate<PixelArray>(`value.${fieldKey}`, data.length, 'unset');
  const size = data.length * bytes;
  frame.set('compressedSize', size).set('uncompressedSize', size);
  return place;
}

function resultType(dtype: PixelType, wanted: OutputType): PixelType {
  if (wanted !== 'same') return wanted;
  return dtype === 'boolean' ? 'uint8' : dtype;
}
