import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor, type NtNdArray, type UserDataProcessor } from 'pvaflow';
import { expect, test } from 'vitest';
import { pixelsOf, run } from '../processor/running.js';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));

const frame = (id: number, ...pixels: number[]): NtNdArray =>
  generateNtNdArray2D(id, ndarray(Uint16Array.from(pixels), [1, pixels.length]));

async function started(file: string, args: Record<string, unknown>) {
  const processor: UserDataProcessor = await loadProcessor({ file: join(folder, file), args });
  const running = await run(processor, args);
  expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
  return { ...running, processor };
}

test('7-values/1-dark-from-stream.ts', async () => {
  const { process, published, processor } = await started('7-values/1-dark-from-stream.ts', { nDark: 2 });
  expect(await process(frame(1, 10, 20))).toBeNull();
  expect(await process(frame(2, 11, 22))).toBeNull();
  await process(frame(3, 100, 20));
  expect(pixelsOf(published[0])).toEqual([89.5, -1]);
  processor.resetStats();
  expect(await process(frame(4, 1, 1))).toBeNull();
  expect(() => processor.configure({ nDark: 0 })).toThrow('nDark must be a whole number from 1, found 0');
});

test('7-values/2-flicker.ts', async () => {
  const { process, published } = await started('7-values/2-flicker.ts', { n: 4 });
  for (const [i, value] of [10, 20, 30].entries()) await process(frame(i, value, 5));
  expect(published.map(pixelsOf)).toEqual([[0, 0], [5, 0], [10, 0]]); // prettier-ignore
});

test('7-values/3-sum-per-second.ts', async () => {
  const { process, published } = await started('7-values/3-sum-per-second.ts', { seconds: 0.5, frameRate: 4 });
  for (const id of [1, 2, 3, 4]) await process(frame(id, 60_000, id));
  expect(published.map(pixelsOf)).toEqual([[120_000, 3], [120_000, 7]]); // prettier-ignore
});

test('7-values/4-beam-watch.ts', async () => {
  const args = { x: 1, y: 0, radius: 0.5, centroidThreshold: 10 };
  const { process, published, processor } = await started('7-values/4-beam-watch.ts', args);
  for (const pixels of [[0, 50, 9, 0], [0, 9, 50, 0], [1, 2, 3, 4]]) await process(frame(1, ...pixels)); // prettier-ignore
  expect((published as NtNdArray[]).map(({ alarm }) => [alarm.severity, alarm.message])).toEqual([
    [0, ''], [2, 'beam at 2.0, 0.0'], [2, 'no beam'],
  ]); // prettier-ignore
  expect(processor.getStats()).toMatchObject({ nFrames: 3, nOutside: 2, CentroidTotal: 0 });
  expect((published[0] as NtNdArray).attribute('CentroidX')).toBe(1);
});

test('7-values/5-too-many-hot.ts', async () => {
  const { process, published, processor } = await started('7-values/5-too-many-hot.ts', { threshold: 50, limit: 1 });
  expect(await process(frame(1, 5, 900, 5, 900, 5))).toBeNull();
  await process(frame(2, 5, 900, 5, 6, 7));
  expect(published.map(pixelsOf)).toEqual([[5, 5, 5, 6, 7]]);
  expect((published[0] as NtNdArray).attribute('NumHot')).toBe(1);
  expect(processor.getStats()).toMatchObject({ nFrames: 2, nHot: 3, nLeftOut: 1 });
});
