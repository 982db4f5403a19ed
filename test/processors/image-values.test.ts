/** What processors of values do besides their arithmetic, which test/interop/image-values.test.ts compares with NumPy's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor, NtNdArray, type UserDataProcessor } from 'pvaflow';
import { framesOf, runProcessor } from 'pvaflow/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { AdImageHotPixels } from '../../processors/ad-image-hot-pixels.js';
import { AdImageMovingAverage } from '../../processors/ad-image-moving-average.js';
import { AdImageStatistics } from '../../processors/ad-image-statistics.js';
import { AdImageSum } from '../../processors/ad-image-sum.js';
import { AdImageThreshold } from '../../processors/ad-image-threshold.js';
import { DarkFlat } from '../../processors/dark-flat.js';
import { bytesOf } from '../../src/image/files/file-pixels.js';
import { npyHeader } from '../../src/image/files/npy-header.js';
import { pixelsOf, run } from '../processor/running.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-values-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Classes = new () => UserDataProcessor;
const classes: readonly Classes[] = [
  AdImageHotPixels,
  AdImageMovingAverage,
  AdImageStatistics,
  AdImageSum,
  AdImageThreshold,
  DarkFlat,
];

/** A row of pixels. */
const frame = (id: number, ...pixels: number[]) =>
  generateNtNdArray2D(id, ndarray(Uint16Array.from(pixels), [1, pixels.length]));

async function started<P extends UserDataProcessor>(processor: P, args: Record<string, unknown> = {}) {
  return { processor, ...(await run(processor, args)) };
}

function npy(name: string, ...values: number[]): string {
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat([npyHeader('float32', [1, values.length]), bytesOf(Float32Array.from(values))]));
  return file;
}

describe.each(classes.map((each) => [each.name, each] as const))('%s', (className, Type) => {
  test('publishes a record without pixels as it is', async () => {
    const { process, published, processor } = await started(new Type());
    const empty = new NtNdArray().set('uniqueId', 7);
    expect(await process(empty)).toBe(empty);
    expect(published.map((each) => each.get('uniqueId'))).toEqual([7]);
    expect(processor.getStats()).toMatchObject({ nFrames: 0 });
  });

  test('keeps id, times and attributes, and makes uint8 of booleans', async () => {
    const { process, published } = await started(
      new Type(),
      className === 'AdImageSum' ? { n: 1, outputType: 'same' } : {},
    );
    const image = generateNtNdArray2D(9, ndarray(Uint8Array.of(0, 1, 1, 0), [2, 2]), { dtype: 'boolean' });
    const time = { secondsPastEpoch: 1000n, nanoseconds: 5, userTag: 0 };
    image.set('dataTimeStamp', time).setAttribute('Energy', 8.5);
    expect(await process(image)).toBe(image);
    const [out] = published as NtNdArray[];
    expect(out?.get('dataTimeStamp')).toEqual(time);
    expect([out?.uniqueId, out?.attribute('Energy')]).toEqual([9, 8.5]);
    const { format, elements, compressedSize, uncompressedSize, dimensions } = out!.header();
    expect([elements, dimensions]).toEqual([4, [2, 2]]);
    expect([compressedSize, uncompressedSize]).toEqual([4 * format!.bytes, 4 * format!.bytes]);
    expect(format!.dtype).toBe(
      { AdImageMovingAverage: 'float32', DarkFlat: 'float32', AdImageStatistics: 'boolean' }[className] ?? 'uint8',
    );
  });

  test('is found by its name, tells the types of its figures, and counts anew', async () => {
    const { process, processor } = await started(await loadProcessor({ className }));
    await process(frame(1, 1, 2, 3));
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    expect(processor.getStats()).toMatchObject({ nFrames: 1 });
    processor.resetStats();
    expect(processor.getStats()).toMatchObject({ nFrames: 0 });
  });

  test('refuses what it does not know', async () => {
    const loaded = loadProcessor({ className, args: { levle: 1, outputTyp: 1, pixel: 1, histSiz: 1 } });
    await expect(loaded).rejects.toThrow(/unknown key\. Did you mean "/);
  });
});

test.each([
  [DarkFlat, { outputType: 'uint24' }, 'Did you mean "uint64"?'],
  [DarkFlat, { scale: 'max' }, 'scale'],
  [DarkFlat, { zeroFlat: 'none' }, 'zeroFlat'],
  [DarkFlat, { dark: join(folder, 'none.npy') }, 'cannot read'],
  [
    DarkFlat,
    { flat: join(folder, 'flat.jpg') },
    'flat.jpg is none of the files that are read: .tiff, .tif, .png, .npy',
  ],
  [AdImageMovingAverage, { n: 0 }, 'n: '],
  [AdImageMovingAverage, { mode: 'windows' }, 'Did you mean "window"?'],
  [AdImageSum, { n: 1.5 }, 'n: '],
  [AdImageSum, { incomplete: 'keep' }, 'incomplete'],
  [AdImageStatistics, { histMin: 10, histMax: 10 }, 'histMax must be more than histMin, found 10 and 10'],
  [AdImageStatistics, { histSize: 1 }, 'histSize'],
  [AdImageHotPixels, { pixels: [[1, 2], [3]] }, 'pixels'],
  [AdImageHotPixels, { threshold: -1 }, 'threshold'],
  [AdImageThreshold, { mode: 'under' }, 'mode must be below, above, binary, found "under"'],
  [AdImageThreshold, { value: Infinity }, 'value must be a number'],
] as const)('%o refuses %o while it runs, and goes on as before', async (Type, config, message) => {
  const { process, published, processor } = await started<UserDataProcessor>(new Type(), { n: 1 });
  const before = frame(1, 1, 200);
  await process(before);
  await expect(async () => processor.configure(config)).rejects.toThrow(message);
  await process(frame(2, 1, 200));
  expect(pixelsOf(published[1])).toEqual(pixelsOf(published[0]));
});

describe('DarkFlat', () => {
  test('corrects by files, which can be exchanged while it runs', async () => {
    const dark = npy('dark.npy', 10, 10, 10);
    const { process, published, processor } = await started(new DarkFlat(), {
      dark,
      flat: npy('flat.npy', 20, 30, 10),
    });
    await process(frame(1, 20, 30, 40));
    expect(pixelsOf(published[0])).toEqual([15, 15, 0]); // the mean of the flat field is 15, its last pixel not above the dark image
    expect(processor.getStats()).toEqual({ nFrames: 1, nClipped: 0, nZeroFlat: 1 });
    await processor.configure({ scale: 1, zeroFlat: 'keep', outputType: 'int16' });
    await process(frame(2, 20, 35, 40));
    expect(pixelsOf(published[1])).toEqual([1, 1, 30]);
    npy('dark.npy', 0, 0, 0);
    await processor.configure({ dark, flat: '', outputType: 'uint8' });
    await process(frame(3, 20, 300, 40));
    expect(pixelsOf(published[2])).toEqual([20, 255, 40]);
    expect(processor.getStats()).toEqual({ nFrames: 3, nClipped: 1, nZeroFlat: 0 });
  });

  test('fails on images that its files do not fit, and on a flat field without light', async () => {
    const files = { dark: npy('dark.npy', 1, 2, 3), flat: npy('flat.npy', 1, 2, 3) };
    const { process, published, processor } = await started(new DarkFlat(), { dark: files.dark });
    await expect(process(frame(1, 1, 2))).rejects.toThrow(
      `${files.dark} has 1 × 3 pixels, but images have 1 × 2 (rows × columns)`,
    );
    await process(frame(2, 4, 5, 6));
    await processor.configure(files);
    await expect(process(frame(3, 4, 5, 6))).rejects.toThrow('is nowhere brighter than the dark image');
    expect(published.map((each) => each.get('uniqueId'))).toEqual([2]);
  });
});

describe('AdImageMovingAverage', () => {
  const averages = (published: readonly unknown[]) => (published as NtNdArray[]).map((each) => pixelsOf(each)[0]);

  test('begins anew with another shape, when ids begin anew, with another n, and when statistics are reset', async () => {
    const { process, published, processor } = await started(new AdImageMovingAverage(), { n: 3 });
    for (const [id, value] of [[5, 10], [6, 20], [8, 30], [7, 40]] as const) await process(frame(id, value)); // prettier-ignore
    expect(averages(published)).toEqual([10, 15, 20, 30]);
    await process(frame(9, 50, 0));
    await process(frame(1, 60, 0));
    expect(averages(published).slice(4)).toEqual([50, 60]);
    expect(processor.getStats()).toEqual({ nFrames: 6, nClipped: 0, nRestarts: 2, nAveraged: 1 });
    await processor.configure({ n: 2, outputType: 'same' });
    await process(frame(2, 70, 0));
    await process(frame(3, 75, 0));
    processor.resetStats();
    await process(frame(4, 80, 0));
    expect(averages(published).slice(6)).toEqual([70, 73, 80]);
    expect(processor.getStats()).toEqual({ nFrames: 1, nClipped: 0, nRestarts: 0, nAveraged: 1 });
  });

  test('lets go of NaN, infinity and rounding with the images that brought them', async () => {
    const { process, published } = await started(new AdImageMovingAverage(), { n: 2, outputType: 'float64' });
    const values = [1, NaN, 3, Infinity, 5, 6, 1e300, 7, 8, 9, ...Array<number>(8).fill(10), 11];
    for (const [id, value] of values.entries())
      await process(generateNtNdArray2D(id, ndarray(Float64Array.of(value, 1), [1, 2])));
    expect(averages(published).slice(0, 7)).toEqual([1, NaN, NaN, Infinity, Infinity, 5.5, 5e299]);
    expect(averages(published).slice(-2)).toEqual([10, 10.5]);
  });

  test('refuses a window that would take too much memory', async () => {
    const { process, processor } = await started(new AdImageMovingAverage(), { n: 1000, maxMegabytes: 0.001 });
    await expect(process(frame(1, 1, 2))).rejects.toMatchObject({ code: 'PVAFLOW_WINDOW' });
    await processor.configure({ mode: 'exponential' });
    await process(frame(2, 1, 2));
  });
});

describe('AdImageSum', () => {
  const facts = (published: readonly unknown[]) =>
    (published as NtNdArray[]).map((each) => [each.uniqueId, pixelsOf(each)[0], each.attribute('NumSummed'), each.attribute('FirstUniqueId')]); // prettier-ignore

  test('gives one image for n, by default without those that are left over', async () => {
    const { process, published, processor } = await started(new AdImageSum(), { n: 3 });
    const results = [];
    for (let id = 1; id <= 7; id++) results.push((await process(frame(id, 65_535)))?.get('uniqueId'));
    expect(results).toEqual([undefined, undefined, 3, undefined, undefined, 6, undefined]);
    expect(facts(published)).toEqual([[3, 196_605, 3, 1], [6, 196_605, 3, 4]]); // prettier-ignore
    expect(processor.getStats()).toMatchObject({ nFrames: 7, nSums: 2, nInGroup: 1 });
    processor.stop();
    expect(processor.getStats()).toMatchObject({ nIncomplete: 1, nDropped: 1, nInGroup: 0 });
    expect(published.length).toBe(2);
  });

  test('counts the images of a group that cannot be published at the end', async () => {
    const { process, processor } = await started(new AdImageSum(), { n: 3, incomplete: 'publish' });
    await process(frame(1, 1));
    await process(frame(2, 2));
    processor.updateOutputChannel = () => {
      throw new Error('another processor is behind');
    };
    expect(() => processor.stop()).toThrow('another processor is behind');
    expect(processor.getStats()).toMatchObject({ nFrames: 2, nSums: 0, nIncomplete: 1, nDropped: 2, nInGroup: 0 });
  });

  test('publishes the last group through the processors behind it', async () => {
    const run = await runProcessor(
      [
        { processor: AdImageSum, config: { n: 3, incomplete: 'publish' } },
        { processor: 'AdImageThreshold', config: { level: 5 } },
        { processor: 'PassThrough' },
      ],
      { frames: framesOf([[[1, 2]], [[3, 0]], [[2, 2]], [[4, 1]], [[2, 1]]]) },
    );
    expect(run.published.map(({ id, image }) => [id, Number(image.get(0, 0)), Number(image.get(0, 1))])).toEqual([[3, 6, 0], [5, 6, 0]]); // prettier-ignore
    expect(run.stats.stageStats['passThrough']).toMatchObject({ nReceived: 2, nProcessed: 2 });
    expect(run.stats.acquisitionStats).toMatchObject({ nReceived: 5, nProcessed: 5 });
    expect(run.leaks).toEqual([]);
  });

  test('publishes incomplete groups if it is told so', async () => {
    const args = { n: 3, incomplete: 'publish', lastFrameAttribute: 'Last' };
    const { process, published, processor } = await started(new AdImageSum(), args);
    await process(frame(1, 1));
    await process(frame(2, 2, 0)); // another shape
    await process(frame(3, 3, 0).setAttribute('Last', 1));
    await process(frame(10, 4).setAttribute('Last', 0));
    await process(frame(11, 5));
    await process(frame(1, 6)); // the detector began again
    const mark = new NtNdArray().set('uniqueId', 1).setAttribute('Last', 1);
    await process(mark);
    await process(frame(2, 7));
    await processor.configure({ n: 1 }); // from the next group on
    await process(frame(3, 8));
    processor.stop();
    processor.stop();
    expect(facts(published.filter((each) => each.get('value') !== null))).toEqual([
      [1, 1, 1, 1], [3, 5, 2, 2], [11, 9, 2, 10], [1, 6, 1, 1], [3, 15, 2, 2],
    ]); // prettier-ignore
    expect(processor.getStats()).toMatchObject({ nFrames: 8, nSums: 5, nIncomplete: 5, nDropped: 0 });
  });

  test('drops a group when statistics are reset', async () => {
    const { process, published, processor } = await started(new AdImageSum(), { n: 2, incomplete: 'publish' });
    await process(frame(1, 1));
    processor.resetStats();
    await process(frame(2, 10));
    await process(frame(3, 20));
    expect(facts(published)).toEqual([[3, 30, 2, 2]]);
    expect(processor.getStats()).toMatchObject({ nFrames: 2, nSums: 1, nIncomplete: 0, nDropped: 0 });
  });
});

test('AdImageStatistics has the figures of the last image, and only those that are wanted as attributes', async () => {
  const { process, published, processor } = await started(new AdImageStatistics(), { computeCentroid: false });
  await process(frame(4, 1, 5, 3));
  await processor.configure({ computeCentroid: true, computeHistogram: true, histSize: 3, histMax: 4 });
  await process(frame(5, 0, 4, 4, 9));
  const [first, second] = published as NtNdArray[];
  expect(first?.attribute('MaxValue')).toBe(5);
  expect(first?.attribute('CentroidX')).toBeUndefined();
  expect(second?.attribute('Histogram')).toEqual(Float64Array.of(1, 0, 2));
  expect(processor.getStats()).toMatchObject({
    nFrames: 2, UniqueId: 5, MinValue: 0, MaxValue: 9, MaxX: 3, MeanValue: 4.25, HistAbove: 1, CentroidTotal: 17,
  }); // prettier-ignore
  await process(generateNtNdArray2D(6, ndarray(Float32Array.of(NaN, Infinity), [1, 2])));
  expect(processor.getStats()).toMatchObject({
    MinValue: 0,
    MaxValue: 0,
    MeanValue: 0,
    Sigma: 0,
    Total: 0,
    NotFinite: 2,
  });
});

describe('AdImageHotPixels', () => {
  test('takes a mask, a list, a threshold, or all of them', async () => {
    const mask = npy('mask.npy', 0, 1, 0, 0, 0, 0, 0);
    const { process, published, processor } = await started(new AdImageHotPixels(), { mask, pixels: [[4, 0]] });
    await process(frame(1, 1, 900, 3, 4, 900, 6, 900));
    expect(pixelsOf(published[0])).toEqual([1, 2, 3, 4, 5, 6, 900]);
    await processor.configure({ threshold: 100, mask: '' });
    await process(frame(2, 1, 900, 3, 4, 900, 6, 900));
    expect(pixelsOf(published[1])).toEqual([1, 2, 3, 4, 5, 6, 6]);
    await processor.configure({ threshold: null, replaceBy: 'value', value: 7 });
    await process(frame(3, 1, 900, 3, 4, 900, 6, 900));
    expect(pixelsOf(published[2])).toEqual([1, 900, 3, 4, 7, 6, 900]);
    expect(processor.getStats()).toEqual({ nFrames: 3, nHot: 2 + 3 + 1, nLeft: 0 });
  });

  test('fails where pixels cannot be what they are to be, and where the list does not fit', async () => {
    const { process, published, processor } = await started(new AdImageHotPixels(), {
      pixels: [[2, 0]],
      replaceBy: 'nan',
    });
    await expect(process(frame(1, 1, 2, 3))).rejects.toThrow('pixels of uint16 cannot be NaN');
    await process(generateNtNdArray2D(2, ndarray(Float32Array.of(1, 2, 3), [1, 3])));
    expect(pixelsOf(published[0])).toEqual([1, 2, NaN]);
    await processor.configure({ replaceBy: 'median' });
    await expect(process(frame(3, 1, 2))).rejects.toThrow('pixel [2, 0] is outside of images of 2 columns and 1 rows');
  });

  test('finds more than it expected', async () => {
    const { process, published, processor } = await started(new AdImageHotPixels(), { threshold: 10 });
    const side = 120;
    const pixels = Array.from({ length: side * side }, (_, i) =>
      (i % side) % 3 === 1 && Math.floor(i / side) % 3 === 1 ? 999 : 5,
    );
    await process(generateNtNdArray2D(1, ndarray(Uint16Array.from(pixels), [side, side])));
    expect(Math.max(...pixelsOf(published[0]))).toBe(5);
    expect(processor.getStats()).toEqual({ nFrames: 1, nHot: 1600, nLeft: 0 });
  });
});
