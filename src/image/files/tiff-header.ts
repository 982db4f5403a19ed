/**
 * The part of a TIFF file in front of the pixels: one image, not compressed, in the byte order of the machine. Where colours lie by
 * row or by plane the strips say so, and the pixels stay as they are. Above 4 GiB it is a BigTIFF.
 *
 * Sources: TIFF 6.0, https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf; BigTIFF, https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
import { endianness } from 'node:os';
import type { PixelType } from '../../pva/normative/pixel-types.js';
import { ColorMode, colorDimension } from '../color-mode.js';

/** What the header says of the image. */
export interface TiffImage {
  readonly nx: number;
  readonly ny: number;
  readonly colorMode: ColorMode;
  readonly dtype: PixelType;
  readonly bytesPerSample: number;
}

const isLittle = endianness() === 'LE';
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const LONG8 = 16;
const sizes: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [RATIONAL]: 8, [LONG8]: 8 };

/** A field of the directory. Of a RATIONAL the values are numerators and denominators in turn. */
interface Field {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[];
}

/** The pixels begin where a view of any type may. */
const ALIGNMENT = 16;
const LIMIT = 2 ** 32;

/** The bytes in front of the pixels. */
export function tiffHeader(image: TiffImage): Uint8Array {
  const small = layout(image, false);
  const total = small.pixelsAt + image.nx * image.ny * samples(image) * image.bytesPerSample;
  const { fields, pixelsAt, isBig } = total < LIMIT ? small : layout(image, true);
  return encoded(fields, pixelsAt, isBig);
}

interface Layout {
  readonly fields: readonly Field[];
  readonly pixelsAt: number;
  readonly isBig: boolean;
}

/** Where the pixels begin does not depend on what the offsets are, only on how many there are. */
function layout(image: TiffImage, isBig: boolean): Layout {
  const end = endOfHeader(fieldsOf(image, 0, isBig), isBig);
  const pixelsAt = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
  return { fields: fieldsOf(image, pixelsAt, isBig), pixelsAt, isBig };
}

function samples({ colorMode }: TiffImage): 1 | 3 {
  return colorDimension(colorMode) === undefined ? 1 : 3;
}

function fieldsOf(image: TiffImage, pixelsAt: number, isBig: boolean): Field[] {
  const { nx, ny, colorMode, bytesPerSample } = image;
  const count = samples(image);
  const offset = isBig ? LONG8 : LONG;
  const { rowsPerStrip, offsets, bytes } = stripsOf(image);
  const isSeparate = colorMode === ColorMode.RGB2 || colorMode === ColorMode.RGB3;
  return [
    { tag: 256, type: LONG, values: [nx] }, // ImageWidth
    { tag: 257, type: LONG, values: [ny] }, // ImageLength
    { tag: 258, type: SHORT, values: repeated(bytesPerSample * 8, count) }, // BitsPerSample
    { tag: 259, type: SHORT, values: [1] }, // Compression: none
    { tag: 262, type: SHORT, values: [count === 3 ? 2 : 1] }, // PhotometricInterpretation: RGB, or black is zero
    { tag: 273, type: offset, values: offsets.map((each) => each + pixelsAt) }, // StripOffsets
    { tag: 277, type: SHORT, values: [count] }, // SamplesPerPixel
    { tag: 278, type: LONG, values: [rowsPerStrip] }, // RowsPerStrip
    { tag: 279, type: offset, values: repeated(bytes, offsets.length) }, // StripByteCounts
    { tag: 282, type: RATIONAL, values: [1, 1] }, // XResolution
    { tag: 283, type: RATIONAL, values: [1, 1] }, // YResolution
    { tag: 284, type: SHORT, values: [isSeparate ? 2 : 1] }, // PlanarConfiguration
    { tag: 296, type: SHORT, values: [1] }, // ResolutionUnit: none
    { tag: 339, type: SHORT, values: repeated(sampleFormat(image.dtype), count) }, // SampleFormat
  ];
}

/** Unsigned integers, signed ones, floats. */
function sampleFormat(dtype: PixelType): number {
  if (dtype.startsWith('float')) return 3;
  return dtype.startsWith('int') ? 2 : 1;
}

/** Strips that lie as the pixels do: first all of red, then of green, then of blue, where colours are apart. */
function stripsOf({ nx, ny, colorMode, bytesPerSample }: TiffImage) {
  const row = nx * bytesPerSample;
  switch (colorMode) {
    case ColorMode.RGB2: {
      const offsets = [0, 1, 2].flatMap((color) => Array.from({ length: ny }, (_, y) => (3 * y + color) * row));
      return { rowsPerStrip: 1, offsets, bytes: row };
    }
    case ColorMode.RGB3:
      return { rowsPerStrip: ny, offsets: [0, ny * row, 2 * ny * row], bytes: ny * row };
    case ColorMode.RGB1:
      return { rowsPerStrip: ny, offsets: [0], bytes: 3 * ny * row };
    default:
      return { rowsPerStrip: ny, offsets: [0], bytes: ny * row };
  }
}

function repeated(value: number, count: number): number[] {
  return new Array<number>(count).fill(value);
}

function lengthOf({ type, values }: Field): number {
  return (sizes[type] as number) * (type === RATIONAL ? values.length / 2 : values.length);
}

/** Sizes of the file's head, of a field's entry, and of the places for its count, and its value or offset. */
function sizesOf(isBig: boolean) {
  return isBig
    ? { head: 16, count: 8, entry: 20, next: 8, inEntry: 8 }
    : { head: 8, count: 2, entry: 12, next: 4, inEntry: 4 };
}

function endOfHeader(fields: readonly Field[], isBig: boolean): number {
  const { head, count, entry, next, inEntry } = sizesOf(isBig);
  const apart = fields.map(lengthOf).filter((length) => length > inEntry);
  return head + count + fields.length * entry + next + apart.reduce((sum, length) => sum + length + (length % 2), 0);
}

function encoded(fields: readonly Field[], length: number, isBig: boolean): Uint8Array {
  const bytes = new Uint8Array(length);
  const out = new Output(new DataView(bytes.buffer), isBig);
  const { head, count, entry, next, inEntry } = sizesOf(isBig);
  bytes.fill(isLittle ? 0x49 : 0x4d, 0, 2);
  out.short(2, isBig ? 43 : 42);
  if (isBig) out.short(4, 8);
  out.offset(isBig ? 8 : 4, head);
  if (isBig) out.offset(head, fields.length);
  else out.short(head, fields.length);
  let apart = head + count + fields.length * entry + next;
  fields.forEach((field, i) => {
    const at = head + count + i * entry;
    const { type, values } = field;
    out.short(at, field.tag);
    out.short(at + 2, type);
    out.offset(at + 4, type === RATIONAL ? values.length / 2 : values.length);
    const place = at + entry - inEntry;
    const fieldLength = lengthOf(field);
    if (fieldLength <= inEntry) return out.values(place, field);
    out.offset(place, apart);
    out.values(apart, field);
    apart += fieldLength + (fieldLength % 2);
  });
  return bytes;
}

class Output {
  constructor(
    readonly view: DataView,
    readonly isBig: boolean,
  ) {}

  short(at: number, value: number): void {
    this.view.setUint16(at, value, isLittle);
  }

  offset(at: number, value: number): void {
    if (this.isBig) this.view.setBigUint64(at, BigInt(value), isLittle);
    else this.view.setUint32(at, value, isLittle);
  }

  values(at: number, { type, values }: Field): void {
    values.forEach((value, i) => {
      if (type === SHORT) this.short(at + 2 * i, value);
      else if (type === LONG8) this.offset(at + 8 * i, value);
      else this.view.setUint32(at + 4 * i, value, isLittle);
    });
  }
}
