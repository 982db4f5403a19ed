import { NtNdArray } from '../../../pva/normative/nt-nd-array.js';
import { pixelFormatNamed, type PixelFormat } from '../../../pva/normative/pixel-types.js';
import { decompressNtNdArray } from '../../codec/decompress.js';
import { numberOfFormat } from '../../codec/element-types.js';
import { colorDimension, dimensionSizes, strides } from '../../color-mode.js';
import { generateNtNdArray2D } from '../../generate.js';
import type { FilePixels } from '../file-pixels.js';
import { elementsOf, isLittleMachine } from './elements.js';
import type { CompressedPixels, FileFrame } from './frame-file.js';

/** A frame with id 0 of what a file has. @param keepCompressed as its file has it, if frames can have it so */
export async function frameOf(image: FileFrame, keepCompressed: boolean): Promise<NtNdArray> {
  if (!('codec' in image)) return frameOfPixels(image);
  const frame = compressedFrame(image);
  if (keepCompressed && !image.isSwapped) return frame;
  await decompressNtNdArray(frame);
  return image.isSwapped ? swapped(frame, image) : frame;
}

function frameOfPixels({ data, nx, ny, colorMode, dtype }: FilePixels): NtNdArray {
  const shape = colorDimension(colorMode) === undefined ? [ny, nx] : [ny, nx, 3];
  const image = { data, shape, stride: strides(colorMode, nx, ny), offset: 0 };
  const frame = generateNtNdArray2D(0, image, { colorMode, ...(dtype === 'boolean' && { dtype }) });
  return frame.set('codec.name', ''); // it may come after one that is compressed
}

function compressedFrame({ codec, bytes, nx, ny, colorMode, dtype }: CompressedPixels): NtNdArray {
  const format = pixelFormatNamed(dtype) as PixelFormat;
  const sizes = dimensionSizes(colorMode, nx, ny);
  return new NtNdArray()
    .set('value.ubyteValue', bytes)
    .set('codec', { name: codec, parameters: { type: 'int', value: numberOfFormat(format) } })
    .set('compressedSize', bytes.length)
    .set(
      'uncompressedSize',
      sizes.reduce((product, size) => product * size, format.bytes),
    )
    .set(
      'dimension',
      sizes.map((size) => ({ size, offset: 0, fullSize: size, binning: 1, reverse: false })),
    )
    .setAttribute('ColorMode', { type: 'int', value: colorMode });
}

function swapped(frame: NtNdArray, { nx, ny, colorMode, dtype }: CompressedPixels): NtNdArray {
  const data = frame.data as NonNullable<typeof frame.data>;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  frame.release();
  return frameOfPixels({ data: elementsOf(bytes, dtype, !isLittleMachine), nx, ny, colorMode, dtype });
}
