/** The examples of examples/8-shapes, in their order. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor, reshapeNtNdArray, type NtNdArray } from 'pvaflow';
import { expect, test } from 'vitest';
import { pixelsOf, run } from '../processor/running.js';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));

const example = (file: string, args: Record<string, unknown> = {}) => loadProcessor({ file: join(folder, file), args });
const sizesOf = (frame: unknown) => (frame as NtNdArray).header().dimensions;

/** 0, 1, 2 … in rows of `nx`. */
function counting(id: number, nx: number, ny: number): NtNdArray {
  return generateNtNdArray2D(
    id,
    ndarray(
      Uint16Array.from({ length: nx * ny }, (_, i) => i),
      [ny, nx],
    ),
  );
}

test('8-shapes/1-upright.ts', async () => {
  const { process, published } = await run(await example('8-shapes/1-upright.ts'), { attribute: 'Turn' });
  for (const degrees of [0, 90, 180, 270]) await process(counting(1, 2, 2).setAttribute('Turn', degrees));
  expect(published.map((frame) => pixelsOf(frame))).toEqual([[0, 1, 2, 3], [1, 3, 0, 2], [3, 2, 1, 0], [2, 0, 3, 1]]); // prettier-ignore
  const tilted = counting(1, 2, 2).setAttribute('Turn', 45);
  await expect(process(tilted)).rejects.toThrow('Turn is 45, not 0, 90, 180 or 270 degrees');
});

test('8-shapes/2-follow-spot.ts', async () => {
  const processor = await example('8-shapes/2-follow-spot.ts', { size: 3 });
  const { process, published } = await run(processor, { size: 3 });
  const frame = counting(1, 9, 7).set('value.ushortValue', new Uint16Array(63).with(4 * 9 + 5, 1000));
  await process(frame);
  await process(counting(2, 9, 7)); // the last pixel is the brightest
  expect(published.map((image) => (image as NtNdArray).dimensions.map(({ offset }) => offset))).toEqual([[4, 3], [6, 4]]); // prettier-ignore
  expect(pixelsOf(published[0])).toEqual([0, 0, 0, 0, 1000, 0, 0, 0, 0]);
  expect(processor.getStats()).toEqual({ x: 8, y: 6 });
  expect(processor.getStatsPvaTypes()).toEqual({ x: 'uint', y: 'uint' });
  const color = generateNtNdArray2D(3, ndarray(new Uint8Array(12), [2, 2, 3]));
  await expect(process(color)).rejects.toThrow('put AdImageColorConvert in front');
});

test('8-shapes/3-fit-link.ts', async () => {
  const processor = await example('8-shapes/3-fit-link.ts', { maxPixels: 100 });
  const { process, published } = await run(processor, { maxPixels: 100 });
  for (const [nx, ny] of [[10, 10], [20, 6], [100, 90]] as const) await process(counting(1, nx, ny)); // prettier-ignore
  expect(published.map(sizesOf)).toEqual([[10, 10], [10, 3], [10, 9]]); // prettier-ignore
  expect(processor.getStats()).toEqual({ bin: 10 });
  expect(processor.getStatsPvaTypes()).toEqual({ bin: 'uint' });
});

test('8-shapes/4-focus-check.ts', async () => {
  const processor = await example('8-shapes/4-focus-check.ts', { stepX: 4 });
  const { process, published } = await run(processor, { stepX: 4, stepY: 1 });
  await process(counting(1, 8, 2));
  expect(published.map((frame) => pixelsOf(frame))).toEqual([[0, 4, 8, 12]]);
  expect(processor.getStats()).toEqual({ nFrames: 1, sharpness: 2 });
  expect(Object.keys(processor.getStatsPvaTypes())).toEqual(['nFrames', 'sharpness']);
});

test('8-shapes/5-reddest.ts', async () => {
  const { process, published } = await run(await example('8-shapes/5-reddest.ts'));
  await process(generateNtNdArray2D(1, ndarray(Uint8Array.of(9, 0, 0, 8, 0, 0), [1, 2, 3])));
  await process(generateNtNdArray2D(2, ndarray(Uint8Array.of(5, 6), [1, 2])));
  expect(published.map((frame) => [pixelsOf(frame), sizesOf(frame)])).toEqual([[[9, 8], [2, 1]], [[5, 6], [2, 1]]]); // prettier-ignore
});

test('8-shapes/6-thumbnails-of-hits.ts', async () => {
  const args = { mean: 40, size: 4, codec: 'none', convertRange: [0, 127] };
  const processor = await example('8-shapes/6-thumbnails-of-hits.ts', args);
  const { process, published } = await run(processor, args);
  await Promise.all([process(counting(1, 16, 8)), process(counting(2, 8, 8))]);
  expect(published.map((frame) => frame.get('uniqueId'))).toEqual([1]);
  expect(reshapeNtNdArray(published[0] as NtNdArray)).toMatchObject({ nx: 4, ny: 2, fieldKey: 'ubyteValue' });
});

test('8-shapes/7-every-nth-of-scan.ts', async () => {
  const args = { n: 3, by: 'id', attribute: 'Scan' };
  const processor = await example('8-shapes/7-every-nth-of-scan.ts', args);
  const { process, published } = await run(processor, args);
  for (let id = 1; id <= 9; id++) await process(counting(id, 1, 1).setAttribute('Scan', id < 5 ? 1 : 2));
  expect(published.map((frame) => frame.get('uniqueId'))).toEqual([1, 3, 5, 6, 9]);
});
