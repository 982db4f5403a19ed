/** The processors that change values of pixels, or make statistics of them, beside NumPy: every type of pixels, odd sizes, edge values. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { generateNtNdArray2D, type NtNdArray, type PixelArray, type UserDataProcessor } from 'pvaflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdImageHotPixels } from '../../processors/ad-image-hot-pixels.js';
import { AdImageMovingAverage } from '../../processors/ad-image-moving-average.js';
import { AdImageStatistics } from '../../processors/ad-image-statistics.js';
import { AdImageSum } from '../../processors/ad-image-sum.js';
import { AdImageThreshold } from '../../processors/ad-image-threshold.js';
import { DarkFlat } from '../../processors/dark-flat.js';
import { bytesOf } from '../../src/image/files/file-pixels.js';
import { npyHeader } from '../../src/image/files/npy-header.js';
import { sumType } from '../../src/image/image-sum.js';
import { pixelRange } from '../../src/image/pixel-range.js';
import { pixelFormatNamed, pixelFormats, type PixelType } from '../../src/pva/normative/pixel-types.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient } from '../peers/python.js';
import { run } from '../processor/running.js';

const peers = usePeers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-values-'));
let numpy: PythonClient;
beforeAll(async () => {
  numpy = await PythonClient.imageValues(peers);
});
afterAll(() => rmSync(folder, { recursive: true }));

const dtypes = pixelFormats.slice(1).map(({ dtype }) => dtype);
const shapes = [[1, 1], [1, 7], [5, 1], [11, 13], [4, 5, 3]] as const; // prettier-ignore

interface Packed {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: string;
}
interface Answer {
  readonly image: Packed;
  readonly clipped: number;
}
/** An image of NumPy's and of ours. */
interface Picture {
  readonly packed: Packed;
  readonly frame: (id: number) => NtNdArray;
}

/** The same numbers each time: fractions of 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Numbers of the whole range of a type up to `limit`; one in four is an edge, one in sixteen of floats no finite number. */
function picture(dtype: PixelType, shape: readonly number[], seed: number, limit = 2 ** 64): Picture {
  const format = pixelFormatNamed(dtype)!;
  const data: PixelArray = new format.arrayType(shape.reduce((a, b) => a * b));
  const random = randomFrom(seed);
  const isLong = data instanceof BigInt64Array || data instanceof BigUint64Array;
  const isFloat = dtype.startsWith('float');
  const range = pixelRange(data);
  const [min, max] = [Math.max(range.min, -limit), Math.min(range.max, limit)];
  for (let i = 0; i < data.length; i++) {
    const kind = random() * 16;
    let value = kind < 4 ? ([min, max, 0, 1][Math.floor(kind)] as number) : min + random() * (max - min);
    if (isFloat && kind > 15) value = [NaN, Infinity, -Infinity][Math.floor(random() * 3)] as number;
    if (isLong)
      data[i] = BigInt.asUintN(64, BigInt(Math.floor(value)) - (value === 2 ** 64 || value === 2 ** 63 ? 1n : 0n));
    else data[i] = isFloat ? value : Math.floor(value);
  }
  const packed = { dtype, shape, data: Buffer.from(bytesOf(data)).toString('base64') };
  return { packed, frame: (id) => generateNtNdArray2D(id, ndarray(data as Uint8Array, [...shape])) };
}

function unpacked({ dtype, data }: Packed): (number | bigint)[] {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  const type = pixelFormatNamed(dtype)!.arrayType as unknown as new (buffer: ArrayBuffer) => ArrayLike<number>;
  return Array.from(new type(bytes.buffer));
}

function published(frame: NtNdArray): Packed {
  const { format } = frame.header();
  return { dtype: format!.dtype, shape: [], data: Buffer.from(bytesOf(frame.data!)).toString('base64') };
}

/** Equal, NaN to NaN; floats nearly, by their size or by the one that is given. */
function expectEqual(frame: unknown, { image }: Pick<Answer, 'image'>, tolerance = 0): void {
  const packed = published(frame as NtNdArray);
  expect(packed.dtype).toBe(image.dtype);
  const [ours, theirs] = [unpacked(packed), unpacked(image)];
  expect(ours.length).toBe(theirs.length);
  ours.forEach((value, i) => {
    const other = theirs[i];
    const isNear = Math.abs(Number(value) - Number(other)) <= tolerance || Object.is(value, other) || value === other;
    if (!isNear || (tolerance === 0 && typeof value === 'bigint' && value !== other))
      expect({ i, value }).toEqual({ i, value: other });
  });
}

async function started(Processor: new () => UserDataProcessor, args: Record<string, unknown>) {
  const processor = new Processor();
  return { processor, ...(await run(processor, args)) };
}

/** A file that can be configured. */
function npy(name: string, { dtype, shape, data }: Packed): string {
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat([npyHeader(dtype as PixelType, shape), Buffer.from(data, 'base64')]));
  return file;
}

describe.each(dtypes)('%s', (dtype) => {
  const isFloat = dtype.startsWith('float');

  test('threshold', async () => {
    for (const [at, shape] of shapes.entries()) {
      for (const mode of ['below', 'above', 'binary']) {
        for (const [level, value] of [
          [0, 0],
          [1, 7],
          [100, 100],
          [1.5, 1],
        ] as const) {
          const { packed, frame } = picture(dtype, shape, at + 1, at % 2 === 0 ? 200 : undefined);
          const args = { level, mode, value };
          const { process, published, processor } = await started(AdImageThreshold, args);
          await process(frame(1));
          const theirs = await numpy.request<Answer & { reached: number }>('threshold', { frame: packed, ...args });
          expectEqual(published[0], theirs);
          expect(processor.getStats()).toEqual({ nFrames: 1, nAbove: theirs.reached });
        }
      }
    }
  });

  test('dark and flat correction', async () => {
    for (const [at, shape] of shapes.entries()) {
      const reference = shape.slice(0, 2);
      const dark = picture('float32', reference, at + 20, 50).packed;
      const flat = picture(at % 2 === 0 ? 'uint16' : 'float64', reference, at + 30, 300).packed;
      for (const [rule, outputType] of [
        ['zero', 'float32'],
        ['nan', 'float64'],
        ['keep', 'same'],
        ['nan', 'uint8'],
        ['keep', 'int64'],
      ] as const) {
        const { packed, frame } = picture(dtype, shape, at + 40);
        const files = { dark: npy('dark.npy', dark), flat: npy('flat.npy', flat) };
        const args = { ...files, scale: 100, zeroFlat: rule, outputType };
        const output = outputType === 'same' ? dtype : outputType;
        const { process, published, processor } = await started(DarkFlat, args);
        const theirs = numpy.request<Answer>('dark_flat', { frame: packed, dark, flat, scale: 100, rule, output });
        const outcome = await process(frame(1)).catch((error: unknown) => error);
        if (published.length === 0)
          expect(outcome).toMatchObject({ code: 'PVAFLOW_REFERENCE' }); // a dark flat field of one pixel
        else {
          expectEqual(published[0], await theirs);
          expect(processor.getStats()).toMatchObject({ nFrames: 1, nClipped: (await theirs).clipped });
        }
        await theirs;
      }
    }
  });

  test('moving averages', async () => {
    for (const [at, shape] of shapes.entries()) {
      for (const mode of ['window', 'exponential'] as const) {
        for (const outputType of ['float64', 'same'] as const) {
          const pictures = [1, 2, 3, 4, 5, 6, 7].map((seed) =>
            picture(dtype, shape, 10 * at + seed, isFloat ? 1000 : undefined),
          );
          const { process, published, processor } = await started(AdImageMovingAverage, { n: 3, mode, outputType });
          for (const [i, { frame }] of pictures.entries()) await process(frame(i + 1));
          const output = outputType === 'same' ? dtype : outputType;
          const frames = pictures.map(({ packed }) => packed);
          const theirs = await numpy.request<Answer[]>(mode, { frames, n: 3, output });
          const rounding = dtype.endsWith('int64')
            ? 2 ** 13
            : dtype === 'float32' && outputType === 'same'
              ? 1e-4
              : 1e-10;
          theirs.forEach((each, i) =>
            expectEqual(published[i], each, isFloat || rounding > 1 || mode === 'window' ? rounding : 0),
          );
          expect(processor.getStats()).toMatchObject({ nFrames: 7, nRestarts: 0, nAveraged: 3 });
          expect((published as NtNdArray[]).map((frame) => frame.attribute('NumAveraged'))).toEqual([
            1, 2, 3, 3, 3, 3, 3,
          ]);
        }
      }
    }
  });

  test('sums', async () => {
    for (const [at, shape] of shapes.entries()) {
      for (const outputType of ['wide', 'same', 'float32', 'int16', 'uint64']) {
        const pictures = [1, 2, 3].map((seed) => picture(dtype, shape, 10 * at + seed));
        const { process, published, processor } = await started(AdImageSum, { n: 3, outputType });
        const results = [];
        for (const [i, { frame }] of pictures.entries()) results.push(await process(frame(i + 1)));
        const output = outputType === 'same' ? dtype : outputType === 'wide' ? sumType(dtype, 3) : outputType;
        const theirs = await numpy.request<Answer>('total', { frames: pictures.map(({ packed }) => packed), output });
        expect(results.map((result) => result?.get('uniqueId'))).toEqual([undefined, undefined, 3]);
        expectEqual(published[0], theirs);
        if (!dtype.endsWith('int64'))
          expect(processor.getStats()).toMatchObject({ nSums: 1, nClipped: theirs.clipped });
      }
    }
  });

  test('statistics', async () => {
    for (const [at, shape] of [
      [11, 13],
      [17, 6],
      [4, 5, 3],
    ].entries()) {
      const limit = [200, 1e6, 2 ** 40][at] as number;
      const { packed, frame } = picture(dtype, shape, at + 1, limit);
      const args = { computeHistogram: true, histSize: 17, histMin: 0, histMax: 100, centroidThreshold: 20 };
      const { process, published } = await started(AdImageStatistics, args);
      await process(frame(1));
      const { Histogram: counts, ...theirs } = await numpy.request<Record<string, number>>('statistics', {
        frame: packed, threshold: 20, low: 0, high: 100, size: 17,
      }); // prettier-ignore
      const image = published[0] as NtNdArray;
      expect(Array.from(image.attribute('Histogram') as Float64Array)).toEqual(counts);
      for (const [name, value] of Object.entries(theirs)) {
        const scale =
          name === 'Total' ? limit * 200 : ['MeanValue', 'Sigma'].includes(name) ? limit : Math.max(1, Math.abs(value));
        const difference = Math.abs((image.attribute<number>(name) ?? NaN) - value);
        if (!(difference <= 1e-9 * scale)) expect({ name, value: image.attribute(name) }).toEqual({ name, value });
      }
    }
  });

  test('hot pixels', async () => {
    for (const [at, shape] of shapes.entries()) {
      const [ny, nx] = shape;
      const pixels = [[0, 0], [nx - 1, ny - 1], [nx >> 1, ny >> 1]]; // prettier-ignore
      for (const threshold of [undefined, 0, 20]) {
        const { packed, frame } = picture(dtype, shape, at + 1, at === 3 ? undefined : 100);
        const { process, published, processor } = await started(AdImageHotPixels, {
          pixels,
          ...(threshold === undefined ? {} : { threshold }),
        });
        await process(frame(1));
        const args = { frame: packed, pixels, threshold: threshold ?? null };
        const { hot, left, ...theirs } = await numpy.request<Answer & { hot: number; left: number }>(
          'hot_pixels',
          args,
        );
        expectEqual(published[0], theirs);
        expect(processor.getStats()).toEqual({ nFrames: 1, nHot: hot, nLeft: left });
      }
    }
  });
});
