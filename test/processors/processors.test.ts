import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor, NtScalar, NtNdArray, PvaflowError, type FrameError } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { pixelFormats } from '../../src/pva/normative/pixel-types.js';
import { numbered } from '../image/frames.js';
import { pixelsOf, run } from '../processor/running.js';

describe('PassThrough', () => {
  test('publishes and hands on what it gets, whatever its type', async () => {
    const { process, published } = await run(await loadProcessor({ className: 'PassThrough' }));
    for (const object of [new NtNdArray().set('uniqueId', 7), NtScalar.from(5)]) {
      expect(await process(object)).toBe(object);
      expect(published.at(-1)?.toJSON()).toEqual(object.toJSON());
    }
  });
});

describe('AdImageThreshold', () => {
  test.each(pixelFormats.slice(1))('sets pixels of $dtype below the level to zero', async ({ dtype }) => {
    const processor = await loadProcessor({ className: 'AdImageThreshold' });
    const { process, published } = await run(processor, { level: 3 });
    const frame = generateNtNdArray2D(8, ndarray(numbered(dtype, [1, 2, 3, 4, 5, 0]) as Uint8Array, [2, 3]));
    expect(await process(frame)).toBe(frame);
    expect(pixelsOf(published[0])).toEqual([0, 0, 3, 4, 5, 0]);
    expect(published[0]?.get('uniqueId')).toBe(8);
    expect(processor.getStats()).toEqual({ nFrames: 1, nAbove: 3 });
    processor.resetStats();
    expect(processor.getStats()).toEqual({ nFrames: 0, nAbove: 0 });
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
  });
  test('is configured while it runs, and refuses what is no number', async () => {
    const processor = await loadProcessor({ className: 'AdImageThreshold' });
    const { process, published } = await run(processor, { level: 3 });
    await processor.configure({ level: 5 });
    expect(() => processor.configure({ level: 'high' })).toThrow('level must be a number, found "high"');
    await process(generateNtNdArray2D(1, ndarray(Uint8Array.of(3, 4, 5, 6), [2, 2])));
    expect(pixelsOf(published[0])).toEqual([0, 0, 5, 6]);
  });
  test('throws on a contradictory frame, with the reason', async () => {
    const { process } = await run(await loadProcessor({ className: 'AdImageThreshold' }));
    const frame = generateNtNdArray2D(1, ndarray(new Uint8Array(4), [2, 2])).set('dimension[0].size', 3);
    const error = await process(frame).catch((thrown: unknown) => thrown as FrameError);
    expect(error).toBeInstanceOf(PvaflowError);
    expect(error).toMatchObject({ reason: 'element-count' });
  });
});
