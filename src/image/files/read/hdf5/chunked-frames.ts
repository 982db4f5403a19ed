import { messageOf } from '../../../../core/errors.js';
import { elementBytes, elementsOf, isLittleMachine } from '../elements.js';
import type { FileFrame } from '../frame-file.js';
import type { FrameShape } from '../frame-shape.js';
import { ChunkGrid, readChunkIndex, type ChunkIndex, type StoredChunk } from './chunk-index.js';
import type { DatasetInfo, Layout } from './dataset.js';
import { codedBy, filtersOfChunk, unfiltered, unknownFilter } from './filters.js';
import type { Storage } from './storage.js';

type ChunkedInfo = DatasetInfo & { readonly layout: Extract<Layout, { kind: 'chunked' }> };

/** The frames of a dataset in chunks. */
export class ChunkedFrames {
  readonly length: number;
  readonly #grid: ChunkGrid;
  readonly #bytes: number;
  /** A chunk may hold parts of several frames: the one that was decoded last is kept. */
  #last: { place: number; bytes: Buffer } | undefined;

  private constructor(
    readonly storage: Storage,
    readonly info: ChunkedInfo,
    readonly shape: FrameShape,
    grid: ChunkGrid,
    readonly index: ChunkIndex,
  ) {
    this.length = shape.frames;
    this.#grid = grid;
    this.#bytes = elementBytes(info.dtype);
  }

  static async open(storage: Storage, info: ChunkedInfo, shape: FrameShape): Promise<ChunkedFrames> {
    const { layout, filters, dtype } = info;
    const problem = unknownFilter(filters);
    if (problem !== undefined) throw storage.file.damaged(problem);
    const grid = new ChunkGrid(info, layout.chunk);
    const index = await readChunkIndex(storage, layout, grid, elementBytes(dtype), filters.length > 0);
    return new ChunkedFrames(storage, info, shape, grid, index);
  }

  readonly read = async (frame: number): Promise<FileFrame> => {
    const corner = this.#corner(frame);
    return (await this.#wholeChunk(corner)) ?? (await this.#assembled(corner));
  };

  /** Dimensions before those of an image. */
  get #leading(): number {
    const { shape } = this.info;
    return shape.length - (this.shape.elements === this.shape.nx * this.shape.ny ? 2 : 3);
  }

  /** The coordinates of the frame's first element. */
  #corner(frame: number): number[] {
    const corner = this.info.shape.map(() => 0);
    let rest = frame;
    for (let i = this.#leading - 1; i >= 0; i--) {
      const size = this.info.shape[i] as number;
      corner[i] = rest % size;
      rest = Math.floor(rest / size);
    }
    return corner;
  }

  /** The frame as it is in the file, where one chunk is one frame and has one filter that is a codec of frames. */
  async #wholeChunk(corner: readonly number[]): Promise<FileFrame | undefined> {
    const { shape, layout, filters, dtype, isLittleEndian } = this.info;
    const isWhole = layout.chunk.every((size, i) => size === (i < this.#leading ? 1 : shape[i]));
    const stored = isWhole ? this.index.get(this.#grid.place(this.#chunkAt(corner))) : undefined;
    if (stored === undefined) return undefined;
    const [filter, ...others] = filtersOfChunk(filters, stored.mask);
    if (filter === undefined || others.length > 0) return undefined;
    const coded = codedBy(filter, (await this.storage.read(stored.address, stored.size)).bytes);
    const { nx, ny, colorMode } = this.shape;
    const isSwapped = this.#bytes > 1 && isLittleEndian !== isLittleMachine;
    return coded && { ...coded, nx, ny, colorMode, dtype, isSwapped };
  }

  #chunkAt(coordinates: readonly number[]): number[] {
    return coordinates.map((at, i) => Math.floor(at / (this.info.layout.chunk[i] as number)));
  }

  /** A frame of the parts that its chunks have of it. */
  async #assembled(corner: readonly number[]): Promise<FileFrame> {
    const { dtype, isLittleEndian } = this.info;
    const { nx, ny, colorMode, elements } = this.shape;
    const out = Buffer.from(new ArrayBuffer(elements * this.#bytes));
    for (const chunk of this.#chunksOf(corner)) {
      const bytes = await this.#chunk(chunk);
      this.#copy(bytes, chunk, corner, out);
    }
    return { data: elementsOf(out, dtype, isLittleEndian), nx, ny, colorMode, dtype };
  }

  /** The coordinates of all chunks with parts of a frame. */
  #chunksOf(corner: readonly number[]): number[][] {
    const { shape, layout } = this.info;
    let all: number[][] = [[]];
    shape.forEach((size, i) => {
      const chunk = layout.chunk[i] as number;
      const first = Math.floor((corner[i] as number) / chunk);
      const last = i < this.#leading ? first : Math.floor((size - 1) / chunk);
      const along = Array.from({ length: last - first + 1 }, (_, n) => first + n);
      all = all.flatMap((head) => along.map((at) => [...head, at]));
    });
    return all;
  }

  async #chunk(coordinates: readonly number[]): Promise<Buffer> {
    const place = this.#grid.place(coordinates);
    if (this.#last?.place === place) return this.#last.bytes;
    const stored = this.index.get(place);
    const bytes = stored === undefined ? this.#unwritten() : await this.#decoded(stored);
    this.#last = { place, bytes };
    return bytes;
  }

  async #decoded({ address, size, mask }: StoredChunk): Promise<Buffer> {
    const { filters, dtype } = this.info;
    const { bytes } = await this.storage.read(address, size);
    try {
      return await unfiltered(bytes, filtersOfChunk(filters, mask), dtype, this.#grid.elements);
    } catch (error) {
      throw this.storage.file.damaged(`has a chunk that is damaged: ${messageOf(error)}`);
    }
  }

  #unwritten(): Buffer {
    const { fill } = this.info;
    return Buffer.alloc(this.#grid.elements * this.#bytes, fill?.length === this.#bytes ? fill : 0);
  }

  /** Copies what a chunk has of a frame, run by run of its last dimension. */
  #copy(bytes: Buffer, coordinates: readonly number[], corner: readonly number[], out: Buffer): void {
    const { shape, layout } = this.info;
    const { chunk } = layout;
    const visit = (dimension: number, from: number, to: number): void => {
      const size = chunk[dimension] as number;
      const start = (coordinates[dimension] as number) * size;
      if (dimension < this.#leading)
        return visit(dimension + 1, from * size + (corner[dimension] as number) - start, to);
      const count = Math.min(size, (shape[dimension] as number) - start);
      const [first, target] = [from * size, to * (shape[dimension] as number) + start];
      if (dimension === shape.length - 1) {
        bytes.copy(out, target * this.#bytes, first * this.#bytes, (first + count) * this.#bytes);
        return;
      }
      for (let i = 0; i < count; i++) visit(dimension + 1, first + i, target + i);
    };
    visit(0, 0, 0);
  }
}
