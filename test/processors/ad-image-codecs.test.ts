import { compressNtNdArray, type NtNdArray, type UserDataProcessor } from 'pvaflow';
import { frames, openProcessor } from 'pvaflow/testing';
import { describe, expect, test } from 'vitest';
import { AdImageCompressor } from '../../processors/ad-image-compressor.js';
import { AdImageDecompressor } from '../../processors/ad-image-decompressor.js';
import { bytesOf, exactSettings, frameOf, mixedBytes, nameOf } from '../image/codec/settings.js';
import { run } from '../processor/running.js';

const NX = 200;

/** Starts a processor; what it publishes is kept. */
async function running(processor: UserDataProcessor, args: Record<string, unknown>): Promise<NtNdArray[]> {
  return (await run(processor, args)).published as NtNdArray[];
}

const pixelsOf = (id: number, rows = 40) => new Uint16Array(mixedBytes(2 * NX * rows, id).buffer);
const frame = (id: number, rows?: number) => frameOf(pixelsOf(id, rows), NX).set('uniqueId', id);

test.each(exactSettings.map((settings) => [nameOf(settings), settings] as const))(
  '%s and back',
  async (_, settings) => {
    const [compressor, decompressor] = [new AdImageCompressor(), new AdImageDecompressor()];
    const compressed = await running(compressor, { ...settings });
    const plain = await running(decompressor, {});
    const input = frame(3);
    expect(await compressor.process(input)).toBe(input);
    expect(compressed[0]?.header()).toMatchObject({ codec: settings.codec, uniqueId: 3 });
    await decompressor.process(input);
    expect(plain[0]?.header()).toMatchObject({ codec: '', uniqueId: 3 });
    expect(bytesOf(plain[0]?.data ?? null).equals(bytesOf(pixelsOf(3)))).toBe(true);
    expect(plain[0]?.attribute('Energy')).toBe(8.04);
  },
);

test('frames are published in their order, though small ones are done sooner', async () => {
  const compressor = new AdImageCompressor();
  const published = await running(compressor, { codec: 'zlib', level: 9, concurrency: 4 });
  expect(compressor.concurrency).toBe(4);
  await Promise.all([400, 1, 200, 2].map((rows, id) => compressor.process(frame(id, rows))));
  expect(published.map(({ uniqueId }) => uniqueId)).toEqual([0, 1, 2, 3]);
});

test('figures', async () => {
  const [compressor, decompressor] = [new AdImageCompressor(), new AdImageDecompressor()];
  await running(compressor, { codec: 'bslz4' });
  await running(decompressor, {});
  const input = frame(1);
  await compressor.process(input);
  const { nBytesOut } = compressor.getStats();
  expect(compressor.getStats()).toEqual({
    nFrames: 1, nCompressed: 1, nBytesIn: 16_000, nBytesOut: input.header().elements, compressionFactor: 16_000 / nBytesOut,
  }); // prettier-ignore
  await compressor.process(input);
  expect(compressor.getStats()).toMatchObject({ nFrames: 2, nCompressed: 1 });
  await decompressor.process(input);
  await decompressor.process(input);
  expect(decompressor.getStats()).toEqual({ nFrames: 2, nDecompressed: 1, nBytesIn: nBytesOut, nBytesOut: 16_000 });
  for (const processor of [compressor, decompressor]) {
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    processor.resetStats();
    expect(processor.getStats()).toMatchObject({ nFrames: 0, nBytesIn: 0 });
  }
});

test('bytes behind the compressed data are not counted', async () => {
  const decompressor = new AdImageDecompressor();
  await running(decompressor, {});
  const input = await compressNtNdArray(frame(1), { codec: 'zlib' });
  const { compressedSize } = input.header();
  input.set('value.ubyteValue', Buffer.concat([input.data as Uint8Array, Buffer.alloc(1000)]));
  await decompressor.process(input);
  expect(decompressor.getStats()).toMatchObject({ nBytesIn: compressedSize, nBytesOut: 16_000 });
});

describe('a frame that fails', () => {
  test('is not published, and the next one is', async () => {
    const decompressor = new AdImageDecompressor();
    const published = await running(decompressor, { maxBytes: 16_000 });
    const damaged = frame(1).set('codec', { name: 'lz4', parameters: { type: 'int', value: 6 } });
    damaged.set('value.ubyteValue', [1, 2, 3]).set('compressedSize', 3);
    const tooLarge = await compressNtNdArray(frame(2, 41), { codec: 'lz4' });
    const results = [damaged, tooLarge, frame(3)].map((one) => decompressor.process(one));
    await expect(results[0]).rejects.toMatchObject({ reason: 'codec-data' });
    await expect(results[1]).rejects.toMatchObject({ reason: 'codec-limit' });
    await results[2];
    expect(published.map(({ uniqueId }) => uniqueId)).toEqual([3]);
  });
});

test('settings that a codec does not have are refused, and those before stay', async () => {
  const compressor = new AdImageCompressor();
  const published = await running(compressor, { codec: 'zlib', level: 1 });
  await expect(compressor.configure({ codec: 'lz4', level: 1 })).rejects.toThrow('lz4 has no option level');
  await expect(compressor.configure({ concurrency: 0 })).rejects.toThrow('concurrency');
  await compressor.process(frame(1));
  await compressor.configure({ codec: 'blosc', compressor: 'zstd' });
  await compressor.process(frame(2));
  expect(published.map(({ codec }) => codec.name)).toEqual(['zlib', 'blosc']);
});

test('what is meant for others, and what cannot be, does not configure them while they run', async () => {
  await using run = await openProcessor([
    { processor: AdImageCompressor, config: { codec: 'zlib' } },
    { processor: AdImageDecompressor, config: { maxBytes: 1000 } },
  ]);
  await run.configure({ receiverQueueSize: 10 });
  await expect(run.configure({ maxBytes: 'x' })).rejects.toThrow('maxBytes');
  await run.feed(frames({ count: 1, shape: [40, 40] }));
  await run.feed(frames({ count: 1, firstId: 2, shape: [4, 4] }));
  expect(run.published.map(({ id }) => id)).toEqual([2]);
});
