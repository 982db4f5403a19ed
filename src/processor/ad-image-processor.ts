import type { DecompressOptions } from '../image/codec/compressed-data.js';
import { getNtNdArrayDataFieldKey } from '../image/field-key.js';
import {
  generateNtNdArray2D,
  replaceNtNdArrayImage2D,
  type ExtraFields,
  type GenerateOptions,
} from '../image/generate.js';
import type { ImageView, Pixels } from '../image/image-view.js';
import { reshapeNtNdArray, type ReshapedImage } from '../image/reshape.js';
import { NtNdArray } from '../pva/normative/nt-nd-array.js';
import type { DataFieldKey, PixelArray } from '../pva/normative/pixel-types.js';
import type { PvType } from '../pva/pv-type.js';
import { UserDataProcessor } from './user-data-processor.js';

/** Base of processors of area-detector images: `process` gets an NtNdArray, and there are methods to get at its image. */
export class AdImageProcessor extends UserDataProcessor {
  /** The image of a frame, as a view of its pixels; a compressed frame is decoded. See `reshapeNtNdArray`. */
  reshapeNtNdArray<D extends PixelArray = Pixels>(frame: NtNdArray, options?: DecompressOptions): ReshapedImage<D> {
    return reshapeNtNdArray<D>(frame, options);
  }

  /** A new frame from an image. See `generateNtNdArray2D`. */
  generateNtNdArray2D(imageId: number, image: ImageView, options?: GenerateOptions): NtNdArray {
    return generateNtNdArray2D(imageId, image, options);
  }

  /** Puts an image into a frame that exists, and returns it. See `replaceNtNdArrayImage2D`. */
  replaceNtNdArrayImage2D<F extends NtNdArray>(
    frame: F,
    imageId: number,
    image: ImageView,
    extraFields?: ExtraFields,
  ): F {
    return replaceNtNdArrayImage2D(frame, imageId, image, extraFields);
  }

  /** The member of NTNDArray's union `value` for an element type. See `getNtNdArrayDataFieldKey`. */
  getNtNdArrayDataFieldKey(image: string | PixelArray | { readonly data: PixelArray }): DataFieldKey {
    return getNtNdArrayDataFieldKey(image);
  }

  override getInputPvObjectType(): PvType {
    return NtNdArray.type();
  }
}
