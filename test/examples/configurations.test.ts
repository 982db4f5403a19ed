/** The examples that are chains of built-in processors, as configuration files, run as they stand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frames, framesOf, runConfiguration, runProcessor } from 'pvaflow/testing';
import { afterAll, expect, test } from 'vitest';
import { newKeyFiles } from '../processor/encryption/keys.js';

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-example-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of an example that finds its files where the test has them. */
function copyOf(name: string, paths: Readonly<Record<string, string>>): string {
  const file = join(folder, basename(name));
  const text = readFileSync(example(name), 'utf8');
  writeFileSync(
    file,
    Object.entries(paths).reduce((all, [from, to]) => all.replaceAll(` ${from} `, ` ${to} `), text),
  );
  return file;
}

const row = (...pixels: number[]) => [pixels];
const pixelsOf = (run: { published: readonly { rows: unknown }[] }) => run.published.map(({ rows }) => rows);

test('3-metadata/2-join.yaml', async () => {
  const start = 1_000_000;
  const at = (seconds: number, value: number) => ({ value, time: start + seconds });
  const metadata = { 'pva://motor:x': [at(0, 10), at(0.4, 14)], 'pva://shutter:open': [at(-5, 1)] };
  const stream = frames({ count: 2, shape: [1, 2], startTime: start + 0.1, period: 0.1 });
  const run = await runConfiguration(example('3-metadata/2-join.yaml'), { frames: stream, metadata });
  expect(run.published.map(({ attributes: { X, ShutterOpen } }) => [Math.round(Number(X) * 1e6) / 1e6, ShutterOpen])).toEqual([[11, 1], [12, 1]]); // prettier-ignore
});

test('5-codecs-and-keys/3-smaller.yaml', async () => {
  const stream = frames({ count: 3, shape: [600, 700], dtype: 'uint16' });
  const run = await runConfiguration(example('5-codecs-and-keys/3-smaller.yaml'), { frames: stream });
  const sizes = run.published.map(({ frame }) => [frame.get('codec.name'), frame.get('dimension[0].size')]);
  expect(sizes).toEqual(Array(3).fill(['blosc', 256]));
});

test("'5-codecs-and-keys/4-encrypt.yaml', '5-codecs-and-keys/5-decrypt.yaml'", async () => {
  const keys = newKeyFiles();
  const sent = framesOf([row(1, 2, 3), row(4, 5, 6)]);
  const encrypt = copyOf('5-codecs-and-keys/4-encrypt.yaml', { 'analysis.pub.pem': keys.publicKeyFilePath });
  const encrypted = await runConfiguration(encrypt, { frames: sent });
  expect(encrypted.published.map(({ object }) => object.typeId)).toEqual(Array(2).fill('pvaflow:EncryptedData:1.0'));
  const decrypt = copyOf('5-codecs-and-keys/5-decrypt.yaml', { 'analysis.pem': keys.privateKeyFilePath });
  const records = encrypted.published.map(({ object }) => object.clone());
  const run = await runConfiguration(decrypt, { frames: records });
  expect(pixelsOf(run)).toEqual([row(1, 2, 3), row(4, 5, 6)]);
});

test('5-codecs-and-keys/6-try-keys.yaml', async () => {
  const keys = newKeyFiles();
  const paths = { 'analysis.pub.pem': keys.publicKeyFilePath, 'analysis.pem': keys.privateKeyFilePath };
  const run = await runConfiguration(copyOf('5-codecs-and-keys/6-try-keys.yaml', paths), {
    frames: framesOf([row(7, 8)]),
  });
  expect(pixelsOf(run)).toEqual([row(7, 8)]);
});

test('6-chains/3-tiles.yaml', async () => {
  const images = [1, 2].map((id) => [row(id, 2, 3, 4), row(5, 6, 7, 8)].flat());
  const run = await runConfiguration(example('6-chains/3-tiles.yaml'), { frames: framesOf(images) });
  expect(pixelsOf(run)).toEqual(images);
  expect(run.stats.stageStats['passThrough']).toMatchObject({ nReceived: 8 });
});

test('7-values/6-correct.yaml', async () => {
  const save = (name: string, pixels: number[]) =>
    runProcessor('AdOutputFileProcessor', {
      config: { outputDirectory: folder, outputFileNameFormat: name },
      frames: framesOf([row(...pixels)], { dtype: 'uint16' }),
    });
  await save('dark.npy', [10, 10, 10]);
  await save('flat.npy', [110, 60, 110]);
  const paths = { 'dark.npy,': `${join(folder, 'dark.npy')},`, 'flat.npy,': `${join(folder, 'flat.npy')},` };
  const file = copyOf('7-values/6-correct.yaml', paths);
  const run = await runConfiguration(file, { frames: framesOf([row(30, 30, 30), row(50, 50, 50)]) });
  expect(pixelsOf(run)).toEqual([row(20, 40, 20), row(30, 60, 30)]);
});

test('8-shapes/8-upright-grey.yaml', async () => {
  const colors = [[[30, 30, 30], [60, 60, 60]]]; // prettier-ignore
  const run = await runConfiguration(example('8-shapes/8-upright-grey.yaml'), { frames: framesOf([colors]) });
  expect(pixelsOf(run)).toEqual([[[30], [60]]]);
});
