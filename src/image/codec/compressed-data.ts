import type { ImageHeader } from '../../pva/normative/image-header.js';
import { exactCodecs, type ExactCodec } from '../../pva/normative/image-codec.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { pixelFormatNamed, type PixelFormat } from '../../pva/normative/pixel-types.js';
import { FrameError, type FrameProblem } from '../frame-error.js';
import { formatOfNumber, knownNumbers } from './element-types.js';

export type CodecName = ExactCodec | 'jpeg';

/** The names of all codecs, as areaDetector has them in the field `codec.name`. */
export const codecNames: readonly CodecName[] = ['jpeg', ...exactCodecs];

/** A decoded frame may not be larger than this unless somebody says so: 1 GiB. */
const DEFAULT_MAX_BYTES = 1024 * 1024 * 1024;

/** How compressed data is read. */
export interface DecompressOptions {
  /** A frame that says it is larger than this when decoded is refused before anything is allocated; 1 GiB by default. */
  readonly maxBytes?: number | undefined;
  /** Threads for one frame; only blosc can use more than one. 1 by default. */
  readonly threads?: number | undefined;
}

/** What a compressed frame says that its data is. Everything that was said about it agrees; the bytes were not read yet. */
export interface CompressedData {
  readonly codec: CodecName;
  /** Bytes of the data that count. */
  readonly compressedSize: number;
  readonly format: PixelFormat;
  readonly elements: number;
}

/**
 * What is to be decoded.
 *
 * @throws FrameError when the frame contradicts itself, is too large, or has a codec that is not known
 */
export function compressedData(frame: NtNdArray, header: ImageHeader, maxBytes = DEFAULT_MAX_BYTES): CompressedData {
  const codec = codecNames.find((name) => name === header.codec);
  if (codec === undefined)
    refuse(header, 'compressed', `its data is compressed with ${header.codec}, known are ${codecNames.join(', ')}`);
  if (header.format === undefined)
    refuse(header, 'no-data', `it is compressed with ${codec}, but the union \`value\` holds no array`);
  if (header.format.bytes !== 1 || header.format.dtype === 'boolean')
    refuse(header, 'data-type', `it is compressed with ${codec}, but holds ${header.format.dtype} instead of bytes`);
  const format = codec === 'jpeg' ? jpegFormat : elementFormat(frame, header);
  const elements = product(header);
  checkSizes(header, elements * format.bytes, maxBytes);
  return { codec, format, elements, compressedSize: header.compressedSize || header.elements };
}

const jpegFormat = pixelFormatNamed('uint8') as PixelFormat;

function refuse(header: ImageHeader, reason: FrameProblem, message: string): never {
  throw new FrameError(reason, header.uniqueId, message);
}

function elementFormat(frame: NtNdArray, header: ImageHeader): PixelFormat {
  const parameters = frame.has('codec.parameters') ? frame.get('codec.parameters') : undefined;
  const format = formatOfNumber(parameters);
  if (format !== undefined) return format;
  const found = parameters === null || parameters === undefined ? 'nothing' : `${parameters as string}`;
  return refuse(
    header,
    'codec-type',
    `its codec.parameters must be the number of its element type (${knownNumbers}), found ${found}`,
  );
}

function product(header: ImageHeader): number {
  const { dimensions, nDimensions = 0 } = header;
  if (nDimensions === 0 || nDimensions > dimensions.length)
    refuse(header, 'dimension-count', `it is compressed, and has ${nDimensions} dimensions`);
  let elements = 1;
  for (const size of dimensions) {
    if (!(size > 0))
      refuse(header, 'dimension-size', `its dimensions are ${dimensions.join(' × ')}: each must be at least 1`);
    elements *= size;
  }
  return elements;
}

function checkSizes(header: ImageHeader, bytes: number, maxBytes: number): void {
  const { compressedSize = 0, uncompressedSize = 0, dimensions, elements } = header;
  if (uncompressedSize !== 0 && uncompressedSize !== bytes) {
    const found = `its uncompressedSize is ${uncompressedSize}`;
    refuse(header, 'data-size', `its dimensions ${dimensions.join(' × ')} make ${bytes} bytes, ${found}`);
  }
  if (bytes > maxBytes)
    refuse(header, 'codec-limit', `it would have ${bytes} bytes when decoded, the limit is ${maxBytes}`);
  if (elements === 0) refuse(header, 'codec-data', 'it has no compressed data');
  if (compressedSize < 0 || compressedSize > elements)
    refuse(header, 'data-size', `its compressedSize is ${compressedSize}, ${elements} bytes came`);
}
