import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { ColorMode, generateNtNdArray2D, loadProcessor, NtNdArray, type PixelArray } from 'pvaflow';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { colorDimension, dimensionSizes } from '../../src/image/color-mode.js';
import { checksumOfFile } from '../../src/pva/checksum.js';
import { compressions } from '../../src/processor/hdf5/compression.js';
import { pixelFormats } from '../../src/pva/normative/pixel-types.js';
import { Hdf5Reader } from '../peers/hdf5.js';
import { usePeers } from '../peers/peers.js';
import { run } from '../processor/running.js';

configureLogging({ level: 'silent' });

const peers = usePeers();
let reader: Hdf5Reader;
let folder = '';
beforeAll(async () => void (reader = await Hdf5Reader.start(peers)), 120_000);
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-hdf5-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.hdf'))
    .sort()
    .map((name) => join(folder, name));

async function start(args: Record<string, unknown> = {}) {
  const all = { outputDirectory: folder, ...args };
  const processor = await loadProcessor({ className: 'Hdf5AdImageWriter', args: all });
  const { process, published } = await run(processor, all);
  /** Hands over frames as the pipeline does: the next before the one before is done. */
  const write = (frames: readonly NtNdArray[]) => Promise.all(frames.map((frame) => process(frame)));
  return { processor, write, published };
}

function frameOf(id: number, { nx = 3, ny = 2, first = 0 } = {}): NtNdArray {
  return generateNtNdArray2D(
    id,
    ndarray(
      new Uint16Array(nx * ny).map((_, i) => first + 100 * id + i),
      [ny, nx],
    ),
  );
}

const bytesOf = (data: PixelArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Pixels with the edges of their type, and some between. */
function edgePixels(dtype: string, type: new (length: number) => PixelArray, length: number): PixelArray {
  const pixels = new type(length);
  const edges: Record<string, readonly (number | bigint)[]> = {
    boolean: [0, 1],
    float32: [NaN, -0, Infinity, -Infinity, 1.401298464324817e-45, 3.4028234663852886e38],
    float64: [NaN, -0, Infinity, -Infinity, 5e-324, 1.7976931348623157e308],
  };
  const some = edges[dtype] ?? [0, -1, 1, 2 ** 31, 2 ** 15, 2 ** 7];
  const isBig = pixels instanceof BigInt64Array || pixels instanceof BigUint64Array;
  for (let i = 0; i < length; i++) {
    const value = some[i % some.length] as number;
    pixels[i] = isBig ? BigInt(value) << BigInt((i * 7) % 33) : value;
  }
  return pixels;
}

describe('Hdf5AdImageWriter', () => {
  it.each(compressions)(
    'writes every type, size and colour mode so that h5py reads it equal: %s',
    async (compression) => {
      const { processor, write } = await start({ compression });
      const frames: NtNdArray[] = [];
      const expected: { dtype: string; shape: number[]; hex: string }[] = [];
      for (const { dtype, fieldKey, arrayType } of pixelFormats) {
        for (const mode of [ColorMode.Mono, ColorMode.RGB1, ColorMode.RGB2, ColorMode.RGB3]) {
          const [nx, ny] = mode === ColorMode.RGB2 ? [1, 1] : mode === ColorMode.RGB3 ? [31, 17] : [7, 5];
          const sizes = dimensionSizes(mode, nx, ny);
          const pixels = edgePixels(
            dtype,
            arrayType,
            sizes.reduce((a, b) => a * b),
          );
          const value = dtype === 'boolean' ? Array.from(pixels, Boolean) : pixels;
          const frame = new NtNdArray(NtNdArray.type(), { uniqueId: frames.length + 1 });
          frame.set(`value.${fieldKey}`, value).set(
            'dimension',
            sizes.map((size) => ({ size })),
          );
          frames.push(frame.setAttribute('ColorMode', { type: 'int', value: mode }));
          const shape = mode === ColorMode.Mono ? [ny, nx] : [ny, nx, 3];
          expected.push({
            dtype: dtype === 'boolean' ? 'uint8' : dtype,
            shape,
            hex: inRgb1(pixels, mode, nx, ny).toString('hex'),
          });
        }
      }
      await write(frames);
      await processor.stop();
      const contents = await reader.read(files());
      const found = contents.map((file) => file.images);
      expect(found.map((images) => images?.shape)).toEqual(expected.map(({ shape }) => [1, ...shape]));
      expect(found.map((images) => images?.dtype)).toEqual(expected.map(({ dtype }) => dtype));
      expect(found.map((images) => images?.hex)).toEqual(expected.map(({ hex }) => hex));
      expect(found.every((images) => (images?.filters.length ?? 0) === (compression === 'none' ? 0 : 1))).toBe(true);
    },
  );

  it('keeps ids, times and attributes, each frame its own', async () => {
    const { processor, write, published } = await start();
    const frames = [1, 2, 4].map((id) => {
      const frame = frameOf(id)
        .setAttribute('x:energy', id / 3)
        .setAttribute('mode/of', `läuft ${id}`);
      frame.setAttribute('count', 2n ** 60n + BigInt(id));
      return frame.set('timeStamp', { secondsPastEpoch: 1_700_000_000n, nanoseconds: id });
    });
    frames[1]?.set('attribute', []);
    frames[1]?.setAttribute('ColorMode', { type: 'int', value: 0 });
    await write(frames);
    await processor.stop();
    const [contents = {}] = await reader.read(files());
    const at = (path: string) => contents[`entry/instrument/${path}`];
    const hexOf = (data: PixelArray) => bytesOf(data).toString('hex');
    expect(at('detector/uniqueId')?.hex).toBe(hexOf(Int32Array.of(1, 2, 4)));
    const ns = (n: bigint) => 1_700_000_000_000_000_000n + n;
    expect(at('detector/timeStamp')?.hex).toBe(hexOf(BigInt64Array.of(ns(1n), ns(2n), ns(4n))));
    expect(at('NDAttributes/x:energy')?.hex).toBe(hexOf(Float64Array.of(1 / 3, NaN, 4 / 3)));
    expect(at('NDAttributes/mode_of')?.values).toEqual(['läuft 1', '', 'läuft 4']);
    expect(at('NDAttributes/count')?.hex).toBe(
      hexOf(BigInt64Array.of(ns(0n) * 0n + 2n ** 60n + 1n, -(2n ** 63n), 2n ** 60n + 4n)),
    );
    expect(published.map((frame) => (frame as NtNdArray).uniqueId)).toEqual([1, 2, 4]);
  });

  it('saves frames with times that are none, and those around them', async () => {
    const { processor, write, published } = await start();
    const milliseconds = frameOf(2).set('timeStamp', { secondsPastEpoch: 1_700_000_000_000n, nanoseconds: 0 });
    const early = frameOf(3).set('dataTimeStamp', { secondsPastEpoch: -(2n ** 63n), nanoseconds: 0 });
    await write([frameOf(1), milliseconds, early, frameOf(4)]);
    await processor.stop();
    const [contents = {}] = await reader.read(files());
    const times = (name: string) => {
      const bytes = Buffer.from(contents[`entry/instrument/detector/${name}`]?.hex ?? '', 'hex');
      return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readBigInt64LE(8 * i) === -(2n ** 63n));
    };
    expect(contents.images?.shape).toEqual([4, 2, 3]);
    expect(times('timeStamp')).toEqual([false, true, false, false]);
    expect(times('dataTimeStamp')).toEqual([false, false, true, false]);
    expect(published).toHaveLength(4);
    expect(processor.getStats()).toMatchObject({ nFramesSaved: 4, nFramesFailed: 0 });
  });

  it('is laid out as NeXus wants it: silx and NeXpy show the images', async () => {
    const { processor, write } = await start({ datasetName: 'raw/frames' });
    await write([frameOf(1), frameOf(2)]);
    await processor.stop();
    const [contents = {}] = await reader.read(files());
    const classes = ['', 'entry', 'entry/data', 'entry/instrument', 'entry/instrument/detector'];
    expect(classes.map((path) => contents[path]?.attributes.NX_class)).toEqual([
      'NXroot',
      'NXentry',
      'NXdata',
      'NXinstrument',
      'NXdetector',
    ]);
    expect(contents['']?.attributes.default).toBe('entry');
    expect(contents['entry']?.attributes.default).toBe('data');
    expect(contents['entry/data']?.attributes).toMatchObject({ signal: 'data', axes: ['uniqueId', '.', '.'] });
    const names = ['raw/frames', 'entry/data/data', 'entry/instrument/detector/data'];
    for (const name of names) expect(contents[name]).toMatchObject({ shape: [2, 2, 3], dtype: 'uint16' });
    expect(await reader.silx(files())).toEqual([{ isValid: true, shape: [2, 2, 3], axes: ['uniqueId', null, null] }]);
    const pixels = [frameOf(1), frameOf(2)].flatMap((frame) => Array.from(frame.data as Uint16Array));
    const sum = pixels.reduce((all, pixel) => all + pixel, 0);
    const axes = ['uniqueId', 'Axis1', 'Axis2']; // its own names for axes that have none
    expect(await reader.nexus(files())).toEqual([{ shape: [2, 2, 3], axes, sum }]);
  });

  it('begins a new file when one is full, and when frames differ; the last has its true length', async () => {
    const { processor, write } = await start({
      nImagesPerFile: 2,
      outputFileNameFormat: '{outputFileId:03}_{uniqueId}.{processorId}.hdf',
    });
    const named = frameOf(6).setAttribute('new', 1);
    await write([frameOf(1), frameOf(2), frameOf(3), frameOf(4, { nx: 4 }), frameOf(5, { nx: 4 }), named, frameOf(7)]);
    await processor.stop();
    const contents = await reader.read(files());
    expect(files().map((file) => file.slice(folder.length + 1))).toEqual([
      '001_1.3.hdf',
      '002_3.3.hdf',
      '003_4.3.hdf',
      '004_6.3.hdf',
    ]);
    expect(contents.map((file) => file.images?.shape)).toEqual([
      [2, 2, 3],
      [1, 2, 3],
      [2, 2, 4],
      [2, 2, 3],
    ]);
    expect(contents[3]?.['entry/instrument/NDAttributes/new']?.hex).toBe(
      bytesOf(Float64Array.of(1, NaN)).toString('hex'),
    );
    expect(processor.getStats()).toMatchObject({ nFilesSaved: 4, nFramesSaved: 7, nFramesFailed: 0, nFramesInWork: 0 });
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    processor.resetStats();
    expect(processor.getStats()).toMatchObject({
      nFilesSaved: 0,
      nBytesSaved: 0,
      nFramesSaved: 0,
      fileProcessingTime: 0,
    });
  });

  it('lists files, their frames and checksums in a manifest', async () => {
    const { processor, write } = await start({ nImagesPerFile: 3, checksum: 'sha256' });
    await write([1, 2, 5, 6].map((id) => frameOf(id)));
    await processor.stop();
    const lines = readFileSync(join(folder, '3.manifest.jsonl'), 'utf8').trim().split('\n');
    const complete = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'complete');
    expect(complete).toMatchObject([
      { file: '000001.3.hdf', frames: 3, ids: '1-2,5' },
      { file: '000002.3.hdf', frames: 1, ids: '6' },
    ]);
    const sums = files().map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
    expect(complete.map(({ sha256 }) => sha256)).toEqual(sums);

    await processor.configure({ checksum: 'xxh64' });
    await write([frameOf(7)]);
    await processor.stop();
    const last = readFileSync(join(folder, '3.manifest.jsonl'), 'utf8').trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ ids: '7', xxh64: await checksumOfFile(files()[2] as string, 'xxh64') });
  });

  it('keeps the files of an earlier run, unless it is told not to', async () => {
    for (const [existingFiles, count] of [
      ['number', 1],
      ['number', 2],
      ['overwrite', 2],
    ] as const) {
      const { processor, write } = await start({ existingFiles });
      await write([frameOf(count)]);
      await processor.stop();
      expect(files()).toHaveLength(count);
    }
    const fixed = { outputFileNameFormat: 'run.hdf' };
    for (let i = 0; i < 2; i++) {
      const { processor, write } = await start(fixed);
      await write([frameOf(1)]);
      await processor.stop();
    }
    expect(files().map((file) => file.slice(folder.length + 1))).toEqual([
      '000001.3.hdf',
      '000002.3.hdf',
      'run.hdf',
      'run_1.hdf',
    ]);
    const { processor, write } = await start({ ...fixed, existingFiles: 'refuse' });
    await expect(write([frameOf(1)])).rejects.toMatchObject({ code: 'PVAFLOW_FILE_EEXIST' });
    expect(processor.getStats()).toMatchObject({ nFramesSaved: 0, nFramesFailed: 1 });
    await processor.stop();
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes other settings while it runs, and none that are wrong', async () => {
    const { processor, write } = await start({ flushInterval: 1000 });
    for (const wrong of [
      { nImagesPerFile: 'many' },
      { checksum: 'md5' },
      { flushInterval: 'x' },
      { existingFiles: 'keep' },
    ])
      await expect(processor.configure(wrong)).rejects.toThrow(Object.keys(wrong)[0]);
    await write([frameOf(1)]);
    expect(processor.getStats()).toMatchObject({ nFramesSaved: 0 });
    await processor.configure({ flushInterval: 0.001 });
    await expect.poll(() => processor.getStats().nFramesSaved, { timeout: 60_000 }).toBe(1);
    await processor.configure({ nImagesPerFile: 2 });
    await write([2, 3, 4, 5, 6].map((id) => frameOf(id)));
    await processor.stop();
    const contents = await reader.read(files());
    expect(contents.map(({ images }) => images?.shape[0])).toEqual([6]); // the file that was open
    await write([7, 8, 9].map((id) => frameOf(id)));
    await processor.stop();
    expect(files()).toHaveLength(3);
  });

  it('counts as lost what was in a file that is removed, or replaced by that of another writer', async () => {
    const removed = await start();
    await removed.write([frameOf(1), frameOf(2)]);
    await removed.processor.finishAcquisition();
    expect(removed.processor.getStats()).toMatchObject({ nFramesSaved: 2, nFramesFailed: 0 });
    rmSync(folder, { recursive: true });
    await removed.write([frameOf(3)]);
    await expect(removed.processor.finishAcquisition()).rejects.toThrow('3 frames could not be saved');
    await expect(removed.processor.stop()).rejects.toThrow('3 frames could not be saved');
    expect(removed.processor.getStats()).toMatchObject({ nFramesSaved: 0, nFramesFailed: 3 });

    const fixed = { outputFileNameFormat: 'run.hdf', existingFiles: 'overwrite' };
    const [first, second] = [await start(fixed), await start(fixed)];
    await first.write([frameOf(1)]);
    await second.write([frameOf(2)]);
    await expect(first.processor.stop()).rejects.toThrow('1 frame could not be saved');
    await second.processor.stop();
    expect(second.processor.getStats()).toMatchObject({ nFramesSaved: 1, nFramesFailed: 0 });
    const [contents = {}] = await reader.read(files());
    expect(contents['entry/instrument/detector/uniqueId']?.hex).toBe('02000000');
  });

  it('says what its stop waits for', async () => {
    const { processor, write } = await start({ nImagesPerFile: 1 });
    await write([frameOf(1), frameOf(2)]);
    const stopped = processor.stop();
    expect(processor.stopProgress()).toMatch(/^files to end: [12]/);
    await stopped;
    expect(processor.stopProgress()).toMatch(/^files to end: 0/);
  });

  it('waits with the next file when many wait for their checksums', async () => {
    const { processor, write } = await start({ nImagesPerFile: 1 });
    await write(Array.from({ length: 30 }, (_, i) => frameOf(i + 1)));
    await processor.stop();
    let nEnding = 0;
    for (const line of readFileSync(join(folder, '3.manifest.jsonl'), 'utf8').trim().split('\n')) {
      nEnding += (JSON.parse(line) as { event: string }).event === 'open' ? 1 : -1;
      expect(nEnding).toBeLessThanOrEqual(8);
    }
    expect(processor.getStats()).toMatchObject({ nFilesEnding: 0, nFilesSaved: 30, nFramesSaved: 30 });
  });

  it('hands on a record without an image, and publishes nothing', async () => {
    const { processor, write, published } = await start();
    const empty = new NtNdArray();
    expect(await write([empty])).toEqual([empty]);
    await processor.stop();
    expect(published).toEqual([]);
    expect(files()).toEqual([]);
  });

  it.each([
    [{ outputFileNameFormat: '{nonsense}.hdf' }, 'there is no field nonsense'],
    [{ datasetName: 'entry/mine' }, 'datasetName "entry/mine"'],
    [{ compression: 'zip' }, 'compression'],
    [{ nImagesPerFile: 0 }, 'nImagesPerFile'],
    [{ nImagesPerFil: 1 }, 'nImagesPerFile'],
  ])('refuses %j', async (args, message) => {
    await expect(start(args)).rejects.toThrow(message);
  });
});

/** The bytes of an image whose colours stand together, as files have it. */
function inRgb1(pixels: PixelArray, mode: ColorMode, nx: number, ny: number): Buffer {
  const all = bytesOf(pixels);
  if (colorDimension(mode) === undefined || mode === ColorMode.RGB1) return all;
  const size = pixels.BYTES_PER_ELEMENT;
  const out: Buffer[] = [];
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      for (let c = 0; c < 3; c++) {
        const at = mode === ColorMode.RGB2 ? (y * 3 + c) * nx + x : (c * ny + y) * nx + x;
        out.push(all.subarray(at * size, (at + 1) * size));
      }
    }
  }
  return Buffer.concat(out);
}
