import { AdImageProcessor, cutIntoTiles, type NtNdArray, parseTileLayout, type TileLayout } from 'pvaflow';

/**
 * Cuts each image into tiles and publishes these, row by row. They have the id of their image, and attributes that say where
 * they belong: `tileIndexX`, the row, `tileIndexY`, the column, `nTileRows` and `nTileColumns`. `StitchAdImageProcessor` puts
 * them together again.
 *
 * Configuration: `{ "nx": 1920, "ny": 1080 }`, the size of a tile, or `{ "layout": "2x2" }`, columns and rows. Without any, images
 * are published as they are.
 */
export class SplitAdImageProcessor extends AdImageProcessor {
  private layout: TileLayout | undefined;
  private nFrames = 0;
  private nTiles = 0;
  private nEmpty = 0;

  override configure({ nx, ny, layout }: { nx?: number; ny?: number; layout?: string }) {
    if (layout !== undefined) this.layout = parseTileLayout(layout);
    else if (nx !== undefined || ny !== undefined) {
      if (!isSize(nx) || !isSize(ny))
        throw new RangeError(`nx and ny must be whole numbers of at least 1, found ${nx} and ${ny}`);
      this.layout = { nx, ny };
    }
  }

  override process(frame: NtNdArray) {
    this.nFrames++;
    if (this.layout === undefined) {
      this.updateOutputChannel(frame);
      return frame;
    }
    const tiles = cutIntoTiles(frame, this.layout);
    if (tiles.length === 0) this.nEmpty++;
    for (const tile of tiles) {
      this.updateOutputChannel(tile);
      this.nTiles++;
      tile.release();
    }
    return frame;
  }

  /** The type alone: what clients see first is to be a tile, not an image. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.nFrames = this.nTiles = this.nEmpty = 0;
  }

  override getStats() {
    return { nFrames: this.nFrames, nTiles: this.nTiles, nEmpty: this.nEmpty };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nTiles: 'ulong', nEmpty: 'ulong' } as const;
  }
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}
