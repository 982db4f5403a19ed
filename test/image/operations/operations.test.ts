import ndarray from 'ndarray';
import {
  binNtNdArray,
  compressNtNdArray,
  convertColorNtNdArray,
  cropNtNdArray,
  generateNtNdArray2D,
  NtNdArray,
  reshapeNtNdArray,
  subsampleNtNdArray,
  transformNtNdArray,
  type Dimension,
} from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { pixelsOf } from '../../processor/running.js';
import { listed } from '../frames.js';

/** 0, 1, 2 … in rows of `nx`. */
function counting(nx: number, ny: number): NtNdArray {
  return generateNtNdArray2D(
    7,
    ndarray(
      Uint16Array.from({ length: nx * ny }, (_, i) => i),
      [ny, nx],
    ),
  );
}

/** The dimensions as the detector's columns or rows that the first and the last pixel are made of. */
function places({ size, offset, binning, reverse }: Dimension): [number, number] {
  const [first, last] = [offset, offset + (size - 1) * binning];
  return reverse ? [last, first] : [first, last];
}

const [x, y] = [0, 1];
const places2 = (frame: NtNdArray) => frame.dimensions.map(places);

describe('dimensions', () => {
  test('say where on the detector an area is, and an area of that', () => {
    const frame = counting(100, 80);
    cropNtNdArray(frame, { offsetX: 10, offsetY: 20, sizeX: 50, sizeY: 30 });
    cropNtNdArray(frame, { offsetX: 5, offsetY: 6 });
    expect(frame.dimensions).toEqual([
      { size: 45, offset: 15, fullSize: 100, binning: 1, reverse: false },
      { size: 24, offset: 26, fullSize: 80, binning: 1, reverse: false },
    ]);
    expect(pixelsOf(frame)[0]).toBe(26 * 100 + 15);
  });

  test('say it in pixels of the detector after binning, too', () => {
    const frame = counting(100, 80);
    subsampleNtNdArray(frame, { stepX: 4, stepY: 3 });
    cropNtNdArray(frame, { offsetX: 2, offsetY: 5, sizeX: 3, sizeY: 4 });
    expect(places2(frame)).toEqual([[8, 16], [15, 24]]); // prettier-ignore
    expect(pixelsOf(frame)[0]).toBe(15 * 100 + 8);
  });

  test('follow their axis, and say which is turned around', () => {
    const frame = counting(100, 80);
    transformNtNdArray(frame, 'rotate90');
    expect(frame.dimensions.map(({ size, reverse }) => [size, reverse])).toEqual([[80, true], [100, false]]); // prettier-ignore
    cropNtNdArray(frame, { offsetX: 10, offsetY: 20, sizeX: 30, sizeY: 40 });
    expect(places2(frame)).toEqual([[69, 40], [20, 59]]); // prettier-ignore
    expect(pixelsOf(frame)[0]).toBe(69 * 100 + 20);
    transformNtNdArray(frame, 'rotate270');
    expect(places2(frame)).toEqual([[20, 59], [40, 69]]); // prettier-ignore
  });

  test('say the place of what is left of a reversed axis', () => {
    const sampled = transformNtNdArray(counting(10, 1), 'mirror');
    subsampleNtNdArray(sampled, { stepX: 4, stepY: 1 });
    expect(pixelsOf(sampled)).toEqual([9, 5, 1]);
    expect(places(sampled.dimensions[x] as Dimension)).toEqual([9, 1]);
    const binned = transformNtNdArray(counting(10, 1), 'mirror');
    binNtNdArray(binned, { binX: 4, binY: 1 });
    expect(pixelsOf(binned)).toEqual([9 + 8 + 7 + 6, 5 + 4 + 3 + 2]);
    expect(binned.dimensions[x]).toEqual({ size: 2, offset: 2, fullSize: 10, binning: 4, reverse: true });
  });

  test('keep what the detector said', () => {
    const frame = counting(8, 4).set('dimension', [
      { size: 8, offset: 100, fullSize: 2048, binning: 2, reverse: true },
      { size: 4, offset: 50, fullSize: 1024, binning: 1 },
    ]);
    transformNtNdArray(frame, 'flip');
    binNtNdArray(frame, { binX: 2, binY: 4 });
    expect(frame.dimensions[x]).toEqual({ size: 4, offset: 100, fullSize: 2048, binning: 4, reverse: true });
    expect(frame.dimensions[y]).toEqual({ size: 1, offset: 50, fullSize: 1024, binning: 4, reverse: true });
    convertColorNtNdArray(frame, { colorMode: 'RGB2' });
    expect(frame.dimensions.map(({ size, fullSize }) => [size, fullSize])).toEqual([[4, 2048], [3, 3], [1, 1024]]); // prettier-ignore
  });
});

test('ids, times, attributes and what else a frame has stay', () => {
  const frame = counting(6, 4).setAttribute('Energy', 8.04).set('timeStamp.secondsPastEpoch', 5n);
  const before = frame.clone();
  transformNtNdArray(frame, 'rotate90');
  cropNtNdArray(frame, { offsetX: 1, offsetY: 1 });
  binNtNdArray(frame, { binX: 1, binY: 2, outputType: 'uint8' });
  const changed = new Set(['value', 'dimension', 'compressedSize', 'uncompressedSize']);
  for (const [name, value] of Object.entries(before.toObject()))
    if (!changed.has(name)) expect(frame.get(name), name).toEqual(value);
  expect(frame.header()).toMatchObject({ compressedSize: 6, uncompressedSize: 6, elements: 6 });
});

test('compressed frames are decoded', async () => {
  const frame = await compressNtNdArray(counting(6, 4), { codec: 'bslz4' });
  cropNtNdArray(frame, { offsetX: 4, offsetY: 3 });
  expect(frame.header().codec).toBe('');
  expect(pixelsOf(frame)).toEqual([22, 23]);
});

test('frames without an image are left as they are', () => {
  const frame = new NtNdArray();
  transformNtNdArray(frame, 'rotate90');
  expect(cropNtNdArray(frame, { offsetX: 4, offsetY: 3 })).toBe(true);
  subsampleNtNdArray(frame, { stepX: 4, stepY: 3 });
  expect(binNtNdArray(frame, { binX: 4, binY: 3 })).toBe(0);
  expect(convertColorNtNdArray(frame, { colorMode: 'RGB1' })).toBe(false);
  expect(frame.changedFields()).toEqual([]);
});

describe('an area that leaves the image', () => {
  test.each([{ sizeX: 7 }, { offsetY: 4 }, { offsetX: 2, sizeX: 5 }])('%o is refused', (area) => {
    const frame = counting(6, 4);
    expect(() => cropNtNdArray(frame, { offsetX: 0, offsetY: 0, ...area })).toThrow(
      /frame 7: its image has 6 × 4 pixels, not/,
    );
    expect(frame.header().dimensions).toEqual([6, 4]);
  });

  test('is clipped where that is wanted, and something is left', () => {
    const frame = counting(6, 4);
    expect(cropNtNdArray(frame, { offsetX: 4, offsetY: 1, sizeX: 10, sizeY: 2, outside: 'clip' })).toBe(false);
    expect(pixelsOf(frame)).toEqual([10, 11, 16, 17]);
    expect(() => cropNtNdArray(frame, { offsetX: 2, offsetY: 0, outside: 'clip' })).toThrow(/not the area/);
  });
});

describe('binning', () => {
  const frameOf = (...pixels: number[]) =>
    generateNtNdArray2D(7, ndarray(Float32Array.from(pixels), [1, pixels.length]));
  const bin = (frame: NtNdArray, options: object) => {
    const changed = binNtNdArray(frame, { binX: 2, binY: 1, ...options });
    return { changed, pixels: pixelsOf(frame), dtype: frame.header().format?.dtype };
  };

  test('without a type gives sums one that holds them, and means the one that they had', () => {
    expect(bin(counting(4, 1), {})).toEqual({ changed: 0, pixels: [1, 5], dtype: 'uint32' });
    expect(bin(counting(4, 1), { method: 'mean' })).toEqual({ changed: 0, pixels: [1, 3], dtype: 'uint16' });
    expect(bin(counting(4, 1), { binX: 1 })).toEqual({ changed: 0, pixels: [0, 1, 2, 3], dtype: 'uint16' });
    expect(bin(frameOf(1, 2.5), {})).toEqual({ changed: 0, pixels: [3.5], dtype: 'float32' });
  });

  test('counts what a type does not hold, infinities and what is no number among it', () => {
    const values = [NaN, 1, Infinity, 1, -Infinity, 1, 200, 100];
    expect(bin(frameOf(...values), { outputType: 'uint8' })).toEqual({
      changed: 4,
      pixels: [0, 255, 0, 255],
      dtype: 'uint8',
    });
    const wide = { changed: 3, pixels: [0, Number(2n ** 63n - 1n), Number(-(2n ** 63n)), 300], dtype: 'int64' };
    expect(bin(frameOf(...values), { outputType: 'int64' })).toEqual(wide);
  });

  test('refuses the frame where that is wanted, and leaves it as it was', () => {
    const frame = counting(4, 100);
    expect(() => bin(frame, { outputType: 'uint8', onOverflow: 'refuse' })).toThrow(
      /frame 7: \d+ values are none of uint8/,
    );
    expect(frame.toJSON()).toEqual(
      counting(4, 100)
        .set('timeStamp', frame.get('timeStamp'))
        .set('dataTimeStamp', frame.get('dataTimeStamp'))
        .toJSON(),
    );
  });

  test('refuses images that are too small, and booleans', () => {
    expect(() => bin(counting(4, 1), { binY: 2 })).toThrow('frame 7: of 4 × 1 pixels none can be made of 2 × 2');
    const frame = generateNtNdArray2D(1, ndarray(Uint8Array.of(1, 0), [1, 2]), { dtype: 'boolean' });
    expect(() => bin(frame, {})).toThrow('booleans cannot be added');
  });
});

test('booleans are moved', () => {
  const frame = generateNtNdArray2D(1, ndarray(Uint8Array.of(1, 0, 0, 1, 1, 0), [2, 3]), { dtype: 'boolean' });
  transformNtNdArray(frame, 'transpose');
  expect(frame.get('value')).toEqual([true, true, false, true, false, false]);
  convertColorNtNdArray(frame, { colorMode: 'RGB1' });
  expect(listed(reshapeNtNdArray(frame).image)).toEqual([[[1, 1, 1], [1, 1, 1]], [[0, 0, 0], [1, 1, 1]], [[0, 0, 0], [0, 0, 0]]]); // prettier-ignore
  expect(() => convertColorNtNdArray(frame, { colorMode: 'Mono' })).toThrow('booleans have no mean');
});

test('a Bayer pattern is turned and cropped, but has no colours to convert', () => {
  const frame = counting(4, 2).setAttribute('ColorMode', { type: 'int', value: 1 });
  cropNtNdArray(frame, { offsetX: 2, offsetY: 0 });
  expect(frame.attribute('ColorMode')).toBe(1);
  expect(() => convertColorNtNdArray(frame, { colorMode: 'RGB1' })).toThrow('frame 7: it has a Bayer pattern');
});

test('options that are none are refused, by name', () => {
  const frame = counting(4, 2);
  const wrong = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };
  expect(wrong(() => transformNtNdArray(frame, 'rotat90' as 'none'))).toContain('Did you mean "rotate90"?');
  expect(wrong(() => cropNtNdArray(frame, { offsetX: -1, offsetY: 0 }))).toBe(
    'offsetX must be a whole number from 0 on, found -1',
  );
  expect(wrong(() => subsampleNtNdArray(frame, { stepX: 1.5, stepY: 1 }))).toBe(
    'stepX must be a whole number from 1 on, found 1.5',
  );
  expect(wrong(() => binNtNdArray(frame, { binX: 2, binY: 513 }))).toBe(
    'binY must be a whole number from 1 to 512, found 513',
  );
  expect(wrong(() => convertColorNtNdArray(frame, { colorMode: 'Bayer' as 'Mono' }))).toBe(
    'colorMode must be one of Mono, RGB1, RGB2, RGB3, found "Bayer"',
  );
  expect(frame.header().dimensions).toEqual([4, 2]);
});
