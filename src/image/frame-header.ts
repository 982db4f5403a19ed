import type { ImageHeader } from '../pva/normative/image-header.js';
import { NtNdArray } from '../pva/normative/nt-nd-array.js';
import type { PvObject } from '../pva/pv-object.js';
import { FrameError } from './frame-error.js';

/**
 * What an image says of itself.
 *
 * @throws FrameError `not-an-image` for an object of another type: a channel may change its type, and a call may bring any
 */
export function imageHeader(frame: PvObject): ImageHeader {
  if (frame instanceof NtNdArray) return frame.header();
  const found = frame.type.id === '' ? 'a structure without a type id' : frame.type.id;
  throw new FrameError('not-an-image', undefined, `it is ${found}, where an NTNDArray is expected`);
}
