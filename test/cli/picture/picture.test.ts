import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import { drawPicture, type PictureOptions } from '../../../src/cli/picture/picture.js';
import { colorMaps } from '../../../src/cli/picture/color-map.js';
import { fit } from '../../../src/cli/picture/fit.js';

const options: PictureOptions = {
  columns: 2,
  rows: 1,
  colorMode: 'truecolor',
  colorMap: 'grey',
  scaling: 'minmax',
  reduction: 'mean',
};

describe('drawPicture', () => {
  test('draws the lowest pixel black and the highest white, and tells which they are', () => {
    const picture = drawPicture(ndarray(Int32Array.of(-10, 0, 0, 10), [2, 2]), options);
    expect(picture.extremes).toEqual({ low: -10, high: 10 });
    expect(picture.range).toEqual({ low: -10, high: 10 });
    expect(picture.lines).toEqual([
      '\x1b[38;2;0;0;0;48;2;128;128;128m▀\x1b[38;2;128;128;128;48;2;255;255;255m▀\x1b[0m',
    ]);
  });

  test('draws through the colour map', () => {
    const { lines } = drawPicture(ndarray(Uint8Array.of(0, 1, 0, 1), [2, 2]), { ...options, colorMap: 'viridis' });
    expect(lines).toEqual(['\x1b[38;2;68;1;84;48;2;68;1;84m▀\x1b[38;2;253;231;37;48;2;253;231;37m▀\x1b[0m']);
  });

  test('draws colour images in their colours, on one range', () => {
    const image = ndarray(Uint16Array.of(0, 500, 1000, 1000, 0, 0), [2, 1, 3]);
    expect(drawPicture(image, { ...options, columns: 1 }).lines).toEqual(['\x1b[38;2;0;128;255;48;2;255;0;0m▀\x1b[0m']);
  });

  test('draws a flat image and one without a number', () => {
    const flat = drawPicture(ndarray(Uint8Array.of(7, 7, 7, 7), [2, 2]), options);
    const empty = drawPicture(ndarray(new Float32Array(4).fill(NaN), [2, 2]), options);
    expect(flat.lines).toEqual(['\x1b[38;2;0;0;0;48;2;0;0;0m▀▀\x1b[0m']);
    expect(empty.lines).toEqual(flat.lines);
  });

  test('fills the room in one direction and keeps the shape', () => {
    const picture = drawPicture(ndarray(new Uint8Array(200 * 400), [200, 400]), { ...options, columns: 80, rows: 40 });
    expect(picture.lines).toHaveLength(20);
    expect(picture.lines[0]?.match(/▀/g)).toHaveLength(80);
  });
});

describe('fit', () => {
  test.each([
    [
      { width: 2048, height: 2048 },
      { width: 80, height: 46 },
      { width: 46, height: 46 },
    ],
    [
      { width: 10, height: 5 },
      { width: 80, height: 46 },
      { width: 80, height: 40 },
    ],
    [
      { width: 1, height: 5000 },
      { width: 80, height: 46 },
      { width: 1, height: 46 },
    ],
  ])('%j into %j', (image, room, size) => {
    expect(fit(image, room)).toEqual(size);
  });
});

describe('colorMaps', () => {
  test.each([
    [0, [68, 1, 84]],
    [64, [59, 82, 139]],
    [128, [33, 145, 140]],
    [191, [92, 200, 99]],
    [255, [253, 231, 37]],
  ])('viridis at %i is the colour of matplotlib', (level, color) => {
    const drawn = colorMaps.viridis.subarray(level * 3, level * 3 + 3);
    for (const [i, byte] of color.entries()) expect(Math.abs((drawn[i] ?? NaN) - byte)).toBeLessThanOrEqual(1);
  });
});
