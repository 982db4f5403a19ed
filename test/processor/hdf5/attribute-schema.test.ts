/** Attributes of frames as columns of a file, as h5py and our own reader find them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { ColorMode, generateNtNdArray2D, loadProcessor, type NtNdArray, type PixelArray } from 'pvaflow';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import { openFrameFile } from '../../../src/image/files/read/open-frame-file.js';
import { Hdf5Reader } from '../../peers/hdf5.js';
import { usePeers } from '../../peers/peers.js';
import { run } from '../running.js';

configureLogging({ level: 'silent' });

const peers = usePeers();
let reader: Hdf5Reader;
let folder = '';
beforeAll(async () => void (reader = await Hdf5Reader.start(peers)), 120_000);
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-hdf5-attributes-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.hdf'))
    .sort()
    .map((name) => join(folder, name));

/** Saves frames one behind the other. */
async function save(frames: readonly NtNdArray[], args: Record<string, unknown> = {}) {
  const all = { outputDirectory: folder, ...args };
  const processor = await loadProcessor({ className: 'Hdf5AdImageWriter', args: all });
  const { process } = await run(processor, all);
  await Promise.all(frames.map((frame) => process(frame)));
  await processor.stop();
}

function frameOf(id: number): NtNdArray {
  return generateNtNdArray2D(id, ndarray(new Uint16Array(6).fill(id), [2, 3]));
}

const bytesOf = (data: PixelArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

it('keeps attributes that are arrays, one row for each frame', async () => {
  const spectra = [1, 2, 3].map((id) => Float32Array.of(id, NaN, -0, id / 3, 1e38));
  const counts = [1n, 2n, 3n].map((id) => BigUint64Array.of(2n ** 64n - id, id));
  const frames = spectra.map((spectrum, i) =>
    frameOf(i + 1)
      .setAttribute('spectrum', spectrum)
      .setAttribute('counts', counts[i])
      .setAttribute('names', { type: 'string[]', value: [`läuft ${i}`, '', 'x'] })
      .setAttribute('gates', { type: 'boolean[]', value: [i === 1, true] })
      .setAttribute('stage', { type: { x: 'double', n: 'long' }, value: { x: i / 2, n: 2n ** 60n } }),
  );
  await save(frames);
  expect(files()).toHaveLength(1);
  const [contents = {}] = await reader.read(files());
  const at = (name: string) => contents[`entry/instrument/NDAttributes/${name}`];
  const hexOf = (rows: readonly PixelArray[]) => Buffer.concat(rows.map(bytesOf)).toString('hex');
  expect(at('spectrum')).toMatchObject({ dtype: 'float32', shape: [3, 5], hex: hexOf(spectra) });
  expect(at('counts')).toMatchObject({ dtype: 'uint64', shape: [3, 2], hex: hexOf(counts) });
  expect(at('gates')).toMatchObject({ dtype: 'uint8', shape: [3, 2], hex: '000101010001' });
  expect(at('names')?.shape).toEqual([3, 3]);
  expect(at('names')?.values).toEqual(['läuft 0', '', 'x', 'läuft 1', '', 'x', 'läuft 2', '', 'x']);
  expect(at('stage')?.values.map((text) => JSON.parse(text) as unknown)).toEqual(
    [0, 0.5, 1].map((x) => ({ x, n: String(2n ** 60n) })),
  );
  expect(contents['entry/instrument/NDAttributeLengths']).toBeUndefined();
  const [file = ''] = files();
  const attribute = await openFrameFile(file, { dataset: 'entry/instrument/NDAttributes/counts' });
  expect(await attribute.read(0)).toMatchObject({ nx: 2, ny: 3, dtype: 'uint64', data: concatenated(counts) });
  await attribute.close();
  const images = await openFrameFile(file, { colorMode: ColorMode.Mono }); // the attributes are not taken for images
  expect(images.length).toBe(3);
  await images.close();
});

it('says how long arrays are where their lengths differ, and begins a new file only when one has no room', async () => {
  const lengths = [3, 3, 2, 3, 5, 0, 8, -1, 9];
  const profile = (length: number, id: number) => new Int16Array(length).map((_, i) => 10 * id + i);
  await save(
    lengths.map((length, i) => {
      const frame = frameOf(i + 1).setAttribute('id', i + 1);
      return length < 0 ? frame : frame.setAttribute('profile', profile(length, i + 1));
    }),
  );
  const contents = await reader.read(files());
  const profiles = contents.map((file) => file['entry/instrument/NDAttributes/profile']);
  const saved = contents.map((file) => file['entry/instrument/NDAttributeLengths/profile']?.hex);
  expect(profiles.map((each) => each?.shape)).toEqual([
    [2, 3],
    [2, 3],
    [4, 8],
    [1, 16],
  ]);
  const hexOf = (data: PixelArray) => bytesOf(data).toString('hex');
  expect(saved).toEqual([
    undefined,
    hexOf(Int32Array.of(2, 3)),
    hexOf(Int32Array.of(5, 0, 8, -1)),
    hexOf(Int32Array.of(9)),
  ]);
  const rows = profiles.flatMap((each) => rowsOf(each?.hex ?? '', each?.shape[1] ?? 0));
  lengths.forEach((length, i) => {
    const expected = profile(Math.max(0, length), i + 1);
    expect(rows[i]?.slice(0, expected.length)).toEqual(Array.from(expected));
    expect(rows[i]?.slice(expected.length).every((rest) => rest === 0)).toBe(true);
  });
});

it('takes a type that holds both where the elements of arrays change their type', async () => {
  const values = [Int32Array.of(-7, 2 ** 31 - 1), Float32Array.of(0.5, NaN), 12, BigInt64Array.of(2n ** 60n), 'text'];
  await save(values.map((value, i) => frameOf(i + 1).setAttribute('x', value)));
  const contents = await reader.read(files());
  const found = contents.map((file) => file['entry/instrument/NDAttributes/x']);
  expect(found.map((x) => [x?.dtype, x?.shape])).toEqual([
    ['int32', [1, 2]],
    ['float64', [1, 2]],
    ['float64', [1, 2]],
    ['bytes256', [2, 2]],
  ]);
  expect(found[1]?.hex).toBe(bytesOf(Float64Array.of(0.5, NaN)).toString('hex'));
  expect(found[2]?.hex).toBe(bytesOf(Float64Array.of(12, NaN)).toString('hex'));
  expect(found[3]?.values).toEqual([String(2n ** 60n), '', 'text', '']);
});

it('has fewer images in a file than asked for when the arrays of their attributes are large', async () => {
  await save([frameOf(1).setAttribute('large', new Uint8Array(2 ** 24))], { nImagesPerFile: 1000, checksum: 'none' });
  const [opened = ''] = readFileSync(join(folder, '3.manifest.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(opened)).toMatchObject({ event: 'open', capacity: 16 }); // 256 MiB
});

function concatenated(arrays: readonly BigUint64Array[]): BigUint64Array {
  return BigUint64Array.from(arrays.flatMap((array) => Array.from(array)));
}

/** Of 16 bits. */
function rowsOf(hex: string, length: number): number[][] {
  const bytes = Buffer.from(hex, 'hex');
  return Array.from({ length: bytes.length / (2 * length) }, (_, row) =>
    Array.from({ length }, (_, i) => bytes.readInt16LE(2 * (row * length + i))),
  );
}
