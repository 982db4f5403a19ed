import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { FrameError, NtNdArray, reshapeNtNdArray, type PixelArray } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { pixelFormats } from '../../src/pva/normative/pixel-types.js';
import { dimensionsOf, listed, numbered } from './frames.js';

interface Row {
  colorMode: number;
  name: string;
  dtype: string;
  dims: number[];
  flat: number[];
  shape: number[];
  nx: number;
  ny: number;
  nz: number | null;
  colorModeOut: number;
  fieldKey: string;
  image: unknown;
}
interface Layout {
  colorMode: number;
  dims: number[];
  flat: number[];
  'image_in (ny,nx[,3])': unknown;
}

function truth<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../truth/${name}.json`, import.meta.url), 'utf8')) as T;
}

function frameOf(fieldKey: string, data: PixelArray | boolean[], dims: number[], colorMode?: number): NtNdArray {
  const attribute = colorMode === undefined ? [] : [{ name: 'ColorMode', value: { type: 'int', value: colorMode } }];
  return new NtNdArray(NtNdArray.type(), {
    uniqueId: 7,
    value: { [fieldKey]: data },
    dimension: dimensionsOf(dims),
    attribute,
  });
}

describe('the captured truth', () => {
  test.each(truth<Row[]>('reshape_intended_rgb').map((row) => [`${row.name} ${row.dtype}`, row] as const))(
    '%s',
    (_, row) => {
      const result = reshapeNtNdArray(frameOf(row.fieldKey, numbered(row.dtype, row.flat), row.dims, row.colorMode));
      expect(result).toMatchObject({
        imageId: 7,
        nx: row.nx,
        ny: row.ny,
        nz: row.nz,
        colorMode: row.colorModeOut,
        fieldKey: row.fieldKey,
      });
      expect(result.image.shape).toEqual(row.shape);
      expect(listed(result.image)).toEqual(row.image);
    },
  );

  test.each(truth<Layout[]>('reshape_generate_layouts'))('layout of colour mode $colorMode', (row) => {
    const { image } = reshapeNtNdArray(frameOf('ubyteValue', Uint8Array.from(row.flat), row.dims, row.colorMode));
    expect(listed(image)).toEqual(row['image_in (ny,nx[,3])']);
  });

  interface ReshapeRow extends Omit<Row, 'flat' | 'image'> {
    field: string;
    strides?: number[];
    reshape_error?: string;
  }
  const { rows } = truth<{ rows: ReshapeRow[] }>('reshape');
  test.each(rows.map((row) => [`${row.name} ${row.dtype}`, row] as const))('what pvaPy gives for %s', (_, row) => {
    const count = row.dims.reduce((product, size) => product * size);
    const data = numbered(row.dtype, [...Array(count).keys()]);
    const result = reshapeNtNdArray(frameOf(row.field, data, row.dims, row.colorMode));
    expect(result).toMatchObject({ imageId: 7, fieldKey: row.field, colorMode: row.colorMode });
    if (row.reshape_error !== undefined) return; // where it raises, we do not
    expect(result).toMatchObject({ nx: row.nx, ny: row.ny, nz: row.nz });
    expect(result.image.shape).toEqual(row.shape);
    expect(result.image.stride.map((step) => step * data.BYTES_PER_ELEMENT)).toEqual(row.strides);
  });
});

describe('the image is a view', () => {
  test.each(pixelFormats.slice(1))('of the very data of a frame of $dtype', ({ dtype, fieldKey }) => {
    const frame = frameOf(fieldKey, numbered(dtype, [...Array(1200).keys()]), [4, 100, 3], 4);
    const { image } = reshapeNtNdArray<Uint8Array>(frame);
    expect(image.data).toBe(frame.data);
    image.set(99, 3, 2, image.get(0, 0, 1));
    expect(frame.data?.at(-1)).toEqual(frame.data?.at(400));
  });
  test('that is empty once the frame was released', () => {
    const frame = frameOf('ubyteValue', new Uint8Array(8192), [128, 64]);
    const { image } = reshapeNtNdArray(frame);
    frame.release();
    expect(image.data).toHaveLength(0);
  });
});

test('booleans are a copy, as bytes', () => {
  const { image, fieldKey } = reshapeNtNdArray(frameOf('booleanValue', [true, false, false, true], [2, 2]));
  expect(listed(image)).toEqual([[1, 0], [0, 1]]); // prettier-ignore
  expect(fieldKey).toBe('booleanValue');
});

test('a frame without dimensions gives an empty result', () => {
  const { image, ...rest } = reshapeNtNdArray(new NtNdArray());
  expect(rest).toEqual({ imageId: 0, nx: 0, ny: 0, nz: null, colorMode: null, fieldKey: null });
  expect(image.shape).toEqual([0, 0]);
  expect(image.data).toHaveLength(0);
});

test('two dimensions need no colour mode, and offset, binning and direction do not matter', () => {
  const frame = frameOf('ubyteValue', Uint8Array.of(0, 1, 2, 3, 4, 5), [3, 2]);
  frame.dimensions = [
    { size: 3, offset: 4, binning: 2, reverse: true },
    { size: 2, offset: 9, fullSize: 20 },
  ];
  expect(listed(reshapeNtNdArray(frame).image)).toEqual([[0, 1, 2], [3, 4, 5]]); // prettier-ignore
});

test('a Bayer mosaic is shown as it is', () => {
  expect(reshapeNtNdArray(frameOf('ubyteValue', new Uint8Array(6), [3, 2], 1))).toMatchObject({
    nx: 3,
    ny: 2,
    nz: null,
    colorMode: 1,
  });
});

describe('a frame is refused', () => {
  const good = (): NtNdArray => frameOf('ushortValue', new Uint16Array(12), [4, 3], 0);
  const data = (elements: number) => ({ ushortValue: new Uint16Array(elements) });
  const cases: [string, (frame: NtNdArray) => unknown, string, string][] = [
    ['negative dimension', (f) => f.set('dimension[0].size', -4), 'dimension-size', 'its dimensions are -4 × 3: each must be at least 1'],
    ['two negative dimensions', (f) => (f.dimensions = dimensionsOf([-4, -3])), 'dimension-size', '-4 × -3'],
    ['zero dimension', (f) => f.set('dimension[1].size', 0), 'dimension-size', '4 × 0'],
    ['huge dimension', (f) => f.set('dimension[0].size', 2147483647), 'element-count', '2147483647 × 3 make 6442450941 elements, 12 came'],
    ['null dimension', (f) => f.set('dimension', [{ size: 4 }, null]), 'dimension-size', '4 × NaN'],
    ['too many elements', (f) => f.set('value', data(13)), 'element-count', '4 × 3 make 12 elements, 13 came'],
    ['too few elements', (f) => f.set('value', data(11)), 'element-count', '11 came'],
    ['no element', (f) => f.set('value', data(0)), 'element-count', '0 came'],
    ['data without dimensions', (f) => f.set('dimension', []), 'element-count', 'its dimensions none make 0 elements, 12 came'],
    ['one dimension', (f) => (f.dimensions = dimensionsOf([12])), 'dimension-count', 'two or three dimensions, this has 1'],
    ['four dimensions', (f) => (f.dimensions = dimensionsOf([2, 2, 3, 1])), 'dimension-count', 'this has 4'],
    ['three dimensions in mono', (f) => (f.dimensions = dimensionsOf([4, 3, 1])), 'dimension-count', 'Mono has 2 dimensions, this has 3'],
    ['three dimensions without mode', (f) => f.set('attribute', []).set('dimension', dimensionsOf([4, 1, 3])), 'color-mode', 'no attribute ColorMode'],
    ['two dimensions in RGB1', (f) => f.setAttribute('ColorMode', { type: 'int', value: 2 }), 'dimension-count', 'RGB1 has 3 dimensions'],
    ['RGB1 without 3 first', (f) => f.setAttribute('ColorMode', { type: 'int', value: 2 }).set('dimension', dimensionsOf([4, 3, 1])), 'color-dimension', 'of RGB1 the first must be 3'],
    ['RGB2 without 3 second', (f) => f.setAttribute('ColorMode', { type: 'int', value: 3 }).set('dimension', dimensionsOf([3, 4, 1])), 'color-dimension', 'of RGB2 the second must be 3'],
    ['RGB3 without 3 third', (f) => f.setAttribute('ColorMode', { type: 'int', value: 4 }).set('dimension', dimensionsOf([3, 2, 2])), 'color-dimension', 'of RGB3 the third must be 3'],
    ['unknown colour mode', (f) => f.setAttribute('ColorMode', { type: 'int', value: 17 }), 'color-mode', 'ColorMode is 17; known are 0 Mono'],
    ['colour mode that is text', (f) => f.setAttribute('ColorMode', 'RGB1'), 'color-mode', 'ColorMode is no integer'],
    ['unknown codec', (f) => f.set('codec.name', 'lzma'), 'compressed', 'compressed with lzma'],
    ['nothing selected', (f) => f.set('value', null), 'no-data', 'nothing selected'],
    ['compressedSize', (f) => f.set('compressedSize', 23n), 'data-size', 'its data has 24 bytes, but it says compressedSize 23'],
    ['uncompressedSize', (f) => f.set('uncompressedSize', 12n), 'data-size', 'uncompressedSize 12'],
    ['negative compressedSize', (f) => f.set('compressedSize', -24n), 'data-size', 'compressedSize -24'],
  ]; // prettier-ignore
  test.each(cases)('%s', (_, spoil, reason, message) => {
    const frame = good();
    expect(reshapeNtNdArray(frame).nx).toBe(4);
    spoil(frame);
    const error = refusal(frame);
    expect(error).toMatchObject({
      reason,
      imageId: 7,
      code: `PVAFLOW_FRAME_${reason.replace('-', '_').toUpperCase()}`,
    });
    expect(error?.message).toMatch(/^frame 7: /);
    expect(error?.message).toContain(message);
  });
  test.each([
    ['no value', { dimension: { kind: 'structure[]', id: '', fields: { size: 'int' } } }, 'not-an-image'],
    ['no dimension', { value: 'ubyte[]' }, 'not-an-image'],
    [
      'a value of text',
      { value: 'string[]', dimension: { kind: 'structure[]', id: '', fields: { size: 'int' } } },
      'data-type',
    ],
  ] as const)('with %s in its type', (_, type, reason) => {
    expect(refusal(new NtNdArray(type as never))?.reason).toBe(reason);
  });
});

function refusal(frame: NtNdArray): FrameError | undefined {
  try {
    reshapeNtNdArray(frame);
    return undefined;
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
}

describe('whatever a frame says', () => {
  const size = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
    fc.constantFrom(0, -1, 3, 2147483647, -2147483648),
  );
  const bytes = fc.oneof(fc.constant(undefined), fc.bigInt({ min: -5n, max: 200n }));
  const frames = fc.record({
    format: fc.constantFrom(...pixelFormats.slice(1)),
    elements: fc.option(fc.integer({ min: 0, max: 30 })),
    fits: fc.boolean(),
    dims: fc.array(size, { maxLength: 5 }),
    colorMode: fc.option(fc.constantFrom(-1, 0, 1, 2, 3, 4, 5, 99)),
    codec: fc.constantFrom('', '', '', 'lz4', 'lzma'),
    compressedSize: bytes,
    uncompressedSize: bytes,
  });

  test('it is refused with a reason, or every pixel of the image is one of the data', () => {
    let accepted = 0;
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        frames,
        ({ format, elements, fits, dims, colorMode, codec, compressedSize = 0n, uncompressedSize = 0n }) => {
          const product = dims.reduce((all, one) => all * one, dims.length > 0 ? 1 : 0);
          const count = fits && product >= 0 && product < 1000 ? product : elements;
          const data = count === null ? null : { [format.fieldKey]: numbered(format.dtype, [...Array(count).keys()]) };
          const attribute = colorMode === null ? [] : [{ name: 'ColorMode', value: { type: 'int', value: colorMode } }];
          const frame = new NtNdArray(NtNdArray.type(), {
          uniqueId: 1, value: data, dimension: dimensionsOf(dims), attribute, 'codec': { name: codec }, compressedSize, uncompressedSize,
        }); // prettier-ignore
          const error = refusal(frame);
          if (error !== undefined) return void seen.add(error.reason);
          const { image, nx, ny, nz } = reshapeNtNdArray(frame);
          expect(nx * ny * (nz ?? 1)).toBe(count ?? 0);
          const pixels = (listed(image) as unknown[]).flat(2).map(Number);
          expect(pixels.sort((a, b) => a - b)).toEqual([...Array(count ?? 0).keys()]);
          accepted++;
        },
      ),
      { numRuns: 2000, seed: 3 },
    );
    expect(accepted).toBeGreaterThan(20);
    expect(seen.size).toBeGreaterThan(7);
  });
});
