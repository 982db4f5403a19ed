import { AdImageProcessor, checkConfig, type NtNdArray, stitchTiles, tileFacts } from 'pvaflow';

const count = { type: 'integer', minimum: 1 };

/** The tiles of an image that have come, by row and column. */
interface Part {
  readonly rows: number;
  readonly columns: number;
  readonly tiles: (NtNdArray | undefined)[];
  nTiles: number;
}

/** An image that is through: whether it was stitched, or else given up, and the time that its tiles have. */
interface Past {
  readonly isComplete: boolean;
  readonly time: string | undefined;
}

/**
 * Puts the tiles of each image together and publishes the image: what `SplitAdImageProcessor` cuts, and the splitter of
 * pvaPy's examples. Use it in a collector, which sends the tiles of an image one after the other.
 *
 * An image of which a tile is missing when a later one is complete is given up: `nFramesMissed` and `nTilesDiscarded` count it, and
 * the log names it. So many images may be incomplete at a time as `maxImages` says (100). Of as many that are through it is known
 * which they were: a tile of theirs, by id and time stamp, that comes once more is counted by `nTilesRepeated`, one that comes too late
 * by `nTilesDiscarded`.
 *
 * Configuration: `{ "nx": 3840, "ny": 2160 }`, the size of the image, for tiles that do not say how many there are, as those of pvaPy.
 */
export class StitchAdImageProcessor extends AdImageProcessor {
  static override readonly needsOrder = true;
  static override readonly configSchema = { properties: { nx: count, ny: count, maxImages: count } };

  private nx: number | undefined;
  private ny: number | undefined;
  private maxImages = 100;
  private readonly parts = new Map<number, Part>();
  private readonly past = new Map<number, Past>();
  private nTilesReceived = 0;
  private nTilesProcessed = 0;
  private nTilesDiscarded = 0;
  private nTilesRepeated = 0;
  private nFramesStitched = 0;
  private nFramesMissed = 0;

  override async configure(config: { nx?: number; ny?: number; maxImages?: number }) {
    const { nx = this.nx, ny = this.ny, maxImages = this.maxImages } = await checkConfig(this, config);
    this.nx = nx;
    this.ny = ny;
    this.maxImages = maxImages;
  }

  /** The tile that completes an image gives the image; the others are filtered. */
  override process(tile: NtNdArray) {
    const id = tile.uniqueId;
    const facts = tileFacts(tile);
    if (facts === undefined)
      throw new TypeError('it is no tile: it has neither fields nor attributes tileIndexX and Y');
    if (this.isPast(id, tile)) return null;
    const part = this.parts.get(id) ?? this.newPart(tile, facts);
    const at = facts.row * part.columns + facts.column;
    if (facts.row < 0 || facts.row >= part.rows || facts.column < 0 || facts.column >= part.columns)
      throw new RangeError(
        `tile ${facts.row},${facts.column} is not one of ${part.rows} rows and ${part.columns} columns`,
      );
    this.nTilesReceived++;
    if (part.tiles[at] !== undefined) {
      this.nTilesRepeated++;
      return null;
    }
    this.parts.set(id, part);
    part.tiles[at] = tile.retain();
    part.nTiles++;
    return part.nTiles === part.tiles.length ? this.complete(id, part) : this.limit();
  }

  override stop() {
    while (this.parts.size > 0) this.discardOldest();
  }

  override getOutputPvObjectType(tile: NtNdArray) {
    return tile.type;
  }

  override resetStats() {
    this.nTilesReceived = this.nTilesProcessed = this.nTilesDiscarded = this.nTilesRepeated = 0;
    this.nFramesStitched = this.nFramesMissed = 0;
  }

  override getStats() {
    const { nFramesStitched, nFramesMissed, nTilesProcessed, nTilesReceived, nTilesDiscarded, nTilesRepeated } = this;
    return { nFramesStitched, nFramesMissed, nTilesProcessed, nTilesReceived, nTilesDiscarded, nTilesRepeated };
  }

  override getStatsPvaTypes() {
    return {
      nFramesStitched: 'uint',
      nFramesMissed: 'uint',
      nTilesProcessed: 'uint',
      nTilesReceived: 'uint',
      nTilesDiscarded: 'uint',
      nTilesRepeated: 'uint',
    } as const;
  }

  /** Whether the image of a tile is through. A source that counts from the start again has the same ids, and other times. */
  private isPast(id: number, tile: NtNdArray): boolean {
    const past = this.past.get(id);
    if (past?.time === undefined || past.time !== timeOf(tile)) return false;
    this.nTilesReceived++;
    if (past.isComplete) this.nTilesRepeated++;
    else this.nTilesDiscarded++;
    return true;
  }

  private remember(id: number, { tiles }: Part, isComplete: boolean): void {
    this.past.delete(id);
    this.past.set(id, { isComplete, time: timeOf(tiles.find((tile) => tile !== undefined)) });
    for (const oldest of this.past.keys()) {
      if (this.past.size <= this.maxImages) break;
      this.past.delete(oldest);
    }
  }

  private newPart(tile: NtNdArray, { rows, columns }: { rows: number | undefined; columns: number | undefined }): Part {
    if (rows !== undefined && columns !== undefined) return emptyPart(rows, columns);
    if (this.nx === undefined || this.ny === undefined)
      throw new TypeError('the tile does not say how many there are: configure nx and ny, the size of the image');
    const { nx, ny } = this.reshapeNtNdArray(tile);
    return emptyPart(Math.ceil(this.ny / ny), Math.ceil(this.nx / nx));
  }

  private complete(id: number, part: Part) {
    while (this.parts.keys().next().value !== id) this.discardOldest(); // they came before it, and will not be completed
    this.parts.delete(id);
    this.remember(id, part, true);
    const tiles = part.tiles as NtNdArray[];
    try {
      const image = stitchTiles(tiles, part.columns);
      this.nTilesProcessed += tiles.length;
      this.nFramesStitched++;
      this.updateOutputChannel(image);
      return image;
    } finally {
      for (const each of tiles) each.release();
    }
  }

  private limit(): null {
    while (this.parts.size > this.maxImages) this.discardOldest();
    return null;
  }

  private discardOldest(): void {
    const [oldest] = this.parts;
    if (oldest === undefined) return;
    const [id, part] = oldest;
    this.parts.delete(id);
    this.remember(id, part, false);
    this.nFramesMissed++;
    this.nTilesDiscarded += part.nTiles;
    this.logger.warn(`image ${id} is given up: ${part.nTiles} of ${part.tiles.length} tiles came`);
    for (const tile of part.tiles) tile?.release();
  }
}

/** Undefined when it has no time stamp. */
function timeOf(tile: NtNdArray | undefined): string | undefined {
  const { seconds = 0, nanoseconds = 0 } = tile?.header() ?? {};
  return seconds > 0 ? `${seconds}.${nanoseconds}` : undefined;
}

function emptyPart(rows: number, columns: number): Part {
  if (!(rows * columns >= 1) || rows * columns > 1e6)
    throw new RangeError(`there cannot be ${rows} rows and ${columns} columns of tiles`);
  return { rows, columns, tiles: new Array<NtNdArray | undefined>(rows * columns).fill(undefined), nTiles: 0 };
}
