import { PvaflowError } from '../../core/errors.js';
import { encodeInBackground, type Encoding } from '../../pva/normative/image-codec.js';
import type { ImageHeader } from '../../pva/normative/image-header.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PixelFormat } from '../../pva/normative/pixel-types.js';
import { imageHeader } from '../frame-header.js';
import { FrameError } from '../frame-error.js';
import { imageShape } from '../image-shape.js';
import { reshapeNtNdArray } from '../reshape.js';
import { compressionOf, type CompressOptions, type Compression } from './compress-options.js';
import { numberOfFormat } from './element-types.js';
import { encodeJpeg } from './jpeg/frame.js';

/**
 * Compresses the data of a frame, in place: pixels become bytes in `ubyteValue`, `codec` names the codec and, in its
 * parameters, the type of the elements, `compressedSize` and `uncompressedSize` tell the sizes; all else stays. Framing and
 * settings are those of areaDetector's NDPluginCodec. The work is done on a thread of Node's pool; for jpeg the package `sharp`
 * must be installed. A frame without data is left as it is.
 *
 * @throws FrameError for a frame that contradicts itself or is compressed already
 * @throws PvaflowError PVAFLOW_CODEC_OPTION for settings that the codec does not have, PVAFLOW_CODEC_TYPE for elements that it
 *   does not hold
 */
export async function compressNtNdArray<F extends NtNdArray>(frame: F, options: CompressOptions): Promise<F> {
  const compression = compressionOf(options);
  const header = imageHeader(frame);
  if (header.codec !== '')
    throw new FrameError('compressed', header.uniqueId, `it is compressed already, with ${header.codec}`);
  const { format } = header;
  if (format === undefined || header.elements === 0) return frame;
  const type = elementNumber(format);
  const size = header.elements * format.bytes;
  const compressedSize =
    compression.codec === 'jpeg'
      ? await toJpeg(frame, header, compression.quality)
      : await encodeInBackground(frame, encodingOf(compression));
  frame.set('codec', { name: compression.codec, parameters: { type: 'int', value: type } });
  frame.set('compressedSize', compressedSize);
  frame.set('uncompressedSize', size);
  return frame;
}

function elementNumber(format: PixelFormat): number {
  const number = numberOfFormat(format);
  if (number !== undefined) return number;
  throw new PvaflowError(
    'PVAFLOW_CODEC_TYPE',
    'booleans cannot be compressed: codec.parameters has no number for them',
  );
}

async function toJpeg(frame: NtNdArray, header: ImageHeader, quality: number): Promise<number> {
  const shape = imageShape(header);
  if (shape === undefined) return 0;
  const bytes = await encodeJpeg(reshapeNtNdArray(frame).image, shape, quality);
  frame.set('value.ubyteValue', bytes);
  return bytes.length;
}

const shuffles = { none: 0, byte: 1, bit: 2 } as const;

function encodingOf(compression: Exclude<Compression, { codec: 'jpeg' }>): Encoding {
  const settings = { level: 0, blockSize: 0, compressor: '', threads: 1, ...compression };
  return { ...settings, shuffle: compression.codec === 'blosc' ? shuffles[compression.shuffle] : 0 };
}
