import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { compressNtNdArray, frameDataOf, generateNtNdArray2D, NtNdArray, type FrameData } from 'pvaflow';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getLogger } from '../../../src/core/logger.js';
import { ColorMode, dimensionSizes } from '../../../src/image/color-mode.js';
import { compressions } from '../../../src/processor/hdf5/compression.js';
import { Hdf5Writer, type Hdf5WriterOptions } from '../../../src/processor/hdf5/hdf5-writer.js';
import { Hdf5Reader } from '../../peers/hdf5.js';
import { usePeers } from '../../peers/peers.js';
import { writerOptions } from './frames.js';

const [NY, NX] = [9, 7];

const peers = usePeers();
let reader: Hdf5Reader;
let folder = '';
beforeAll(async () => void (reader = await Hdf5Reader.start(peers)), 120_000);
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-chunks-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.hdf'))
    .sort()
    .map((name) => join(folder, name));

function newWriter(options: Partial<Hdf5WriterOptions>): Hdf5Writer {
  return new Hdf5Writer({ ...writerOptions, outputDirectory: folder, ...options }, 1, getLogger('test'));
}

const pixelsOf = (id: number, count = NX * NY) => new Uint16Array(count).map((_, i) => 1000 * id + i);

function grey(id: number): NtNdArray {
  return generateNtNdArray2D(id, ndarray(pixelsOf(id), [NY, NX]));
}

function colour(id: number): NtNdArray {
  const frame = new NtNdArray(NtNdArray.type(), { uniqueId: id });
  frame.set('value.ushortValue', pixelsOf(id, 3 * NX * NY));
  frame.dimensions = dimensionSizes(ColorMode.RGB1, NX, NY).map((size) => ({ size }));
  return frame.setAttribute('ColorMode', { type: 'int', value: ColorMode.RGB1 });
}

const hexOf = (ids: readonly number[], count = NX * NY) =>
  Buffer.concat(ids.map((id) => Buffer.from(pixelsOf(id, count).buffer))).toString('hex');

async function write(writer: Hdf5Writer, frames: readonly NtNdArray[]): Promise<void> {
  await Promise.all(frames.map((frame) => writer.write(frameDataOf(frame) as FrameData)));
}

describe('chunking', () => {
  it.each([
    [[3, 0, 0], 'none'],
    [[100, 0, 0], 'none'],
    [[1, 4, 0], 'none'],
    [[4, 4, 3], 'none'],
    ...compressions.map((compression) => [[1, 4, 3], compression] as const),
    [[1, 9, 7], 'bslz4'],
  ] as const)('cuts images into %j, %s, for every reader', async (chunking, compression) => {
    const writer = newWriter({ nImagesPerFile: 10, chunking, compression });
    await write(writer, [1, 2, 3, 4, 5].map(grey));
    await writer.flush();
    const [before] = await reader.read(files());
    expect(before?.images).toMatchObject({ shape: [5, NY, NX], hex: hexOf([1, 2, 3, 4, 5]) });
    await write(writer, [6, 7].map(grey)); // in the middle of a chunk
    await write(writer, [8, 9].map(colour));
    await writer.stop();
    const [greys, colours] = await reader.read(files());
    const sizes = [Math.min(chunking[0], 10), chunking[1] || NY, chunking[2] || NX];
    expect(greys?.images).toMatchObject({ shape: [7, NY, NX], chunks: sizes, hex: hexOf([1, 2, 3, 4, 5, 6, 7]) });
    expect(colours?.images).toMatchObject({
      shape: [2, NY, NX, 3],
      chunks: [...sizes, 3],
      hex: hexOf([8, 9], 3 * NX * NY),
    });
    expect(writer.figures).toMatchObject({ nFramesSaved: 9, nFramesFailed: 0 });
  });

  it.each([
    [[0, 1, 1], 'none'],
    [[1, 0.5, 1], 'none'],
    [[1, 1], 'none'],
    [[2, 0, 0], 'bslz4'],
  ])('refuses %j, %s', (chunking, compression) => {
    expect(() => newWriter({ chunking: chunking as never, compression })).toThrow('chunking: ');
  });

  it('fails frames of which the chunks would be too many', async () => {
    const writer = newWriter({ nImagesPerFile: 1_000_000, chunking: [1, 1, 1] });
    await expect(write(writer, [grey(1)])).rejects.toMatchObject({ code: 'PVAFLOW_OPTION' });
    await writer.stop();
    expect(files()).toEqual([]);
  });
});

describe('images that came compressed', () => {
  const same = [
    ['zlib', 'gzip'],
    ['lz4', 'lz4'],
    ['lz4hdf5', 'lz4'],
    ['bslz4', 'bslz4'],
    ['blosc', 'blosc'],
  ] as const;

  it.each(same)('of %s are chunks of %s as they are', async (codec, compression) => {
    const writer = newWriter({ compression });
    const frames = await Promise.all([1, 2].map((id) => compressNtNdArray(grey(id), { codec })));
    const data = frames.map(bytesOf);
    await write(writer, frames);
    await writer.stop();
    const [contents] = await reader.read(files());
    expect(contents?.images).toMatchObject({ shape: [2, NY, NX], dtype: 'uint16', hex: hexOf([1, 2]) });
    const file = readFileSync(files()[0] as string);
    expect(data.map((bytes) => file.includes(bytes))).toEqual([true, true]);
  });

  it.each(['bslz4', 'lz4'] as const)(
    'of %s with the header of HDF5 before them are written as they are',
    async (codec) => {
      const writer = newWriter({ compression: codec });
      const frames = await Promise.all([1, 2].map((id) => compressNtNdArray(grey(id), { codec })));
      for (const frame of frames) addHeader(frame, codec);
      const data = frames.map(bytesOf);
      const other = addHeader(await compressNtNdArray(grey(3), { codec }), codec, 2 * NX * NY + 1); // is for another image
      await write(writer, frames);
      await expect(write(writer, [other])).rejects.toMatchObject({ code: 'PVAFLOW_FRAME_CODEC_DATA' });
      await writer.stop();
      const [contents] = await reader.read(files());
      expect(contents?.images).toMatchObject({ shape: [2, NY, NX], dtype: 'uint16', hex: hexOf([1, 2]) });
      const file = readFileSync(files()[0] as string);
      expect(data.map((bytes) => file.includes(bytes))).toEqual([true, true]);
    },
  );

  it('of less than eight pixels may begin with zeros', async () => {
    const writer = newWriter({ compression: 'bslz4' });
    const frames = [0, 1].map((first) => {
      return generateNtNdArray2D(first + 1, ndarray(Uint16Array.of(first, 0, 0, 0, 0, 7), [2, 3]));
    });
    await write(writer, await Promise.all(frames.map((frame) => compressNtNdArray(frame, { codec: 'bslz4' }))));
    await writer.stop();
    const [contents] = await reader.read(files());
    expect(contents?.images?.hex).toBe(['0000', '0100'].map((first) => `${first}00000000000000000700`).join(''));
  });

  it.each([
    ['bslz4', 'none', [1, 0, 0]],
    ['bslz4', 'gzip', [1, 0, 0]],
    ['bslz4', 'bslz4', [1, 4, 4]],
    ['blosc', 'none', [2, 4, 0]],
  ] as const)(
    'of %s are decoded for %s in chunks of %j, and stay as they came',
    async (codec, compression, chunking) => {
      const writer = newWriter({ compression, chunking });
      const frames = await Promise.all([1, 2, 3].map((id) => compressNtNdArray(grey(id), { codec })));
      await write(writer, frames);
      await writer.stop();
      const [contents] = await reader.read(files());
      expect(contents?.images).toMatchObject({ shape: [3, NY, NX], hex: hexOf([1, 2, 3]) });
      expect(frames.map((frame) => frame.header().codec)).toEqual([codec, codec, codec]);
    },
  );

  it('fail alone when they are damaged', async () => {
    const writer = newWriter({});
    const damaged = await compressNtNdArray(grey(2), { codec: 'bslz4' });
    damaged.set('value.ubyteValue', new Uint8Array(bytesOf(damaged).length).fill(255));
    const results = await Promise.allSettled([grey(1), damaged, grey(3)].map((frame) => write(writer, [frame])));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await writer.stop();
    const contents = await reader.read(files());
    expect(contents.map(({ images }) => images?.hex).join('')).toBe(hexOf([1, 3]));
  });
});

function bytesOf(frame: NtNdArray): Buffer {
  return Buffer.from(frame.data as Uint8Array).subarray(0, Number(frame.get('compressedSize')));
}

/** As the chunks of an HDF5 file have it: the length of the image, that of a block, and for lz4 that of its data. */
function addHeader(frame: NtNdArray, codec: 'bslz4' | 'lz4', bytes = 2 * NX * NY): NtNdArray {
  const data = bytesOf(frame);
  const header = Buffer.alloc(codec === 'lz4' ? 16 : 12);
  header.writeBigUInt64BE(BigInt(bytes));
  header.writeUInt32BE(codec === 'lz4' ? bytes : 8192, 8);
  if (codec === 'lz4') header.writeUInt32BE(data.length, 12);
  const all = new Uint8Array(Buffer.concat([header, data]));
  return frame.set('value.ubyteValue', all).set('compressedSize', BigInt(all.length));
}
