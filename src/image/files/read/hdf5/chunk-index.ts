import type { DatasetInfo, Layout } from './dataset.js';
import { chunksOfExtensibleArray, chunksOfFixedArray } from './chunk-arrays.js';
import { NOWHERE } from './cursor.js';
import type { Storage } from './storage.js';

/** Where a chunk is, and which filters it did not go through (one bit for each). */
export interface StoredChunk {
  readonly address: number;
  readonly size: number;
  readonly mask: number;
}

/** The chunks of a dataset by their place, counted as in an array in C order. Those that were never written are not there. */
export type ChunkIndex = ReadonlyMap<number, StoredChunk>;

type Chunked = Extract<Layout, { kind: 'chunked' }>;

/** How the chunks of a dataset are counted. */
export class ChunkGrid {
  /** Chunks in each dimension; where an array may grow, as many as it may have. */
  readonly counts: readonly number[];
  readonly elements: number;

  constructor(
    { shape, limits }: DatasetInfo,
    readonly chunk: readonly number[],
  ) {
    this.counts = shape.map((size, i) => {
      const limit = i === 0 || (limits[i] ?? NOWHERE) === NOWHERE ? size : (limits[i] as number);
      return Math.max(1, Math.ceil(limit / (chunk[i] ?? 1)));
    });
    this.elements = chunk.reduce((product, size) => product * size, 1);
  }

  /** The place of the chunk at these coordinates, in chunks. */
  place(coordinates: readonly number[]): number {
    return coordinates.reduce((place, at, i) => place * (this.counts[i] as number) + at, 0);
  }
}

const MAX_NODES = 1_000_000;

export async function readChunkIndex(
  storage: Storage,
  layout: Chunked,
  grid: ChunkGrid,
  elementBytes: number,
  isFiltered: boolean,
): Promise<ChunkIndex> {
  if (layout.address === NOWHERE) return new Map();
  const plainSize = grid.elements * elementBytes;
  switch (layout.index) {
    case 'btree':
      return chunksOfTree(storage, layout, grid);
    case 'single':
      return new Map([[0, { address: layout.address, size: layout.size ?? plainSize, mask: layout.mask ?? 0 }]]);
    case 'implicit': {
      const count = grid.counts.reduce((product, size) => product * size, 1);
      const at = (i: number) => ({ address: layout.address + i * plainSize, size: plainSize, mask: 0 });
      return new Map(Array.from({ length: count }, (_, i) => [i, at(i)]));
    }
    case 'fixedArray':
      return chunksOfFixedArray(storage, layout.address, { plainSize, isFiltered });
    case 'extensibleArray':
      return chunksOfExtensibleArray(storage, layout.address, { plainSize, isFiltered });
  }
}

/** A B-tree of version 1, whose keys are the coordinates of chunks. */
async function chunksOfTree(storage: Storage, { address, chunk }: Chunked, grid: ChunkGrid): Promise<ChunkIndex> {
  const { offset } = storage.widths;
  const key = 8 + 8 * (chunk.length + 1);
  const found = new Map<number, StoredChunk>();
  const nodes = [address];
  for (let node = nodes.pop(), n = 0; node !== undefined; node = nodes.pop(), n++) {
    if (n > MAX_NODES) throw storage.file.damaged('has an index of chunks without an end');
    const head = (await storage.read(node, 8)).expect('TREE').skip(1);
    const [level, entries] = [head.u8(), head.u16()];
    const cursor = (await storage.read(node, 8 + 2 * offset + entries * (key + offset))).skip(8 + 2 * offset);
    for (let i = 0; i < entries; i++) {
      const [size, mask] = [cursor.u32(), cursor.u32()];
      const corner = Array.from({ length: chunk.length + 1 }, () => cursor.uint(8)).slice(0, -1);
      const child = cursor.address();
      if (level > 0) nodes.push(child);
      else found.set(grid.place(corner.map((at, d) => at / (chunk[d] as number))), { address: child, size, mask });
    }
  }
  return found;
}
