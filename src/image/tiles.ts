import { PvaflowError } from '../core/errors.js';
import { NtNdArray, type Dimension } from '../pva/normative/nt-nd-array.js';
import type { PixelArray } from '../pva/normative/pixel-types.js';
import { PvObject } from '../pva/pv-object.js';
import { readableHeader } from './codec/readable-header.js';
import { ColorMode, colorDimension, dimensionSizes } from './color-mode.js';
import { imageShape, type ImageShape } from './image-shape.js';
import { tileGrid, type TileLayout, type TilePlace } from './tile-grid.js';

/**
 * The names under which a tile says where it belongs: as attributes, as in pvaPy's examples, where `tileIndexX` is the row and
 * `tileIndexY` the column; or as fields of the structure, as pvaPy's splitter writes them.
 */
export const tileFields = {
  row: 'tileIndexX',
  column: 'tileIndexY',
  rows: 'nTileRows',
  columns: 'nTileColumns',
} as const;

/** What a tile says of itself; how many tiles there are only if it was cut here. */
export interface TileFacts {
  readonly row: number;
  readonly column: number;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
}

/**
 * Cuts an image into tiles, row by row. They are frames with the same id, times and attributes; besides, attributes say where
 * each belongs, and its dimensions have `offset` and `fullSize`. Pixels are copied once. Tiles have to be released.
 *
 * @returns no tiles for a frame without an image
 * @throws {FrameError} when the frame contradicts itself
 * @throws {PvaflowError} PVAFLOW_TILES when it cannot be cut so
 */
export function cutIntoTiles(frame: NtNdArray, layout: TileLayout): NtNdArray[] {
  const shape = imageShape(readableHeader(frame));
  if (shape === undefined) return [];
  const grid = tileGrid(shape.nx, shape.ny, layout);
  const frames = grid.tiles.map(() => frame.clone()); // before the pixels are looked at: until then clones share them
  const dimensions = frame.dimensions;
  const pixels = frame.data as PixelArray;
  grid.tiles.forEach((place, at) => {
    const tile = frames[at] as NtNdArray;
    newPixels(tile, shape, place.nx, place.ny, (target) =>
      copyPixels(
        shape,
        { data: pixels, ...place, width: shape.nx, height: shape.ny },
        { data: target, x: 0, y: 0, width: place.nx, height: place.ny },
      ),
    );
    tile.dimensions = tileDimensions(dimensions, shape, place);
    const facts = { ...place, rows: grid.rows, columns: grid.columns };
    for (const [fact, name] of Object.entries(tileFields) as [keyof TileFacts, string][])
      tile.setAttribute(name, new PvObject('int').set('', facts[fact]));
  });
  return frames;
}

/** Where a frame says that it belongs; undefined if it does not say that it is a tile. */
export function tileFacts(frame: PvObject): TileFacts | undefined {
  const attributes = frame.has('attribute') ? asNtNdArray(frame).attributes : [];
  const read = (name: string): number | undefined => {
    const value = frame.has(name) ? frame.get(name) : attributes.find((attribute) => attribute.name === name)?.value;
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
  };
  const [row, column] = [read(tileFields.row), read(tileFields.column)];
  if (row === undefined || column === undefined) return undefined;
  return { row, column, rows: read(tileFields.rows), columns: read(tileFields.columns) };
}

function asNtNdArray(object: PvObject): NtNdArray {
  return object instanceof NtNdArray ? object : new NtNdArray(object.native);
}

/**
 * Puts tiles together, given row by row. What is not pixels is that of the first tile; attributes that said where it belonged
 * are left out.
 *
 * @throws {PvaflowError} PVAFLOW_TILES when they do not fit together
 */
export function stitchTiles(tiles: readonly NtNdArray[], columns: number): NtNdArray {
  const shapes = tiles.map((tile) => imageShape(readableHeader(tile)));
  const [first] = shapes;
  const [firstTile] = tiles;
  if (first === undefined || firstTile === undefined) throw new PvaflowError('PVAFLOW_TILES', 'a tile has no pixels');
  const widths = shapes.slice(0, columns).map((shape) => shape?.nx ?? 0);
  const heights = shapes.filter((_, at) => at % columns === 0).map((shape) => shape?.ny ?? 0);
  const [width, height] = [sum(widths), sum(heights)];
  const dimensions = firstTile.dimensions;
  tiles.forEach(({ uniqueId }, at) =>
    checkTile(shapes[at], first, widths[at % columns], heights[Math.floor(at / columns)], uniqueId),
  );
  if (tiles.length % columns > 0)
    throw new PvaflowError('PVAFLOW_TILES', `${tiles.length} tiles are no rows of ${columns}`);
  const image = firstTile.clone();
  newPixels(image, first, width, height, (target) =>
    tiles.forEach((tile, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      const [nx, ny] = [widths[column] ?? 0, heights[row] ?? 0];
      const [x, y] = [sum(widths.slice(0, column)), sum(heights.slice(0, row))];
      copyPixels(
        first,
        { data: tile.data as PixelArray, x: 0, y: 0, nx, ny, width: nx, height: ny },
        { data: target, x, y, width, height },
      );
    }),
  );
  image.dimensions = dimensionSizes(first.colorMode, width, height).map((size, at) => ({ ...dimensions[at], size }));
  image.removeAttributes(Object.values(tileFields));
  return image;
}

function checkTile(
  shape: ImageShape | undefined,
  first: ImageShape,
  nx: number | undefined,
  ny: number | undefined,
  id: number,
): void {
  const isAlike = shape?.format === first.format && shape.colorMode === first.colorMode;
  if (shape !== undefined && isAlike && shape.nx === nx && shape.ny === ny) return;
  const found = shape === undefined ? 'none' : `${shape.nx}x${shape.ny} of ${shape.format.dtype}`;
  throw new PvaflowError(
    'PVAFLOW_TILES',
    `the tiles of id ${id} do not fit together: ${found} beside ${nx}x${ny} of ${first.format.dtype}`,
  );
}

/** Selects the pixels of a frame anew, for `fill` to write all of them, and says how many bytes they are. */
function newPixels(
  frame: NtNdArray,
  { format, nz }: ImageShape,
  nx: number,
  ny: number,
  fill: (target: PixelArray) => void,
): void {
  const count = nx * ny * (nz ?? 1);
  const field = `value.${format.fieldKey}`;
  if (format.dtype === 'boolean') {
    const bytes = new Uint8Array(count);
    fill(bytes);
    frame.set(field, Array.from(bytes, Boolean));
  } else fill(frame.allocate<PixelArray>(field, count, 'unset'));
  frame.set('', { compressedSize: count * format.bytes, uncompressedSize: count * format.bytes });
}

function tileDimensions(dimensions: readonly Dimension[], { colorMode }: ImageShape, place: TilePlace): Dimension[] {
  const starts = dimensionSizes(colorMode, place.x, place.y);
  const sizes = dimensionSizes(colorMode, place.nx, place.ny);
  const colors = colorDimension(colorMode);
  return dimensions.map((dimension, at) => {
    if (at === colors) return dimension;
    const fullSize = dimension.fullSize > 0 ? dimension.fullSize : dimension.size;
    return { ...dimension, size: sizes[at] ?? 0, offset: dimension.offset + (starts[at] ?? 0), fullSize };
  });
}

/** A rectangle of pixels, or the place for one, in an image that is `width` times `height`. */
interface Region {
  readonly data: PixelArray;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Copies a rectangle line by line, as lines lie in memory in this colour mode. */
function copyPixels({ colorMode }: ImageShape, from: Region & { nx: number; ny: number }, to: Region): void {
  const perPixel = colorMode === ColorMode.RGB1 ? 3 : 1;
  const perRow = colorMode === ColorMode.RGB2 ? 3 : 1;
  const planes = colorMode === ColorMode.RGB3 ? 3 : 1;
  const length = from.nx * perPixel;
  const start = ({ width, height, x, y }: Region, plane: number, row: number, color: number) =>
    (((plane * height + y + row) * perRow + color) * width + x) * perPixel;
  for (let plane = 0; plane < planes; plane++)
    for (let row = 0; row < from.ny; row++)
      for (let color = 0; color < perRow; color++) {
        const at = start(from, plane, row, color);
        to.data.set(from.data.subarray(at, at + length) as never, start(to, plane, row, color));
      }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
