import type { ChunkGrid } from './chunk-grid.js';

/** Where the chunks of a file's images are: each behind the one before. */
export class ChunkSpace {
  /** Frames that have their place, and where the next chunk begins. */
  frames = 0;
  end: number;
  /** Where those chunks begin that the last frame is in. */
  begin: number;

  constructor(
    readonly grid: ChunkGrid,
    begin: number,
  ) {
    this.begin = this.end = begin;
  }

  /** A batch was written. */
  take({ frames, begin, end }: WriteBatch): void {
    this.frames += frames.length;
    this.begin = begin;
    this.end = end;
  }
}

/** A chunk that a frame begins. */
export interface Place {
  readonly chunk: number;
  readonly address: number;
  readonly bytes: number;
}

/** What lies together in the file, to be written by one call. */
interface Run {
  readonly position: number;
  bytes: number;
  readonly data: Uint8Array[];
}

/** Frames that are written behind what there is. */
export class WriteBatch {
  readonly runs: Run[] = [];
  /** For each frame the chunks that it begins. */
  readonly frames: Place[][] = [];
  bytes = 0;
  begin: number;
  end: number;
  readonly #space: ChunkSpace;

  constructor(space: ChunkSpace) {
    this.#space = space;
    this.begin = space.begin;
    this.end = space.end;
  }

  /** Whether chunks were begun that end behind all that is written. */
  get needsRoom(): boolean {
    const last = this.runs.at(-1);
    return this.end > this.#space.end && last !== undefined && last.position + last.bytes < this.end;
  }

  add(tiles: readonly (readonly Uint8Array[])[]): void {
    const { grid, frames } = this.#space;
    const at = frames + this.frames.length;
    const slot = at % grid.frames;
    const places: Place[] = [];
    if (slot === 0) this.begin = this.end;
    for (const [tile, parts] of tiles.entries()) {
      const bytes = parts.reduce((sum, { length }) => sum + length, 0);
      // of several frames all chunks are as large, and have their room at once; of one each is as large as it is
      const address = grid.frames === 1 ? this.end : this.begin + (tile * grid.frames + slot) * bytes;
      if (slot === 0) {
        const chunk = (at / grid.frames) * grid.tiles + tile;
        places.push({ chunk, address, bytes: bytes * grid.frames });
        this.end += bytes * grid.frames;
      }
      this.#write(address, parts, bytes);
    }
    this.frames.push(places);
  }

  #write(position: number, parts: readonly Uint8Array[], bytes: number): void {
    this.bytes += bytes;
    const last = this.runs.at(-1);
    if (last === undefined || last.position + last.bytes !== position)
      this.runs.push({ position, bytes, data: [...parts] });
    else {
      last.data.push(...parts);
      last.bytes += bytes;
    }
  }
}
