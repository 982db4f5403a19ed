import { checkCompressOptions, compressNtNdArray, type CompressOptions } from 'pvaflow';
import { expect, test } from 'vitest';
import { frameOf } from './settings.js';

test.each([
  [{ codec: 'gzip' }, 'codec must be one of jpeg, zlib, lz4, lz4hdf5, bslz4, blosc, found gzip'],
  [{ codec: 'lz4', level: 3 }, 'lz4 has no option level; it has none'],
  [{ codec: 'zlib', shuffle: 'bit' }, 'zlib has no option shuffle; it has level'],
  [{ codec: 'zlib', level: 10 }, 'level must be a whole number from 0 to 9, found 10'],
  [{ codec: 'blosc', level: 1.5 }, 'level must be a whole number from 0 to 9, found 1.5'],
  [
    { codec: 'blosc', compressor: 'lzma' },
    'compressor must be one of blosclz, lz4, lz4hc, snappy, zlib, zstd, found lzma',
  ],
  [{ codec: 'blosc', shuffle: 1 }, 'shuffle must be one of none, byte, bit, found 1'],
  [{ codec: 'blosc', threads: 0 }, 'threads must be a whole number from 1 to 256, found 0'],
  [{ codec: 'lz4hdf5', blockSize: -1 }, 'blockSize must be a whole number from 0 to 2113929216, found -1'],
  [{ codec: 'jpeg', quality: 0 }, 'quality must be a whole number from 1 to 100, found 0'],
] as const)('%j is refused', async (options, message) => {
  const wrong = options as unknown as CompressOptions;
  expect(() => checkCompressOptions(wrong)).toThrow(message);
  await expect(compressNtNdArray(frameOf(new Uint8Array(4), 2), wrong)).rejects.toMatchObject({
    code: 'PVAFLOW_CODEC_OPTION',
  });
});

test('a frame that is compressed already is refused, and booleans', async () => {
  const frame = await compressNtNdArray(frameOf(new Uint8Array(64), 8), { codec: 'lz4' });
  await expect(compressNtNdArray(frame, { codec: 'zlib' })).rejects.toThrow('compressed already, with lz4');
  const booleans = frameOf(new Uint8Array(4), 2).set('value.booleanValue', [true, false, true, false]);
  await expect(compressNtNdArray(booleans, { codec: 'zlib' })).rejects.toThrow('booleans cannot be compressed');
});
