/**
 * An image as strides over numbers, mono (height, width) or colour (height, width, 3). The `ndarray` that
 * `reshapeNtNdArray` returns is one. Nothing here writes to it or keeps it.
 */
export interface ImageView {
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** The same with plain numbers and its dimensions by name. */
export interface Raster {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly xStride: number;
  readonly yStride: number;
  readonly channelStride: number;
  readonly offset: number;
}

function isBigInts(data: ImageView['data']): data is ArrayLike<bigint> {
  return typeof data[0] === 'bigint';
}

/** 64-bit pixels become doubles, which is exact up to 2^53: enough to look at. */
export function rasterOf(image: ImageView): Raster {
  const [height = 0, width = 0, channels = 1] = image.shape;
  const [yStride = 0, xStride = 0, channelStride = 0] = image.stride;
  const data = isBigInts(image.data) ? Float64Array.from(image.data, Number) : image.data;
  return { data, width, height, channels, xStride, yStride, channelStride, offset: image.offset };
}
