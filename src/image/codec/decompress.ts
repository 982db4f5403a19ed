import { PvaflowError } from '../../core/errors.js';
import type { ImageHeader } from '../../pva/normative/image-header.js';
import { decodeInBackground, decodeNow, type Decoding } from '../../pva/normative/image-codec.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { imageHeader } from '../frame-header.js';
import { FrameError } from '../frame-error.js';
import { compressedData, type CompressedData, type DecompressOptions } from './compressed-data.js';
import { decodeJpeg, decodeJpegNow } from './jpeg/decode.js';
import { putJpegPixels } from './jpeg/frame.js';

/**
 * Decodes the data of a frame, in place: pixels, codec and sizes change, all else stays. A frame that is not compressed is left
 * as it is. The work is done on a thread of Node's pool; for jpeg the package `sharp` must be installed.
 *
 * A frame that is refused is as it was.
 *
 * @throws FrameError `compressed`, `codec-data`, `codec-type`, `codec-limit`, `data-size` … with what is wrong
 */
export async function decompressNtNdArray<F extends NtNdArray>(frame: F, options: DecompressOptions = {}): Promise<F> {
  const header = imageHeader(frame);
  if (header.codec === '') return frame;
  const data = compressedData(frame, header, options.maxBytes);
  try {
    if (data.codec === 'jpeg') putJpegPixels(frame, header, await decodeJpeg(bytesOf(frame, data), data.elements));
    else {
      await decodeInBackground(frame, decodingOf(data, data.codec, options));
      markDecoded(frame, data);
    }
  } catch (error) {
    throw asFrameError(error, header);
  }
  return frame;
}

/** As decompressNtNdArray(), at once: this thread does nothing else meanwhile. */
export function decompressNtNdArraySync<F extends NtNdArray>(frame: F, options: DecompressOptions = {}): F {
  const header = imageHeader(frame);
  if (header.codec === '') return frame;
  const data = compressedData(frame, header, options.maxBytes);
  try {
    if (data.codec === 'jpeg') putJpegPixels(frame, header, decodeJpegNow(bytesOf(frame, data), data.elements));
    else {
      decodeNow(frame, decodingOf(data, data.codec, options));
      markDecoded(frame, data);
    }
  } catch (error) {
    throw asFrameError(error, header);
  }
  return frame;
}

function decodingOf(
  { format: { fieldKey }, elements, compressedSize }: CompressedData,
  codec: Decoding['codec'],
  { threads = 1 }: DecompressOptions,
): Decoding {
  return { codec, compressedSize, fieldKey, elements, threads };
}

function bytesOf(frame: NtNdArray, { compressedSize }: CompressedData): Uint8Array {
  const data = frame.data as Uint8Array;
  return new Uint8Array(data.buffer, data.byteOffset, compressedSize);
}

/** Of `codec` the parameters stay: areaDetector has them in every frame. */
function markDecoded(frame: NtNdArray, { format, elements }: CompressedData): void {
  const size = elements * format.bytes;
  frame.set('codec.name', '');
  frame.set('compressedSize', size);
  frame.set('uncompressedSize', size);
}

/** What the addon says of the data is said of the frame. */
function asFrameError(error: unknown, { uniqueId, codec }: ImageHeader): unknown {
  if (!(error instanceof PvaflowError)) return error;
  const message = `it is compressed with ${codec}: ${error.message}`;
  if (error.code === 'PVAFLOW_CODEC_DATA') return new FrameError('codec-data', uniqueId, message);
  if (error.code === 'PVAFLOW_CODEC_MODULE') return new FrameError('compressed', uniqueId, message);
  return error;
}
