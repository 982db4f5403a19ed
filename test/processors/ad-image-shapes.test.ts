import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor, NtNdArray, type UserDataProcessor } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { pixelsOf, run } from '../processor/running.js';

/** 0, 1, 2 … in rows of four. */
function frame(id: number, ny = 4): NtNdArray {
  return generateNtNdArray2D(
    id,
    ndarray(
      Uint8Array.from({ length: 4 * ny }, (_, i) => i),
      [ny, 4],
    ),
  );
}

/** Each with a configuration, what becomes of the frame, another one for while it runs, what becomes of the next, and the figures. */
const processors = [
  {
    className: 'AdImageTransform',
    configs: [{ transform: 'rotate90' }, { transform: 'flip' }],
    sizes: [[4, 4], [4, 4]],
    firstPixels: [12, 12],
    stats: { nFrames: 2 },
    wrong: { transform: 'rotate' },
  },
  {
    className: 'AdImageRoi',
    configs: [{ offsetX: 1, sizeX: 2 }, { offsetX: 2, offsetY: 1, sizeX: 5, sizeY: null, outside: 'clip' }],
    sizes: [[2, 4], [2, 3]],
    firstPixels: [1, 6],
    stats: { nFrames: 2, nClipped: 1 },
    wrong: { offsetX: -1 },
  },
  {
    className: 'AdImageBinning',
    configs: [{ binX: 4, binY: 2 }, { binY: 4, outputType: 'int8', method: 'sum' }],
    sizes: [[1, 2], [1, 1]],
    firstPixels: [28, 120],
    stats: { nFrames: 2, nSaturated: 0 },
    wrong: { binX: 0 },
  },
  {
    className: 'AdImageSubsample',
    configs: [{ stepX: 3 }, { stepX: 1, stepY: 4 }],
    sizes: [[2, 2], [4, 1]],
    firstPixels: [0, 0],
    stats: { nFrames: 2 },
    wrong: { stepX: 0 },
  },
  {
    className: 'AdImageColorConvert',
    configs: [{ colorMode: 'RGB1' }, { colorMode: 'Mono', luminance: 'bt601' }],
    sizes: [[3, 4, 4], [4, 4]],
    firstPixels: [0, 0],
    stats: { nFrames: 2, nConverted: 1 },
    wrong: { colorMode: 'CMYK' },
  },
]; // prettier-ignore

function load(className: string, args: Record<string, unknown> = {}): Promise<UserDataProcessor> {
  return loadProcessor({ className, args });
}

describe.each(processors)('$className', ({ className, configs, sizes, firstPixels, stats, wrong }) => {
  test('publishes what it made of each frame, and is configured while it runs', async () => {
    const processor = await load(className, configs[0]);
    const { process, published } = await run(processor, configs[0]);
    const first = frame(1);
    expect(processor.getOutputPvObjectType(first)).toEqual(first.type);
    expect(await process(first)).toBe(first);
    await processor.configure(configs[1] ?? {});
    await process(frame(2));
    expect(published.map((image) => (image as NtNdArray).header().dimensions)).toEqual(sizes);
    expect(published.map((image) => pixelsOf(image)[0])).toEqual(firstPixels);
    expect(published.map((image) => image.get('uniqueId'))).toEqual([1, 2]);
    expect(processor.getStats()).toEqual(stats);
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    processor.resetStats();
    expect(processor.getStats()).toMatchObject({ nFrames: 0 });
  });

  test('hands on frames without an image', async () => {
    const processor = await load(className);
    const { process, published } = await run(processor, configs[0]);
    await process(new NtNdArray());
    expect(published).toHaveLength(1);
  });

  test('refuses wrong values and unknown keys, and stays as it was', async () => {
    const [key = ''] = Object.keys(wrong);
    await expect(load(className, wrong)).rejects.toThrow(`${className}: ${key}: expected`);
    await expect(load(className, { [`${key}x`]: 1 })).rejects.toThrow(/unknown key/);
    const processor = await load(className);
    const { process, published } = await run(processor, configs[0]);
    expect(() => processor.configure(wrong)).toThrow(`${key} must be `);
    await process(frame(1));
    expect((published[0] as NtNdArray).header().dimensions).toEqual(sizes[0]);
  });

  test('throws on a frame that contradicts itself', async () => {
    const { process, published } = await run(await load(className), configs[0]);
    await expect(process(frame(1).set('dimension[0].size', 3))).rejects.toMatchObject({ reason: 'element-count' });
    expect(published).toEqual([]);
  });
});

test('AdImageBinning counts what the type does not hold', async () => {
  const processor = await load('AdImageBinning');
  const { process, published } = await run(processor, { binX: 4, binY: 2, outputType: 'same' });
  await process(frame(1, 20));
  expect(pixelsOf(published[0])).toEqual([28, 92, 156, 220, 255, 255, 255, 255, 255, 255]);
  expect(processor.getStats()).toEqual({ nFrames: 1, nSaturated: 6 });
});
