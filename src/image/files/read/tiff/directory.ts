/**
 * The directories of TIFF and BigTIFF files.
 *
 * Sources: TIFF 6.0, https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf; BigTIFF, https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
import type { OpenFile } from '../open-file.js';

/** The tags that say how pixels lie. */
export enum Tag {
  NewSubfileType = 254,
  ImageWidth = 256,
  ImageLength = 257,
  BitsPerSample = 258,
  Compression = 259,
  Photometric = 262,
  FillOrder = 266,
  StripOffsets = 273,
  SamplesPerPixel = 277,
  RowsPerStrip = 278,
  StripByteCounts = 279,
  PlanarConfiguration = 284,
  Predictor = 317,
  TileWidth = 322,
  TileLength = 323,
  TileOffsets = 324,
  TileByteCounts = 325,
  SampleFormat = 339,
}

/** The values of the tags of one directory. */
export type Directory = ReadonlyMap<number, readonly number[]>;

/** Bytes of a value, by its type; those that are no whole numbers are not read. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
const MAX_ENTRIES = 4096;
const MAX_VALUES = 2 ** 22;
const MAX_DIRECTORIES = 2 ** 20;

/** Reads figures in the byte order of a file, with offsets of its size. */
export class TiffReader {
  private constructor(
    readonly file: OpenFile,
    readonly isLittleEndian: boolean,
    readonly isBig: boolean,
    readonly first: number,
  ) {}

  /** @throws {PvaflowError} PVAFLOW_FILE_CONTENT when it is no TIFF */
  static async start(file: OpenFile): Promise<TiffReader> {
    const head = await file.readSome(0, 16);
    const mark = head.toString('latin1', 0, 2);
    const isLittle = mark === 'II';
    const version = head.length < 8 ? 0 : isLittle ? head.readUInt16LE(2) : head.readUInt16BE(2);
    const isBig = version === 43 && head.length === 16;
    if ((!isLittle && mark !== 'MM') || (version !== 42 && !isBig)) throw file.damaged('is no TIFF file');
    const reader = new TiffReader(file, isLittle, isBig, 0);
    return new TiffReader(file, isLittle, isBig, isBig ? reader.#figure(head, 8, 8) : reader.#figure(head, 4, 4));
  }

  /** Where the directories of all images are, those of small versions of others left out. */
  async directories(): Promise<number[]> {
    const found: number[] = [];
    const seen = new Set<number>();
    for (let at = this.first; at !== 0;) {
      if (seen.has(at) || seen.size > MAX_DIRECTORIES)
        throw this.file.damaged('has directories that go round in a circle');
      seen.add(at);
      const { entries, next } = await this.#entries(at);
      if (!this.#isReduced(entries)) found.push(at);
      at = next;
    }
    return found;
  }

  async directory(at: number): Promise<Directory> {
    const { entries } = await this.#entries(at);
    const directory = new Map<number, readonly number[]>();
    const size = this.#entrySize();
    for (let i = 0; i < entries.length; i += size) {
      const tag = this.#figure(entries, i, 2);
      if (Tag[tag] !== undefined) directory.set(tag, await this.#values(entries.subarray(i, i + size)));
    }
    return directory;
  }

  async #entries(at: number) {
    const countSize = this.isBig ? 8 : 2;
    const count = this.#figure(await this.file.read(at, countSize), 0, countSize);
    if (count > MAX_ENTRIES) throw this.file.damaged(`has a directory of ${count} entries`);
    const length = count * this.#entrySize();
    const next = this.isBig ? 8 : 4;
    const bytes = await this.file.read(at + countSize, length + next);
    return { entries: bytes.subarray(0, length), next: this.#figure(bytes, length, next) };
  }

  #isReduced(entries: Buffer): boolean {
    for (let i = 0; i < entries.length; i += this.#entrySize()) {
      if (this.#figure(entries, i, 2) === Number(Tag.NewSubfileType))
        return (this.#figure(entries, i + (this.isBig ? 12 : 8), 4) & 1) === 1;
    }
    return false;
  }

  async #values(entry: Buffer): Promise<number[]> {
    const type = this.#figure(entry, 2, 2);
    const width = this.isBig ? 8 : 4;
    const count = this.#figure(entry, 4, width);
    const size = sizes[type] ?? 0;
    if (size === 0) return [];
    if (count > MAX_VALUES) throw this.file.damaged(`has a field of ${count} values`);
    const place = entry.subarray(4 + width);
    const isApart = count * size > width;
    const bytes = isApart ? await this.file.read(this.#figure(place, 0, width), count * size) : place;
    return Array.from({ length: count }, (_, i) => this.#figure(bytes, i * size, size));
  }

  #entrySize(): number {
    return this.isBig ? 20 : 12;
  }

  #figure(bytes: Buffer, at: number, size: number): number {
    if (size === 1) return bytes.readUInt8(at);
    if (size === 2) return this.isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
    if (size === 4) return this.isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    return Number(this.isLittleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
}
