import type { PixelType } from '../../../../pva/normative/pixel-types.js';
import type { OpenFile } from '../open-file.js';
import { decompressors, otherCompressions } from './compressions.js';
import { Tag, type Directory } from './directory.js';

/** How the pixels of one image lie in its file. */
export interface Page {
  readonly nx: number;
  readonly ny: number;
  readonly dtype: PixelType;
  /** Bits of a sample: 1, 2 and 4 are read as uint8. */
  readonly bits: number;
  /** Samples of a pixel, opacity and the like included. */
  readonly samples: number;
  readonly isColor: boolean;
  /** Each sample has its own plane, so its own strips or tiles. */
  readonly isPlanar: boolean;
  readonly compression: number;
  readonly predictor: number;
  /** Width and height of a strip or tile; the last ones may be cut. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Tiles have their full size at the edges too, strips end with the image. */
  readonly isTiled: boolean;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

const RGB = 2;

/** @throws {PvaflowError} PVAFLOW_FILE_CONTENT when it contradicts itself, or is of a kind that is not read */
export function pageOf(file: OpenFile, directory: Directory): Page {
  const first = (tag: Tag, otherwise: number) => directory.get(tag)?.[0] ?? otherwise;
  const [nx, ny] = [first(Tag.ImageWidth, 0), first(Tag.ImageLength, 0)];
  if (nx < 1 || ny < 1) throw file.damaged(`has an image of ${nx} × ${ny} pixels`);
  const samples = first(Tag.SamplesPerPixel, 1);
  const compression = first(Tag.Compression, 1);
  if (decompressors[compression] === undefined) {
    const name = otherCompressions[compression] ?? `compression ${compression}`;
    throw file.damaged(`is compressed with ${name}; none, LZW, Deflate and PackBits are read`);
  }
  if (first(Tag.FillOrder, 1) !== 1) throw file.damaged('has its bits in reverse order, which is not read');
  const { bits, dtype } = sampleType(file, directory, samples);
  const isColor = isInColor(file, first(Tag.Photometric, 1), samples);
  const isTiled = directory.has(Tag.TileOffsets);
  const page: Page = {
    ...{ nx, ny, dtype, bits, samples, isColor, compression, isTiled },
    isPlanar: samples > 1 && first(Tag.PlanarConfiguration, 1) === 2,
    predictor: first(Tag.Predictor, 1),
    blockWidth: isTiled ? first(Tag.TileWidth, 0) : nx,
    blockHeight: isTiled ? first(Tag.TileLength, 0) : Math.min(ny, first(Tag.RowsPerStrip, ny)),
    offsets: directory.get(isTiled ? Tag.TileOffsets : Tag.StripOffsets) ?? [],
    byteCounts: directory.get(isTiled ? Tag.TileByteCounts : Tag.StripByteCounts) ?? [],
  };
  checkBlocks(file, page);
  return page;
}

/** Strips or tiles side by side, and one above the other. */
export function blocksOf({ nx, ny, blockWidth, blockHeight }: Page) {
  return { across: Math.ceil(nx / blockWidth), down: Math.ceil(ny / blockHeight) };
}

const kinds: Readonly<Record<number, string>> = { 1: 'uint', 2: 'int', 3: 'float', 4: 'uint' };

function sampleType(file: OpenFile, directory: Directory, samples: number): { bits: number; dtype: PixelType } {
  const all = directory.get(Tag.BitsPerSample) ?? [1];
  const bits = all[0] ?? 1;
  const format = directory.get(Tag.SampleFormat)?.[0] ?? 1;
  const kind = kinds[format];
  const isWhole = [8, 16, 32, 64].includes(bits) && !(kind === 'float' && bits < 32);
  const isPacked = [1, 2, 4].includes(bits) && samples === 1 && kind === 'uint';
  if (all.some((each) => each !== bits) || kind === undefined || (!isWhole && !isPacked))
    throw file.damaged(`has samples of ${all.join(', ')} bits (format ${format}), which is not read`);
  return { bits, dtype: (isPacked ? 'uint8' : `${kind}${bits}`) as PixelType };
}

/** Grey, or red, green and blue; a further sample is opacity. */
function isInColor(file: OpenFile, photometric: number, samples: number): boolean {
  if (photometric === RGB && (samples === 3 || samples === 4)) return true;
  if (photometric <= 1 && (samples === 1 || samples === 2)) return false;
  throw file.damaged(`has ${samples} samples for each pixel (colour space ${photometric}); grey and RGB are read`);
}

function checkBlocks(file: OpenFile, page: Page): void {
  if (page.blockWidth < 1 || page.blockHeight < 1) throw file.damaged('has strips or tiles of no size');
  const { across, down } = blocksOf(page);
  const wanted = across * down * (page.isPlanar ? page.samples : 1);
  const { offsets, byteCounts } = page;
  if (offsets.length < wanted || byteCounts.length < wanted)
    throw file.damaged(`has ${Math.min(offsets.length, byteCounts.length)} strips or tiles, its image has ${wanted}`);
}
