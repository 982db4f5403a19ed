import { describe, expect, it } from 'vitest';
import { ColorMode } from '../../src/image/color-mode.js';
import { generateNtNdArray2D } from '../../src/image/generate.js';
import { parseTileLayout, tileGrid } from '../../src/image/tile-grid.js';
import { cutIntoTiles, stitchTiles, tileFacts } from '../../src/image/tiles.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import type { PixelArray } from '../../src/pva/normative/pixel-types.js';

/** A frame whose pixels all differ, as far as their type lets them. */
function frameOf(nx: number, ny: number, colorMode: ColorMode, type: new (length: number) => PixelArray): NtNdArray {
  const isColor = colorMode !== ColorMode.Mono;
  const data = new type(nx * ny * (isColor ? 3 : 1));
  const isBig = data instanceof BigInt64Array;
  for (let at = 0; at < data.length; at++) data[at] = isBig ? BigInt(at) : at & 255;
  const image = { data, shape: [ny, nx], stride: [nx, 1], offset: 0 };
  const inColor = { data, shape: [ny, nx, 3], stride: [3 * nx, 3, 1], offset: 0 };
  return generateNtNdArray2D(9, isColor ? inColor : image, { colorMode });
}

describe('a grid of tiles', () => {
  it('of rows and columns covers the image evenly, of a size leaves smaller ones at the edges', () => {
    expect(tileGrid(10, 4, { columns: 3, rows: 1 }).tiles.map(({ x, nx }) => [x, nx])).toEqual([
      [0, 3],
      [3, 3],
      [6, 4],
    ]);
    expect(tileGrid(10, 4, { nx: 4, ny: 4 }).tiles.map(({ x, nx }) => [x, nx])).toEqual([
      [0, 4],
      [4, 4],
      [8, 2],
    ]);
  });

  it.each(['0x2', '2', '2x', 'x', '2x2x2', '-1x2'])('is not written as %s', (text) => {
    expect(() => parseTileLayout(text)).toThrow(/no layout of tiles/);
  });

  it('has no more tiles than pixels', () => {
    expect(() => tileGrid(2, 2, { columns: 3, rows: 1 })).toThrow(/cannot be cut into 3x1/);
  });
});

describe.each(Object.entries(ColorMode).filter(([name]) => name !== 'Bayer'))('an image in %s', (_name, mode) => {
  it('of booleans is the same when its tiles are stitched', () => {
    const frame = frameOf(7, 5, mode, Uint8Array);
    const values = Array.from(frame.data as Uint8Array, (_, at) => at % 3 === 0);
    frame.set('value.booleanValue', values);
    const image = stitchTiles(cutIntoTiles(frame, { columns: 3, rows: 2 }), 3);
    expect(image.selected('value')).toBe('booleanValue');
    expect(image.get('value')).toEqual(values);
  });

  it.each([Uint8Array, Int16Array, Float64Array, BigInt64Array])(
    'of %o is the same when its tiles are stitched',
    (type) => {
      const frame = frameOf(7, 5, mode, type);
      const tiles = cutIntoTiles(frame, { columns: 3, rows: 2 });
      expect(tiles.map(tileFacts)).toEqual(
        [0, 1].flatMap((row) => [0, 1, 2].map((column) => ({ row, column, rows: 2, columns: 3 }))),
      );
      expect(tiles.every(({ uniqueId }) => uniqueId === 9)).toBe(true);
      const image = stitchTiles(tiles, 3);
      expect(image.data).toEqual(frame.data);
      expect(image.header().colorMode).toBe(mode);
      expect(image.dimensions).toEqual(frame.dimensions);
      expect(image.attributes.map(({ name }) => name)).toEqual(frame.attributes.map(({ name }) => name));
      expect(image.get('timeStamp')).toEqual(frame.get('timeStamp'));
    },
  );
});

it('tiles of booleans are the same image when they are stitched', () => {
  const data = Uint8Array.from({ length: 35 }, (_, at) => (at % 3 === 0 ? 1 : 0));
  const frame = generateNtNdArray2D(9, { data, shape: [5, 7], stride: [7, 1], offset: 0 }, { dtype: 'boolean' });
  const tiles = cutIntoTiles(frame, { columns: 3, rows: 2 });
  expect(tiles.map((tile) => tile.header().format?.dtype)).toEqual(Array(6).fill('boolean'));
  const image = stitchTiles(tiles, 3);
  expect(Array.from(image.data as ArrayLike<number>, Number)).toEqual([...data]);
  expect(image.header()).toMatchObject({ dimensions: [7, 5], uncompressedSize: 35 });
});

describe('tiles', () => {
  it('say in their dimensions where they belong', () => {
    const [, , , last] = cutIntoTiles(frameOf(8, 6, ColorMode.Mono, Uint8Array), { nx: 4, ny: 3 });
    expect(last?.dimensions.map(({ size, offset, fullSize }) => [size, offset, fullSize])).toEqual([
      [4, 4, 8],
      [3, 3, 6],
    ]);
  });

  it('are none of a frame without an image', () => {
    expect(cutIntoTiles(new NtNdArray(), { columns: 2, rows: 2 })).toEqual([]);
  });

  it('that do not fit together are refused', () => {
    const tiles = [frameOf(2, 2, ColorMode.Mono, Uint8Array), frameOf(2, 3, ColorMode.Mono, Uint8Array)];
    expect(() => stitchTiles(tiles, 2)).toThrow(/do not fit together/);
  });
});
