import {
  compressNtNdArray,
  decompressNtNdArray,
  FrameError,
  NtNdArray,
  reshapeNtNdArray,
  type FrameProblem,
} from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { dimensionsOf } from '../frames.js';
import { frameOf } from './settings.js';

async function compressed(): Promise<NtNdArray> {
  return compressNtNdArray(frameOf(new Uint16Array(100 * 40).fill(77), 100), { codec: 'lz4' });
}

async function refusal(frame: NtNdArray, maxBytes?: number): Promise<FrameError> {
  const atOnce = () => reshapeNtNdArray(frame, { maxBytes });
  const error: unknown = await decompressNtNdArray(frame, { maxBytes }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FrameError);
  expect(atOnce).toThrow((error as FrameError).message);
  return error as FrameError;
}

describe('compressed data that is refused, at once and on another thread', () => {
  const cases: [string, (frame: NtNdArray) => unknown, FrameProblem, string][] = [
    ['a codec that nobody knows', (f) => f.set('codec.name', 'lzma'), 'compressed', 'compressed with lzma, known are jpeg, zlib'],
    ['no type', (f) => f.set('codec.parameters', null), 'codec-type', 'found nothing'],
    ['a type that is none', (f) => f.set('codec.parameters', { type: 'int', value: 11 }), 'codec-type', '6 uint16, 7 uint32, 8 uint64, 9 float32, 10 float64), found 11'],
    ['booleans', (f) => f.set('codec.parameters', { type: 'int', value: 0 }), 'codec-type', 'found 0'],
    ['a type that is text', (f) => f.set('codec.parameters', { type: 'string', value: 'ushort' }), 'codec-type', 'found ushort'],
    ['a smaller type', (f) => f.set('codec.parameters', { type: 'int', value: 5 }), 'data-size', 'make 4000 bytes, its uncompressedSize is 8000'],
    ['no dimensions', (f) => f.set('dimension', []), 'dimension-count', 'has 0 dimensions'],
    ['eleven dimensions', (f) => f.set('dimension', dimensionsOf(Array<number>(11).fill(1))), 'dimension-count', 'has 11'],
    ['a negative dimension', (f) => f.set('dimension', dimensionsOf([100, -40])), 'dimension-size', '100 × -40'],
    ['more dimensions than bytes', (f) => f.set('uncompressedSize', 0).set('dimension', dimensionsOf([100, 41])), 'codec-data', '8200 bytes were announced'],
    ['fewer', (f) => f.set('uncompressedSize', 0).set('dimension', dimensionsOf([100, 39])), 'codec-data', 'holds more than the 7800 bytes'],
    ['a wrong uncompressedSize', (f) => f.set('uncompressedSize', 8001), 'data-size', 'uncompressedSize is 8001'],
    ['a compressedSize beyond its data', (f) => f.set('compressedSize', 4000), 'data-size', 'compressedSize is 4000'],
    ['a negative compressedSize', (f) => f.set('compressedSize', -1), 'data-size', 'compressedSize is -1'],
    ['a compressedSize that is too small', (f) => f.set('compressedSize', 9), 'codec-data', 'frame 7: it is compressed with lz4: its LZ4 data is damaged'],
    ['no bytes', (f) => f.set('value.ubyteValue', []), 'codec-data', 'no compressed data'],
    ['nothing selected', (f) => f.set('value', null), 'no-data', 'holds no array'],
    ['shorts', (f) => f.set('value.shortValue', [1, 2]), 'data-type', 'holds int16 instead of bytes'],
    ['more than memory', (f) => f.set('uncompressedSize', 0).set('dimension', dimensionsOf([2147483647, 2147483647])), 'codec-limit', 'the limit is 1073741824'],
    ['another codec than it is', (f) => f.set('codec.name', 'zlib'), 'codec-data', 'zlib data is damaged'],
  ]; // prettier-ignore
  test.each(cases)('%s', async (_, spoil, reason, message) => {
    const frame = await compressed();
    spoil(frame);
    const codec = frame.codec;
    const error = await refusal(frame);
    expect(error).toMatchObject({ reason, imageId: 7 });
    expect(error.message).toContain(message);
    expect(frame.codec).toEqual(codec);
  });

  test('more than the limit that was given', async () => {
    const frame = await compressed();
    expect(await refusal(frame, 7999)).toMatchObject({ reason: 'codec-limit' });
    expect((await decompressNtNdArray(frame, { maxBytes: 8000 })).header().elements).toBe(4000);
  });
});

test('sizes that are left at zero say nothing', async () => {
  const frame = (await compressed()).set('compressedSize', 0).set('uncompressedSize', 0);
  expect(reshapeNtNdArray(frame).image.get(39, 99)).toBe(77);
});

test('bytes after those that count are left out', async () => {
  const frame = await compressed();
  const data = frame.data as Uint8Array;
  frame.set('value.ubyteValue', Uint8Array.from([...data, 1, 2, 3]));
  expect(reshapeNtNdArray(frame).image.get(39, 99)).toBe(77);
});

test('bytes that are signed', async () => {
  const frame = await compressed();
  frame.set('value.byteValue', new Int8Array(frame.data as Uint8Array<ArrayBuffer>));
  frame.set('value.byteValue', Int8Array.from(frame.data as Int8Array));
  expect((await decompressNtNdArray(frame)).header().elements).toBe(4000);
});

test('the number of the type may be of any integer type', async () => {
  const frame = (await compressed()).set('codec.parameters', { type: 'ulong', value: 6n });
  expect(reshapeNtNdArray(frame).fieldKey).toBe('ushortValue');
});

test('data of one and of four dimensions', async () => {
  for (const sizes of [[4000], [10, 10, 10, 4]]) {
    const frame = (await compressed()).set('dimension', dimensionsOf(sizes));
    expect((await decompressNtNdArray(frame)).header()).toMatchObject({ codec: '', elements: 4000, dimensions: sizes });
  }
});

test('a frame that has a codec and nothing else is empty, as servers have it before the first image', () => {
  const frame = new NtNdArray().set('codec.name', 'blosc');
  expect(reshapeNtNdArray(frame)).toMatchObject({ nx: 0, ny: 0, fieldKey: null });
});
