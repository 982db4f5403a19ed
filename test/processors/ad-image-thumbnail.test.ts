import ndarray from 'ndarray';
import { decompressNtNdArray, generateNtNdArray2D, loadProcessor, NtNdArray, reshapeNtNdArray } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { pixelsOf, run } from '../processor/running.js';

/** Columns of the same value, each `step` more than the one before. */
function ramp(id: number, nx: number, ny: number, step = 1): NtNdArray {
  return generateNtNdArray2D(
    id,
    ndarray(
      Uint16Array.from({ length: nx * ny }, (_, i) => (i % nx) * step),
      [ny, nx],
    ),
  );
}

const started = async (config: Record<string, unknown>) => {
  const processor = await loadProcessor({ className: 'AdImageThumbnail', args: config });
  return { processor, ...(await run(processor, config)) };
};

describe('AdImageThumbnail', () => {
  test('publishes small JPEGs of 8 bits, in the order of the frames', async () => {
    const { processor, process, published } = await started({ size: 64 });
    const frames = [ramp(1, 256, 128, 100), ramp(2, 100, 300), ramp(3, 64, 2)];
    expect(processor.concurrency).toBe(2);
    await Promise.all(frames.map((frame) => process(frame)));
    expect(published.map((frame) => (frame as NtNdArray).header())).toMatchObject([
      { uniqueId: 1, codec: 'jpeg', dimensions: [64, 32], uncompressedSize: 64 * 32 },
      { uniqueId: 2, codec: 'jpeg', dimensions: [20, 60] },
      { uniqueId: 3, codec: 'jpeg', dimensions: [64, 2] },
    ]);
    expect(processor.getStats()).toMatchObject({ nFrames: 3, nBytesIn: 2 * (256 * 128 + 100 * 300 + 64 * 2) });
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    const [first] = published as NtNdArray[];
    const pixels = pixelsOf(await decompressNtNdArray(first as NtNdArray));
    pixels.slice(0, 64).forEach((pixel, at) => expect(Math.abs(pixel - (at / 63) * 255)).toBeLessThan(8));
    processor.resetStats();
    expect(processor.getStats()).toEqual({ nFrames: 0, nBytesIn: 0, nBytesOut: 0 });
  });

  test.each([
    [{}, [0, 36, 73, 109, 146, 182, 219, 255], 'ubyteValue'],
    [{ convertRange: [-350, 700] }, [85, 109, 134, 158, 182, 206, 231, 255], 'ubyteValue'],
    [{ convert: 'clip' }, [0, 100, 200, 255, 255, 255, 255, 255], 'ubyteValue'],
    [{ outputType: 'uint16' }, [0, 100, 200, 300, 400, 500, 600, 700], 'ushortValue'],
    [{ outputType: 'uint16', convertRange: [0, 65535 * 7] }, [0, 14, 29, 43, 57, 71, 86, 100], 'ushortValue'],
  ])('with the codec none and %o scales by the rule', async (config, pixels, fieldKey) => {
    const { process, published } = await started({ codec: 'none', size: 8, ...config });
    await process(ramp(1, 8, 1, 100));
    expect(pixelsOf(published[0])).toEqual(pixels);
    expect(reshapeNtNdArray(published[0] as NtNdArray)).toMatchObject({ fieldKey, nx: 8, ny: 1 });
  });

  test('makes colours small, and images that are long and narrow', async () => {
    const { process, published } = await started({ codec: 'none', size: 2 });
    const data = Uint8Array.from({ length: 2 * 4 * 3 }, (_, i) => i);
    await process(generateNtNdArray2D(1, ndarray(data, [2, 4, 3])));
    await process(ramp(2, 3000, 1));
    expect(published.map((frame) => (frame as NtNdArray).header().dimensions)).toEqual([[3, 2, 1], [1, 1]]); // prettier-ignore
    expect(pixelsOf(published[0])).toEqual([8, 9, 10, 14, 15, 16]);
  });

  test('hands on frames without an image, and goes on behind one that fails', async () => {
    const { process, published } = await started({ size: 8 });
    const broken = ramp(1, 20, 20).set('dimension[0].size', 3);
    const results = await Promise.allSettled([process(broken), process(new NtNdArray()), process(ramp(2, 20, 20))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(published.map((frame) => frame.get('uniqueId'))).toEqual([0, 2]);
  });

  test('refuses what cannot be', async () => {
    const { processor } = await started({});
    const refused = async (config: Record<string, unknown>, message: string) =>
      expect(async () => processor.configure(config)).rejects.toThrow(message);
    await refused({ outputType: 'uint16' }, 'a JPEG has 8 bits');
    await refused({ convertRange: [5, 5] }, 'convertRange must be a smaller and a larger');
    await refused({ size: 0 }, 'AdImageThumbnail: size');
    await refused({ codec: 'png' }, 'AdImageThumbnail: codec');
    await refused({ quality: 'good' }, 'AdImageThumbnail: quality');
    await processor.configure({ receiverQueueSize: 10 });
    await expect(loadProcessor({ className: 'AdImageThumbnail', args: { sise: 5 } })).rejects.toThrow(
      'Did you mean "size"?',
    );
  });
});

describe('EveryNth', () => {
  const ids = (published: readonly { get(path: string): unknown }[]) => published.map((frame) => frame.get('uniqueId'));

  test('takes those that come n-th, or those whose id can be divided by n', async () => {
    const processor = await loadProcessor({ className: 'EveryNth' });
    const { process, published } = await run(processor, { n: 3 });
    for (const id of [1, 2, 4, 5, 6, 7]) await process(ramp(id, 1, 1));
    expect(ids(published)).toEqual([1, 5]);
    await processor.configure({ by: 'id' });
    for (const id of [8, 9, 11, 12]) expect((await process(ramp(id, 1, 1))) === null).toBe(id % 3 > 0);
    expect(ids(published)).toEqual([1, 5, 9, 12]);
    expect(processor.getStats()).toEqual({ nSeen: 10, nPublished: 4 });
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    processor.resetStats();
    expect(processor.getStats()).toEqual({ nSeen: 0, nPublished: 0 });
  });

  test('refuses other rules, and objects without an id', async () => {
    const processor = await loadProcessor({ className: 'EveryNth' });
    const { process } = await run(processor, { by: 'id' });
    expect(() => processor.configure({ by: 'time' })).toThrow('by must be one of count, id, found time');
    expect(() => processor.configure({ n: 0 })).toThrow('n must be a whole number of at least 1, found 0');
    processor.objectIdField = 'noId';
    await expect(process(ramp(1, 1, 1))).rejects.toThrow('noId');
  });
});
