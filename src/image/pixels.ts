import { PvaflowError } from '../core/errors.js';
import { kernels } from '../pva/kernels.js';
import type { Way } from '../pva/native-image.js';
import { pixelFormatOf, type PixelArray, type PixelFormat } from '../pva/normative/pixel-types.js';
import { colorDimension, strides, type ColorMode } from './color-mode.js';
import type { ImageView } from './image-view.js';

/** Rows, columns and whether an image is in colour. */
export interface ImageSize {
  readonly nx: number;
  readonly ny: number;
  readonly isColor: boolean;
}

/**
 * @throws PvaflowError PVAFLOW_IMAGE_SHAPE when this is no image of shape (ny, nx) or (ny, nx, 3), or reaches beyond its data
 */
export function imageSize({ data, shape, stride, offset }: ImageView): ImageSize {
  const [ny = -1, nx = -1, nz = 3] = shape;
  const isColor = shape.length === 3;
  if ((shape.length !== 2 && !isColor) || nz !== 3 || ny < 0 || nx < 0) {
    throw new PvaflowError(
      'PVAFLOW_IMAGE_SHAPE',
      `an image has shape (ny, nx) or (ny, nx, 3), this has (${shape.join(', ')})`,
    );
  }
  if (nx === 0 || ny === 0) return { nx: 0, ny: 0, isColor };
  let first = offset;
  let last = offset;
  shape.forEach((size, i) => {
    const reach = (size - 1) * (stride[i] ?? NaN);
    if (reach < 0) first += reach;
    else last += reach;
  });
  if (first >= 0 && last < data.length) return { nx, ny, isColor };
  const found = `shape (${shape.join(', ')}), stride (${stride.join(', ')}) and offset ${offset}`;
  throw new PvaflowError('PVAFLOW_IMAGE_SHAPE', `an image of ${found} reaches beyond its ${data.length} elements`);
}

/** @throws PvaflowError PVAFLOW_IMAGE_TYPE when no NTNDArray can hold such data */
export function formatOfPixels(data: object): PixelFormat {
  const format = pixelFormatOf(data);
  if (format !== undefined) return format;
  throw new PvaflowError(
    'PVAFLOW_IMAGE_TYPE',
    `${data.constructor.name} holds no pixels; use a typed array of 8 to 64 bit integers, or Float32Array or Float64Array`,
  );
}

/**
 * The pixels in the order of a colour mode, first the dimension that varies fastest: the image's own data where it lies so
 * already, else a copy.
 */
export function pixelsInOrder(image: ImageView, mode: ColorMode): PixelArray {
  const { nx, ny, isColor } = imageSize(image);
  const count = nx * ny * (isColor ? 3 : 1);
  const wanted = strides(mode, nx, ny);
  const isInOrder = wanted.every((step, i) => step === image.stride[i] || image.shape[i] === 1);
  if (!isInOrder && count > 0) {
    const target = new (formatOfPixels(image.data).arrayType)(count);
    kernels.gather(image.data, target, ...wayInOrder(image, mode));
    return target;
  }
  if (image.offset === 0 && image.data.length === count) return image.data;
  return image.data.subarray(image.offset, image.offset + count);
}

/** The way through the data of an image along which its pixels come in the order of a colour mode. */
export function wayInOrder({ shape, stride, offset }: Omit<ImageView, 'data'>, mode: ColorMode): Way {
  const [ny = 0, nx = 0, nz = 1] = shape;
  const [y = 0, x = 0, color = 0] = stride;
  switch (colorDimension(mode)) {
    case 1:
      return [offset, ny, y, nz, color, nx, x];
    case 2:
      return [offset, nz, color, ny, y, nx, x];
    default:
      return [offset, ny, y, nx, x, nz, color];
  }
}
