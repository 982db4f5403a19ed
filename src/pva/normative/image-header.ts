import { native, type NativeValue } from '../native.js';
import { pixelFormats, type PixelFormat } from './pixel-types.js';

/** What an NTNDArray says about its pixels, read as it is and not judged: `imageShape` of src/image does that. */
export interface ImageHeader {
  /** Whether the field `value` holds pixels; if not, what it is instead. */
  readonly value: 'pixels' | 'unselected' | 'notPixels' | 'absent';
  /** Element type and union member; undefined unless `value` is `pixels`. */
  readonly format: PixelFormat | undefined;
  /** Elements in the data; with a codec, of the compressed data. */
  readonly elements: number;
  /** How many dimensions there are; undefined when there is no such field. */
  readonly nDimensions: number | undefined;
  /** Their sizes, of the first ten; NaN where there is none. */
  readonly dimensions: readonly number[];
  /** The attribute `ColorMode`: undefined when there is none, NaN when it is no integer. */
  readonly colorMode: number | undefined;
  /** Empty when the data is not compressed. */
  readonly codec: string;
  /** In bytes; undefined when there is no such field. */
  readonly compressedSize: number | undefined;
  readonly uncompressedSize: number | undefined;
  readonly uniqueId: number | undefined;
  /** `timeStamp` and `dataTimeStamp` in whole seconds since 1970 and nanoseconds of that second; NaN where absent. */
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly dataSeconds: number;
  readonly dataNanoseconds: number;
}

/** Where each figure stands: the same list is in native/value/image-header.cpp. */
enum Slot {
  Type,
  Elements,
  Dimensions,
  ColorMode,
  CompressedSize,
  UncompressedSize,
  UniqueId,
  Seconds,
  Nanoseconds,
  DataSeconds,
  DataNanoseconds,
  FirstSize,
}
const MAX_DIMENSIONS = 10;
const NOT_SELECTED = -1;
const COLOR_MODE_UNREADABLE = -Infinity;

/** Written anew by each call and read at once: JavaScript does one thing at a time. */
const figures = new Float64Array(Slot.FirstSize + MAX_DIMENSIONS);

/** One call of the addon, whatever the number of dimensions and attributes. */
export function readImageHeader(value: NativeValue): ImageHeader {
  const codec = native.readImageHeader(value, figures);
  const type = at(Slot.Type);
  const format = pixelFormats[type];
  const nDimensions = stated(Slot.Dimensions);
  const count = Math.min(nDimensions ?? 0, MAX_DIMENSIONS);
  const dimensions: number[] = [];
  for (let i = 0; i < count; i++) dimensions.push(at(Slot.FirstSize + i));
  const colorMode = stated(Slot.ColorMode);
  return {
    value:
      format !== undefined
        ? 'pixels'
        : type === NOT_SELECTED
          ? 'unselected'
          : Number.isNaN(type)
            ? 'absent'
            : 'notPixels',
    format,
    elements: format === undefined ? 0 : at(Slot.Elements),
    nDimensions,
    dimensions,
    colorMode: colorMode === COLOR_MODE_UNREADABLE ? NaN : colorMode,
    codec,
    compressedSize: stated(Slot.CompressedSize),
    uncompressedSize: stated(Slot.UncompressedSize),
    uniqueId: stated(Slot.UniqueId),
    seconds: at(Slot.Seconds),
    nanoseconds: at(Slot.Nanoseconds),
    dataSeconds: at(Slot.DataSeconds),
    dataNanoseconds: at(Slot.DataNanoseconds),
  };
}

function at(slot: number): number {
  return figures[slot] as number;
}

function stated(slot: Slot): number | undefined {
  const figure = at(slot);
  return Number.isNaN(figure) ? undefined : figure;
}
