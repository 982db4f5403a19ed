import type { ImageHeader } from '../../pva/normative/image-header.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { imageHeader } from '../frame-header.js';
import type { DecompressOptions } from './compressed-data.js';
import { decompressNtNdArraySync } from './decompress.js';

/** The header of a frame once its data can be read: compressed data is decoded first, in place. */
export function readableHeader(frame: NtNdArray, options?: DecompressOptions): ImageHeader {
  const header = imageHeader(frame);
  const hasData = header.nDimensions !== undefined && (header.nDimensions > 0 || header.elements > 0);
  if (header.codec === '' || !hasData) return header;
  return decompressNtNdArraySync(frame, options).header();
}
