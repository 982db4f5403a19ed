import { PvaflowError } from '../../../core/errors.js';
import type { ImageHeader } from '../../../pva/normative/image-header.js';
import type { NtNdArray } from '../../../pva/normative/nt-nd-array.js';
import { colorDimension, ColorMode, dimensionSizes, isColorMode } from '../../color-mode.js';
import type { ImageShape } from '../../image-shape.js';
import type { Image } from '../../image-view.js';
import { pixelsInOrder } from '../../pixels.js';
import type { JpegPixels } from './decode.js';
import { loadSharp } from './sharp.js';

/**
 * Puts what a JPEG held into its frame. Colours come out as `RGB1` whatever the order was before compression, as areaDetector's
 * NDPluginCodec has it; the dimensions and the attribute `ColorMode` are changed with them.
 *
 * @throws PvaflowError PVAFLOW_CODEC_DATA when the image has not the size that the frame says
 */
export function putJpegPixels(
  frame: NtNdArray,
  header: ImageHeader,
  { data, width, height, channels }: JpegPixels,
): void {
  const { nx, ny, isColor, mode } = announced(header);
  if (nx !== width || ny !== height || isColor !== (channels === 3))
    throw new PvaflowError(
      'PVAFLOW_CODEC_DATA',
      `the image is ${width} × ${height} × ${channels}, the frame says ${header.dimensions.join(' × ')}`,
    );
  frame.set('value.ubyteValue', data);
  frame.set('codec.name', '');
  frame.set('compressedSize', data.length);
  frame.set('uncompressedSize', data.length);
  if (!isColor || mode === ColorMode.RGB1) return;
  const sizes = dimensionSizes(ColorMode.RGB1, nx, ny);
  frame.dimensions = sizes.map((size) => ({ size, offset: 0, fullSize: size, binning: 1, reverse: false }));
  frame.setAttribute('ColorMode', { type: 'int', value: ColorMode.RGB1 });
}

function announced({ dimensions, colorMode }: ImageHeader) {
  const [a = 0, b = 0, c = 0] = dimensions;
  if (dimensions.length === 2) return { nx: a, ny: b, isColor: false, mode: ColorMode.Mono };
  const mode = colorMode !== undefined && isColorMode(colorMode) ? colorMode : undefined;
  const colors = (mode === undefined ? undefined : colorDimension(mode)) ?? 0;
  return { nx: colors === 0 ? b : a, ny: colors === 2 ? b : c, isColor: true, mode };
}

/**
 * The image as JPEG: as NDPluginCodec has it, grey, or colour with halved resolution of the colours.
 *
 * @throws PvaflowError PVAFLOW_CODEC_TYPE unless the pixels are bytes, PVAFLOW_CODEC_MODULE without the package `sharp`
 */
export async function encodeJpeg(
  image: Image,
  { nx, ny, nz, format }: ImageShape,
  quality: number,
): Promise<Uint8Array> {
  if (format.dtype !== 'uint8' && format.dtype !== 'int8')
    throw new PvaflowError('PVAFLOW_CODEC_TYPE', `jpeg holds pixels of 8 bits, these are ${format.dtype}`);
  const sharp = await loadSharp();
  const pixels = pixelsInOrder(image, nz === null ? ColorMode.Mono : ColorMode.RGB1);
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return sharp(bytes, { raw: { width: nx, height: ny, channels: nz ?? 1 } })
    .toColourspace(nz === null ? 'b-w' : 'srgb')
    .jpeg({ quality, chromaSubsampling: '4:2:0', optimiseCoding: false })
    .toBuffer();
}
