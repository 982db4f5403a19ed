import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ndarray from 'ndarray';
import {
  compressNtNdArray,
  Decryptor,
  generateNtNdArray2D,
  loadProcessor,
  reshapeNtNdArray,
  type NtNdArray,
  type PvObject,
  type PvType,
  type UserDataProcessor,
} from 'pvaflow';
import { expect, test } from 'vitest';
import { newKeyFiles } from '../processor/encryption/keys.js';
import { pixelsOf, run } from '../processor/running.js';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));

function example(file: string): Promise<UserDataProcessor> {
  return loadProcessor({ file: join(folder, file) });
}

const frameOf = (id: number, ...pixels: number[]): NtNdArray =>
  generateNtNdArray2D(id, ndarray(Uint16Array.from(pixels), [1, pixels.length]));

test('2-images/1-hpc-ad-image-processor.ts', async () => {
  const processor = await example('2-images/1-hpc-ad-image-processor.ts');
  const { process, published } = await run(processor, { x: 100 });
  const frame = generateNtNdArray2D(7, ndarray(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]));
  expect(await process(frame)).toBe(frame);
  const color = generateNtNdArray2D(8, ndarray(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 1, 3]));
  await process(color);
  expect(published.map((image) => image.get('uniqueId'))).toEqual([7, 8]);
  expect(pixelsOf(published[0])).toEqual([1, 4, 2, 5, 3, 6]);
  expect((published[0] as NtNdArray).dimensions.map(({ size }) => size)).toEqual([2, 3]);
  expect((published[1] as NtNdArray).dimensions.map(({ size }) => size)).toEqual([3, 2, 1]);
  expect(processor.getStats()).toMatchObject({ nProcessed: 2 });
  expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
  processor.resetStats();
  expect(processor.getStats()).toEqual({ nProcessed: 0, processingTime: 0, processingRate: 0 });
});

test('4-files/2-save-hits.ts', async () => {
  const outputDirectory = mkdtempSync(join(tmpdir(), 'pvaflow-example-'));
  try {
    const processor = await example('4-files/2-save-hits.ts');
    const { process } = await run(processor, { mean: 10, outputDirectory });
    const [bright, dark] = [frameOf(1, 20, 0), frameOf(2, 19, 0)];
    expect(await Promise.all([process(bright), process(dark)])).toEqual([bright, null]);
    await processor.stop();
    expect(processor.getStats()).toMatchObject({ nFilesSaved: 1, nFramesSaved: 1 });
    expect(readdirSync(outputDirectory).sort()).toEqual(['000001.3.hdf', '3.manifest.jsonl']);
  } finally {
    rmSync(outputDirectory, { recursive: true });
  }
});

test('4-files/1-save-every-second.ts', async () => {
  const outputDirectory = mkdtempSync(join(tmpdir(), 'pvaflow-example-'));
  try {
    const processor = await example('4-files/1-save-every-second.ts');
    const { process } = await run(processor, { seconds: 10, outputDirectory, outputFileNameFormat: '{uniqueId}.npy' });
    const frames = [100, 105, 110, 119].map((secondsPastEpoch, i) =>
      frameOf(i, i).set('timeStamp.secondsPastEpoch', BigInt(secondsPastEpoch)),
    );
    const saved = await Promise.all(frames.map((frame) => process(frame)));
    expect(saved).toEqual([frames[0], null, frames[2], null]);
    expect(readdirSync(outputDirectory).sort()).toEqual(['0.npy', '2.npy']);
  } finally {
    rmSync(outputDirectory, { recursive: true });
  }
});

test('5-codecs-and-keys/2-encrypt-anonymous.ts', async () => {
  const { publicKeyFilePath, privateKeyFilePath } = newKeyFiles();
  const processor = await example('5-codecs-and-keys/2-encrypt-anonymous.ts');
  const { process, published } = await run(processor, { publicKeyFilePath, names: ['Operator'] });
  const frame = frameOf(4, 1, 2).setAttribute('Operator', 'somebody').setAttribute('Energy', 12.5);
  await process(frame);
  const decryptor = new Decryptor(processor.logger);
  decryptor.configure({ privateKeyFilePath });
  const back = decryptor.decrypt(published[0] as PvObject) as NtNdArray;
  expect(pixelsOf(back)).toEqual([1, 2]);
  expect(back.attribute('Energy')).toBe(12.5);
  expect(back.attribute('Operator')).toBeUndefined();
  expect(processor.getStats()).toEqual({ nRemoved: 1 });
  expect(published[0]?.type.equals(processor.getOutputPvObjectType(frame) as PvType)).toBe(true);
});

test('5-codecs-and-keys/1-compress-signal.ts', async () => {
  const processor = await example('5-codecs-and-keys/1-compress-signal.ts');
  const { process, published } = await run(processor, { background: 20 });
  const frame = frameOf(7, ...Array.from({ length: 2000 }, (_, i) => (i === 55 ? 900 : i % 21)));
  expect(await process(await compressNtNdArray(frame, { codec: 'bslz4' }))).toBe(frame);
  const [image] = published as NtNdArray[];
  expect(image?.header()).toMatchObject({ codec: 'blosc', uncompressedSize: 4000, uniqueId: 7 });
  expect(processor.getStats()).toEqual({ nBytes: 4000, nBytesPublished: image?.header().compressedSize });
  expect(image?.header().compressedSize).toBeLessThan(400);
  reshapeNtNdArray(image as NtNdArray);
  expect(pixelsOf(image)).toEqual(Array.from({ length: 2000 }, (_, i) => (i === 55 ? 900 : 0)));
  expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
  expect(() => processor.configure({ background: -1 })).toThrow('background must be a number from 0, found -1');
});

/** All files of the examples, as they are named in tests. */
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\/.*\.\w+$/.test(name));

test('every example is tried', () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const tests = readdirSync(here).map((name) => readFileSync(join(here, name), 'utf8'));
  expect(files.filter((name) => !tests.some((text) => text.includes(`'${name}'`)))).toEqual([]);
});

test('the guide through the examples names each of them', () => {
  const guide = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(files.filter((name) => !guide.includes(`](${name})`))).toEqual([]);
});

test('every built-in processor is in an example', () => {
  const built = fileURLToPath(new URL('../../processors/', import.meta.url));
  const classes = readdirSync(built).flatMap((name) => {
    const [, exported = '', base] =
      /^export class (\w+) extends (\w+)/m.exec(readFileSync(join(built, name), 'utf8')) ?? [];
    return base === 'Base' ? [] : exported;
  });
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const isUsed = (name: string) => new RegExp(`class: ${name}\\b|extends ${name}\\b`).test(texts);
  expect(classes.length).toBeGreaterThan(20);
  expect(classes.filter((name) => !isUsed(name))).toEqual([]);
});
