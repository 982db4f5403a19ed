import { cellLines, type ColorMode, type RgbImage } from './cells.js';
import { colorMaps, type ColorMapName, type ColorTable } from './color-map.js';
import { fit } from './fit.js';
import { rasterOf, type ImageView } from './image-view.js';
import { extremes, rangeOf, type Range, type Scaling } from './range.js';
import { reduce, type Reduction } from './reduce.js';

export interface PictureOptions {
  /** Room for the picture, in characters. */
  readonly columns: number;
  readonly rows: number;
  readonly colorMode: ColorMode;
  readonly colorMap: ColorMapName;
  readonly scaling: Scaling;
  readonly reduction: Reduction;
}

export interface Picture {
  readonly lines: readonly string[];
  /** Smallest and largest pixel of the whole image. */
  readonly extremes: Range;
  /** The range that is drawn from black to full brightness. */
  readonly range: Range;
}

/** Values to bytes: `low` and less to 0, `high` and more to 255; what is not a number to 0. */
export function toBytes(values: Float64Array, range: Range): Uint8Array {
  const scale = 255 / (range.high - range.low || 1);
  const bytes = new Uint8ClampedArray(values.length); // clamps, rounds, and turns NaN into 0
  for (let i = 0; i < values.length; i++) bytes[i] = ((values[i] as number) - range.low) * scale;
  return new Uint8Array(bytes.buffer);
}

/** One byte for each pixel through the table of colours. */
export function colorize(levels: Uint8Array, table: ColorTable): Uint8Array {
  const rgb = new Uint8Array(levels.length * 3);
  for (let i = 0; i < levels.length; i++) {
    const color = (levels[i] as number) * 3;
    rgb[i * 3] = table[color] as number;
    rgb[i * 3 + 1] = table[color + 1] as number;
    rgb[i * 3 + 2] = table[color + 2] as number;
  }
  return rgb;
}

/** An image as lines of coloured text that fit into `columns` × `rows` characters, its shape kept. */
export function drawPicture(image: ImageView, options: PictureOptions): Picture {
  const raster = rasterOf(image);
  const whole = extremes(raster);
  const range = rangeOf(raster, options.scaling, whole);
  const size = fit(raster, { width: options.columns, height: options.rows * 2 });
  const levels = toBytes(reduce(raster, size, options.reduction), range);
  const data = raster.channels === 3 ? levels : colorize(levels, colorMaps[options.colorMap]);
  const rgb: RgbImage = { data, ...size };
  return { lines: cellLines(rgb, options.colorMode), extremes: whole, range };
}
