import { PvaflowError } from '../../core/errors.js';
import { bytesOf, type FrameFormat } from './frame-format.js';

/** How many frames, rows and columns a chunk has; rows and columns of 0 are those of the image. */
export type Chunking = readonly [frames: number, rows: number, columns: number];

/** Each image is a chunk. */
export const WHOLE_IMAGES: Chunking = [1, 0, 0];

/** What the format allows, and what a file's index may have. */
const MAX_CHUNK_BYTES = 2 ** 32 - 1;
const MAX_CHUNKS = 2 ** 20;

/** How the images of a file are cut into chunks: an image into tiles, and the same tiles of some frames make a chunk each. */
export class ChunkGrid {
  /** Of a chunk: frames, rows, columns, and 3 for colour. */
  readonly sizes: readonly number[];
  /** Frames in a chunk. */
  readonly frames: number;
  /** Chunks that an image is in. */
  readonly tiles: number;
  /** Of the part of a chunk that one frame fills. */
  readonly tileBytes: number;
  readonly #rowBytes: number;
  readonly #tileRowBytes: number;
  readonly #rows: number;
  readonly #tileRows: number;

  /** @throws {PvaflowError} PVAFLOW_OPTION when that makes chunks too large, or too many */
  constructor(format: FrameFormat, capacity: number, [frames, rows, columns]: Chunking) {
    const [ny = 0, nx = 0, ...colors] = format.shape;
    const [height, width] = [within(rows, ny), within(columns, nx)];
    const pixelBytes = bytesOf(format) / (nx * ny);
    this.frames = Math.min(frames, capacity);
    this.sizes = [this.frames, height, width, ...colors];
    this.tiles = Math.ceil(ny / height) * Math.ceil(nx / width);
    this.tileBytes = height * width * pixelBytes;
    this.#rows = ny;
    this.#tileRows = height;
    this.#rowBytes = nx * pixelBytes;
    this.#tileRowBytes = width * pixelBytes;
    if (this.frames * this.tileBytes > MAX_CHUNK_BYTES)
      throw refused(`chunks of ${this.sizes.join(' × ')} pixels have more than ${MAX_CHUNK_BYTES} bytes`);
    if (this.chunksOf(capacity) > MAX_CHUNKS)
      throw refused(`${capacity} images in a file would be ${this.chunksOf(capacity)} chunks, ${MAX_CHUNKS} may be`);
  }

  /** Whether an image is a chunk. */
  get isWhole(): boolean {
    return this.tiles === 1 && this.frames === 1;
  }

  /** Of so many frames. */
  chunksOf(frames: number): number {
    return Math.ceil(frames / this.frames) * this.tiles;
  }

  /** The tiles of an image, row by row; those at its edges are filled up with zeros. Not copied where they lie together. */
  cut(pixels: Uint8Array): Uint8Array[] {
    if (this.tiles === 1) return [pixels];
    const tiles: Uint8Array[] = [];
    for (let row = 0; row < this.#rows; row += this.#tileRows) {
      for (let from = 0; from < this.#rowBytes; from += this.#tileRowBytes) tiles.push(this.#tile(pixels, row, from));
    }
    return tiles;
  }

  #tile(pixels: Uint8Array, firstRow: number, from: number): Uint8Array {
    const rows = Math.min(this.#tileRows, this.#rows - firstRow);
    const bytes = Math.min(this.#tileRowBytes, this.#rowBytes - from);
    const begin = firstRow * this.#rowBytes + from;
    if (bytes === this.#rowBytes && rows === this.#tileRows) return pixels.subarray(begin, begin + this.tileBytes);
    const tile = new Uint8Array(this.tileBytes);
    for (let row = 0; row < rows; row++) {
      const at = begin + row * this.#rowBytes;
      tile.set(pixels.subarray(at, at + bytes), row * this.#tileRowBytes);
    }
    return tile;
  }
}

/** @throws {PvaflowError} PVAFLOW_OPTION when it is none */
export function checkChunking(chunking: unknown, compression: string): asserts chunking is Chunking {
  const isThree = Array.isArray(chunking) && chunking.length === 3;
  if (!isThree || !chunking.every((size) => Number.isSafeInteger(size) && size >= 0) || chunking[0] < 1)
    throw refused(
      `it must be [frames, rows, columns], at least one frame and 0 for all rows or columns, found ${JSON.stringify(chunking)}`,
    );
  if (chunking[0] > 1 && compression !== 'none')
    throw refused(`several frames in a chunk cannot be compressed: "compression" must be "none", not "${compression}"`);
}

function refused(why: string): PvaflowError {
  return new PvaflowError('PVAFLOW_OPTION', `chunking: ${why}`);
}

function within(size: number, most: number): number {
  return size === 0 ? most : Math.min(size, most);
}
