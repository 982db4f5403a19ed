import type { ChunkGrid } from './chunk-grid.js';
import type { Compressor } from './compression.js';
import type { FrameData } from './frame-format.js';

/** What is written of a frame: its tiles, each in parts. */
export interface Tiles {
  readonly tiles: readonly (readonly Uint8Array[])[];
  /** Gives its memory back. */
  readonly release: () => void;
}

/** Makes of frames what is written: cut, and compressed or decompressed on threads of Node's pool. */
export class ChunkMaker {
  constructor(
    readonly grid: ChunkGrid,
    readonly compressor: Compressor | undefined,
  ) {}

  /** At once where there is nothing to do. The pixels of the frame may not change until its tiles are released. */
  make(frame: FrameData): Tiles | Promise<Tiles> {
    const { grid, compressor } = this;
    const { encoded } = frame;
    if (encoded !== undefined) {
      const parts = grid.isWhole ? compressor?.taken(encoded, grid.tileBytes) : undefined;
      return parts === undefined ? this.#decoded(encoded.decode()) : { tiles: [parts], release: nothing };
    }
    if (compressor === undefined) return { tiles: grid.cut(frame.pixels()).map((tile) => [tile]), release: nothing };
    if (grid.isWhole) return together([compressor.compress(frame.copy(), grid.tileBytes)]);
    const tiles = grid.cut(frame.pixels());
    return together(tiles.map((tile) => compressor.compressBytes(tile, frame.dtype)));
  }

  async #decoded(decoding: ReturnType<NonNullable<FrameData['encoded']>['decode']>): Promise<Tiles> {
    const frame = await decoding;
    try {
      const { tiles, release } = await this.make(frame);
      return { tiles, release: () => [release(), frame.release()] };
    } catch (error) {
      frame.release();
      throw error;
    }
  }
}

/** Waits for all, so that none is left behind when one fails. */
async function together(compressing: ReturnType<Compressor['compress']>[]): Promise<Tiles> {
  const results = await Promise.allSettled(compressing);
  const tiles = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const release = () => tiles.forEach((tile) => tile.release());
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed === undefined) return { tiles: tiles.map(({ parts }) => parts), release };
  release();
  throw (failed as PromiseRejectedResult).reason;
}

function nothing(): void {}
