import { reshapeNtNdArray } from '../../image/reshape.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PvObject } from '../../pva/pv-object.js';
import { PvaflowError } from '../../core/errors.js';
import type { ImageView } from '../picture/image-view.js';

/** What is shown of a frame. The image is a view of it: both are good until the frame is released. */
export interface FrameFacts {
  readonly id: number;
  readonly dtype: string;
  readonly image: ImageView;
}

/** A frame's image, or undefined for the empty frame that servers have before the first. */
export function factsOf(channel: string, value: PvObject): FrameFacts | undefined {
  if (!(value instanceof NtNdArray)) {
    throw new PvaflowError(
      'PVAFLOW_FIELD',
      `${channel} carries no images: it is ${value.typeId || 'a structure without type id'}, an image is epics:nt/NTNDArray:1.0. ` +
        `Try pvaflow monitor ${channel}.`,
    );
  }
  const { imageId, image, fieldKey } = reshapeNtNdArray(value);
  if (fieldKey === null) return undefined;
  return { id: imageId, dtype: value.header().format?.dtype ?? '', image };
}
