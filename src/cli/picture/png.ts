import { encode } from 'fast-png';
import { PvaflowError } from '../../core/errors.js';
import { colorMaps, type ColorMapName } from './color-map.js';
import { rasterOf, type ImageView, type Raster } from './image-view.js';
import { colorize, toBytes } from './picture.js';
import { extremes, rangeOf, type Range, type Scaling } from './range.js';

export interface PngOptions {
  /**
   * `raw` keeps the pixel values, which PNG can do for uint8 and uint16 alone; `scaled` stretches `scaling` over the
   * whole range of the file; `auto` is raw where that is possible, else scaled.
   */
  readonly values: 'auto' | 'raw' | 'scaled';
  /** The range that is stretched over the file's. */
  readonly scaling: Scaling;
  /** Bits of each scaled value. A colour map other than grey makes an RGB file of 8 bits. */
  readonly depth: 8 | 16;
  readonly colorMap: ColorMapName;
  /** Text stored in the file, beside the range of scaled values. */
  readonly text?: Readonly<Record<string, string>>;
}

export interface PngFile {
  readonly bytes: Uint8Array;
  readonly depth: 8 | 16;
  readonly channels: number;
  /** The pixel values that became 0 and the largest value of the file; undefined when the values are the image's own. */
  readonly range?: Range;
}

interface Encodable {
  readonly data: Uint8Array | Uint16Array;
  readonly depth: 8 | 16;
  readonly channels: number;
  readonly range?: Range;
}

/** Copies the pixels into `target`, row by row, channels side by side. */
function pack<T extends Uint8Array | Uint16Array | Float64Array>(raster: Raster, target: T): T {
  let out = 0;
  for (let y = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++) {
      const at = raster.offset + y * raster.yStride + x * raster.xStride;
      for (let channel = 0; channel < raster.channels; channel++) {
        target[out++] = raster.data[at + channel * raster.channelStride] as number;
      }
    }
  }
  return target;
}

function pixelCount(raster: Raster): number {
  return raster.width * raster.height * raster.channels;
}

/** The image's own values, or undefined when no PNG can hold them. */
function rawValues(image: ImageView, raster: Raster): Encodable | undefined {
  const count = pixelCount(raster);
  const { channels } = raster;
  if (image.data instanceof Uint8Array) return { data: pack(raster, new Uint8Array(count)), depth: 8, channels };
  if (image.data instanceof Uint16Array) return { data: pack(raster, new Uint16Array(count)), depth: 16, channels };
  return undefined;
}

function to16Bits(values: Float64Array, range: Range): Uint16Array {
  const scale = 65535 / (range.high - range.low || 1);
  return Uint16Array.from(values, (value) => {
    const scaled = Math.round((value - range.low) * scale);
    return Math.min(65535, Math.max(0, scaled)) || 0;
  });
}

function scaledValues(raster: Raster, options: PngOptions): Encodable {
  const range = rangeOf(raster, options.scaling, extremes(raster));
  const values = pack(raster, new Float64Array(pixelCount(raster)));
  const { channels } = raster;
  if (channels === 1 && options.colorMap !== 'grey') {
    return { data: colorize(toBytes(values, range), colorMaps[options.colorMap]), depth: 8, channels: 3, range };
  }
  if (options.depth === 8) return { data: toBytes(values, range), depth: 8, channels, range };
  return { data: to16Bits(values, range), depth: 16, channels, range };
}

function values(image: ImageView, options: PngOptions): Encodable {
  const raster = rasterOf(image);
  const raw = options.values === 'scaled' ? undefined : rawValues(image, raster);
  if (raw) return raw;
  if (options.values === 'raw') {
    throw new PvaflowError(
      'PVAFLOW_PNG',
      `a PNG holds values of uint8 and uint16 as they are; this image is ${image.data.constructor.name}. Ask for scaled values.`,
    );
  }
  return scaledValues(raster, options);
}

/** An image as a PNG file: grey or RGB, 8 or 16 bits. The file states the range of scaled values in a text chunk. */
export function encodePng(image: ImageView, options: PngOptions): PngFile {
  const { data, depth, channels, range } = values(image, options);
  const [height = 0, width = 0] = image.shape;
  const text = { ...options.text, ...(range && { range: `${range.low} ${range.high}` }) };
  const bytes = encode({ data, depth, channels, width, height, text });
  return { bytes, depth, channels, ...(range && { range }) };
}
