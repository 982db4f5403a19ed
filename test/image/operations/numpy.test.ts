/** What the operations make of images, and what NumPy makes of them: equal to the last bit, of all types, colour modes and odd sizes. */
import {
  binNtNdArray,
  convertColorNtNdArray,
  cropNtNdArray,
  luminanceRules,
  NtNdArray,
  outputColorModes,
  reshapeNtNdArray,
  subsampleNtNdArray,
  transformNtNdArray,
  transforms,
  type BinOptions,
  type PixelArray,
} from 'pvaflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { ColorMode, dimensionSizes } from '../../../src/image/color-mode.js';
import { pixelsInOrder } from '../../../src/image/pixels.js';
import { pixelFormatNamed, pixelFormats } from '../../../src/pva/normative/pixel-types.js';
import { PythonClient } from '../../peers/python.js';
import { usePeers } from '../../peers/peers.js';
import { bytesOf, dtypes } from '../codec/settings.js';
import { dimensionsOf } from '../frames.js';

const peers = usePeers();
let numpy: PythonClient;

beforeAll(async () => {
  numpy = await PythonClient.numpy(peers);
});

type Mode = keyof typeof ColorMode;
type PixelBuffer = new (buffer: ArrayBufferLike) => Uint16Array;

const modes = ['Mono', 'RGB1', 'RGB2', 'RGB3'] as const;
const integers = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const;
const floats = ['float32', 'float64'] as const;

function bytes(length: number): Uint8Array {
  let state = length;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** Any bits there are, among them the smallest and the largest integers; of floats also infinities, and what is no number. */
function anyPixels(dtype: string, count: number): PixelArray {
  const { arrayType, bytes: size } = pixelFormatNamed(dtype)!;
  const memory = bytes(count * size);
  memory.fill(0xff, 0, 2 * size);
  memory.fill(0, 2 * size, 4 * size);
  const pixels: PixelArray = new (arrayType as unknown as PixelBuffer)(memory.buffer);
  if (dtype.startsWith('int')) for (const at of [2, 3]) memory[at * size + size - 1] = 0x80; // the smallest
  if (dtype.startsWith('int')) for (const at of [0, 1]) memory[at * size + size - 1] = 0x7f; // the largest
  return pixels;
}

/** Quarters, whose sums are exact. */
function quarters(dtype: 'float32' | 'float64', count: number): PixelArray {
  const values = bytes(count);
  const quarter = (value: number) => value / 4 - 20;
  return dtype === 'float32' ? Float32Array.from(values, quarter) : Float64Array.from(values, quarter);
}

function frameOf(pixels: PixelArray, mode: Mode, nx: number, ny: number): NtNdArray {
  const { fieldKey } = pixelFormats.find(({ arrayType, dtype }) => pixels instanceof arrayType && dtype !== 'boolean')!;
  const dimension = dimensionsOf(dimensionSizes(ColorMode[mode], nx, ny));
  const frame = new NtNdArray(NtNdArray.type(), { uniqueId: 7, value: { [fieldKey]: pixels }, dimension });
  return frame.setAttribute('ColorMode', { type: 'int', value: ColorMode[mode] });
}

interface Picture {
  readonly dtype: string;
  readonly shape: number[];
  readonly data: string;
}

/** The image of a frame in the order of numpy: rows, columns, colours. */
function picture(frame: NtNdArray): Picture {
  const { image, fieldKey } = reshapeNtNdArray(frame);
  const { dtype } = pixelFormats.find((format) => format.fieldKey === fieldKey)!;
  const mode = image.shape.length === 3 ? ColorMode.RGB1 : ColorMode.Mono;
  const data = bytesOf(pixelsInOrder(image, mode)).toString('base64');
  return { dtype, shape: [...image.shape], data };
}

async function expected(frame: NtNdArray, operation: string, options: object) {
  const { changed, ...made } = await numpy.request<Picture & { changed: number }>('operate', {
    operation,
    options,
    ...picture(frame),
  });
  return { made, changed };
}

const sizes = [[1, 1], [35, 33], [33, 1], [1, 34]] as const; // prettier-ignore
const fewPixels = [[1, 1], [13, 11], [9, 1], [1, 8]] as const; // prettier-ignore

/** A frame of each colour mode and size. */
function* frames(pixelsOf: (count: number) => PixelArray, all: readonly (readonly [number, number])[] = sizes) {
  for (const mode of modes)
    for (const [nx, ny] of all)
      yield { mode, nx, ny, frame: frameOf(pixelsOf(nx * ny * (mode === 'Mono' ? 1 : 3)), mode, nx, ny) };
}

describe.each(dtypes)('%s', (dtype) => {
  test('is turned as NumPy turns it', async () => {
    for (const { frame } of frames((count) => anyPixels(dtype, count))) {
      for (const transform of transforms) {
        const wanted = await expected(frame, 'transform', { transform });
        expect(picture(transformNtNdArray(frame, transform)), transform).toEqual(wanted.made);
      }
    }
  });

  test('is cropped and sub-sampled as NumPy does', async () => {
    for (const { frame, nx, ny } of frames((count) => anyPixels(dtype, count))) {
      const area = { offsetX: nx >> 2, offsetY: ny >> 1, sizeX: (nx + 1) >> 1, sizeY: (ny + 1) >> 1 };
      const cropped = await expected(frame, 'crop', area);
      const sampled = await expected(frame, 'subsample', { stepX: 3, stepY: 2 });
      const copy = frame.clone();
      cropNtNdArray(frame, area);
      expect(picture(frame)).toEqual(cropped.made);
      expect(picture(subsampleNtNdArray(copy, { stepX: 3, stepY: 2 }))).toEqual(sampled.made);
    }
  });

  test('changes its colour mode as NumPy does', async () => {
    const pixelsOf = (count: number) =>
      dtype === 'float32' || dtype === 'float64' ? quarters(dtype, count) : anyPixels(dtype, count);
    for (const colorMode of outputColorModes) {
      for (const luminance of luminanceRules) {
        for (const { frame, mode, nx, ny } of frames(pixelsOf)) {
          const wanted = await expected(frame, 'color', { colorMode, luminance });
          expect(convertColorNtNdArray(frame, { colorMode, luminance })).toBe(mode !== colorMode);
          expect(picture(frame)).toEqual(wanted.made);
          expect(frame.header()).toMatchObject({
            colorMode: ColorMode[colorMode],
            dimensions: dimensionSizes(ColorMode[colorMode], nx, ny),
          });
        }
      }
    }
  });
});

/** Rectangles that fit into all images but the smallest. */
const bins = [{ binX: 2, binY: 2 }, { binX: 3, binY: 1 }, { binX: 1, binY: 4 }, { binX: 5, binY: 3 }]; // prettier-ignore

async function expectBinned(frame: NtNdArray, options: BinOptions, type: string) {
  const { method = 'sum', binX, binY } = options;
  const wanted = await expected(frame, 'bin', { binX, binY, method, outputType: type });
  const binned = frame.clone();
  expect(binNtNdArray(binned, options), JSON.stringify(options)).toBe(wanted.changed);
  expect(picture(binned), JSON.stringify(options)).toEqual(wanted.made);
}

function* binnable(pixelsOf: (count: number) => PixelArray) {
  for (const { frame, nx, ny } of frames(pixelsOf, fewPixels))
    for (const bin of bins) if (bin.binX <= nx && bin.binY <= ny) yield { frame, bin };
}

test.each(integers)('%s is binned to every type of integers as by integers of any length', async (dtype) => {
  for (const { frame, bin } of binnable((count) => anyPixels(dtype, count)))
    for (const outputType of integers)
      for (const method of ['sum', 'mean'] as const)
        await expectBinned(frame, { ...bin, outputType, method }, outputType);
});

test.each(integers)('%s is binned to floats', async (dtype) => {
  const small = (count: number) => {
    const pixels = anyPixels(dtype, count);
    if (pixels instanceof BigInt64Array || pixels instanceof BigUint64Array)
      pixels.forEach((value, at) => (pixels[at] = value % 1000n));
    return pixels;
  };
  for (const { frame, bin } of binnable(small)) await expectBinned(frame, { ...bin, outputType: 'float64' }, 'float64');
});

test.each(floats)('%s is binned to floats and to integers', async (dtype) => {
  for (const { frame, bin } of binnable((count) => quarters(dtype, count))) {
    for (const method of ['sum', 'mean'] as const) {
      await expectBinned(frame, { ...bin, method }, dtype);
      for (const outputType of integers) await expectBinned(frame, { ...bin, method, outputType }, outputType);
    }
  }
});

test('the largest rectangle is added exactly', async () => {
  for (const dtype of ['uint32', 'int32', 'uint64', 'int64'] as const) {
    const pixels = anyPixels(dtype, 512 * 513);
    const frame = frameOf(pixels, 'Mono', 513, 512);
    await expectBinned(frame, { binX: 512, binY: 512, method: 'mean' }, dtype);
    await expectBinned(frame, { binX: 512, binY: 512, outputType: 'int64' }, 'int64');
    bytesOf(pixels).fill(0xff);
    await expectBinned(frameOf(pixels, 'Mono', 513, 512), { binX: 512, binY: 512, method: 'mean' }, dtype);
  }
});
