import { compressNtNdArray, decompressNtNdArray, reshapeNtNdArray, type PixelArray } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { pixelFormatNamed, type PixelType } from '../../../src/pva/normative/pixel-types.js';
import { bytesOf, dtypes, exactSettings, frameOf, mixedBytes, nameOf } from './settings.js';

/** Columns and rows: one pixel, fewer than bitshuffle takes together, several blocks of each codec with a rest. */
const sizes = [[1, 1], [7, 1], [5, 3], [67, 31], [1021, 53]] as const; // prettier-ignore

/** Bit patterns of all kinds: of floats also infinities, numbers that are none, and those next to zero. */
function pixelsOf(dtype: PixelType, count: number, seed: number): PixelArray {
  const { arrayType, bytes } = pixelFormatNamed(dtype)!;
  const mixed = mixedBytes(count * bytes, seed);
  mixed.fill(0xff, 0, bytes);
  mixed.fill(0x00, bytes, 2 * bytes);
  return new (arrayType as unknown as new (buffer: ArrayBufferLike) => PixelArray)(mixed.buffer);
}

describe.each(exactSettings.map((settings) => [nameOf(settings), settings] as const))('%s', (_, settings) => {
  test.each(dtypes)('gives %s back as it was, whatever the size', async (dtype) => {
    for (const [nx, ny] of sizes) {
      const pixels = pixelsOf(dtype, nx * ny, nx);
      const frame = frameOf(pixels, nx);
      await compressNtNdArray(frame, settings);
      const header = frame.header();
      expect(header).toMatchObject({ codec: settings.codec, uniqueId: 7, uncompressedSize: pixels.byteLength });
      expect(header.format?.dtype).toBe('uint8');
      expect(header.elements).toBe(header.compressedSize);

      const atOnce = frame.clone();
      const { image, imageId, fieldKey } = reshapeNtNdArray(atOnce);
      expect([imageId, fieldKey, image.shape]).toEqual([7, pixelFormatNamed(dtype)!.fieldKey, [ny, nx]]);
      expect(bytesOf(image.data).equals(bytesOf(pixels))).toBe(true);

      await decompressNtNdArray(frame);
      expect(bytesOf(frame.data).equals(bytesOf(pixels))).toBe(true);
      for (const done of [frame, atOnce]) {
        expect(done.header()).toMatchObject({
          codec: '', compressedSize: pixels.byteLength, uncompressedSize: pixels.byteLength, dimensions: [nx, ny],
        }); // prettier-ignore
        expect(done.attribute('Energy')).toBe(8.04);
      }
    }
  });
});

test('what comes out can be written to, and is the frame', async () => {
  const frame = await compressNtNdArray(frameOf(new Uint16Array(20_000).fill(5), 100), { codec: 'bslz4' });
  reshapeNtNdArray(frame).image.set(1, 2, 999);
  expect(reshapeNtNdArray(frame).image.get(1, 2)).toBe(999);
  expect(frame.clone().data?.[102]).toBe(999);
});

test('pixels that were changed before are compressed as they are then', async () => {
  const frame = frameOf(new Uint16Array(20_000).fill(5), 100);
  const pixels = frame.data as Uint16Array;
  pixels[7] = 1234;
  const done = compressNtNdArray(frame, { codec: 'blosc', compressor: 'zstd' });
  pixels[7] = 1;
  await done;
  expect(reshapeNtNdArray(frame).image.get(0, 7)).toBe(1234);
});

test('what was published before is not changed', async () => {
  const frame = frameOf(new Uint16Array(20_000).fill(5), 100);
  const published = frame.clone();
  await compressNtNdArray(frame, { codec: 'lz4' });
  expect(published.header().codec).toBe('');
  expect(published.data?.[19_999]).toBe(5);
});

test('many frames at a time', async () => {
  const frames = Array.from({ length: 20 }, (_, i) => frameOf(new Int32Array(5_000).fill(i), 50));
  await Promise.all(frames.map((frame) => compressNtNdArray(frame, { codec: 'bslz4' })));
  await Promise.all(frames.map((frame) => decompressNtNdArray(frame)));
  frames.forEach((frame, i) => expect(new Set(frame.data as Int32Array)).toEqual(new Set([i])));
});

test('a frame that is released meanwhile', async () => {
  const frame = frameOf(new Uint16Array(500_000).fill(5), 1000);
  const done = compressNtNdArray(frame, { codec: 'zlib' });
  frame.release();
  await expect(done).rejects.toMatchObject({ code: 'PVAFLOW_VALUE_RELEASED' });
});

test('a frame without data, and one that is not compressed, stay as they are', async () => {
  const empty = frameOf(new Uint8Array(0), 1).set('dimension', []);
  expect((await compressNtNdArray(empty, { codec: 'lz4' })).header()).toMatchObject({ codec: '', elements: 0 });
  const plain = frameOf(new Uint8Array(6), 3);
  expect((await decompressNtNdArray(plain)).header()).toMatchObject({ codec: '', elements: 6 });
});
