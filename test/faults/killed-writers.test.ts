/** Files of images when the process that writes them is killed: every format, with every rule. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ColorMode } from 'pvaflow';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeLeftovers } from '../../src/core/files/leftovers.js';
import { SeededRandom } from '../../src/core/seeded-random.js';
import { encodeImage, imageFileFormat } from '../../src/image/files/image-file-format.js';
import { rawDescription } from '../../src/image/files/raw-description.js';
import { readByPython } from '../image/files/images.js';
import { freeze } from '../peers/freeze.js';
import { projectRoot } from '../peers/install.js';
import { compile } from '../peers/ours.js';

const POINTS = 200;
const PROCESSES = 10;
const [nx, ny] = [120, 100];
const extensions = ['tiff', 'npy', 'png', 'jpg', 'raw'];

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-killed-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Whole files by their extension and the number of the image, and the description of bare ones. */
type WholeFiles = ReadonlyMap<string, Buffer>;

async function wholeFiles(): Promise<WholeFiles> {
  const files = new Map<string, Buffer>();
  for (const extension of extensions) {
    for (let number = 0; number < 12; number++) {
      const pixels = imageOf(number);
      const parts = await encodeImage(imageFileFormat(`x.${extension}`), pixels, {});
      files.set(`${number}.${extension}`, Buffer.concat(parts));
      files.set('yaml', Buffer.from(rawDescription(pixels)));
    }
  }
  return files;
}

function imageOf(number: number) {
  return { data: new Uint8Array(nx * ny).fill(number), nx, ny, colorMode: ColorMode.Mono, dtype: 'uint8' } as const;
}

/** Every file under a final name is, byte by byte, what a write that was not disturbed makes. @returns how many there are */
function checkAll(whole: WholeFiles): number {
  let found = 0;
  for (const writer of readdirSync(folder)) {
    for (const name of readdirSync(join(folder, writer))) {
      if (/^\.pvaflow-.*\.part$/.test(name)) continue;
      const expected = whole.get(keyOf(name));
      const isWhole = expected?.equals(readFileSync(join(folder, writer, name))) === true;
      if (!isWhole) throw new Error(`${writer}/${name} is not whole`);
      found += 1;
    }
  }
  return found;
}

/** `13.tiff` and `1_7.tiff` have the image 1. */
function keyOf(name: string): string {
  const [, number = '', extension = ''] = /^(\d+)(?:_\d+)?\.(\w+)$/.exec(name) ?? [];
  if (number !== '') return `${Number(number) % 12}.${extension}`;
  return name === 'raw-120x100-uint8.yaml' ? 'yaml' : name;
}

it('has no half file under a final name, whenever the process that writes is frozen or killed', async () => {
  compile();
  const program = fileURLToPath(new URL('fixtures/keeps-writing.mjs', import.meta.url));
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
  console.log(`the points are those of SEED=${seed}`);
  const random = new SeededRandom(seed);
  const whole = await wholeFiles();
  for (let round = 0; round < PROCESSES; round++) {
    const args = [program, folder, join(projectRoot, 'dist', 'src'), String(round)];
    const child = spawn(process.execPath, args);
    const ended = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), ended]);
    for (let point = 0; point < POINTS / PROCESSES; point++) {
      child.kill('SIGCONT');
      await sleep(random.next() * 20); // ms
      await freeze(child.pid as number); // from now on nothing is done any more, as after a kill
      expect(checkAll(whole)).toBeGreaterThan(0);
    }
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    checkAll(whole);
  }
  const writers = readdirSync(folder);
  expect(writers).toHaveLength(extensions.length * 9);
  for (const writer of writers) {
    await removeLeftovers(join(folder, writer));
    const names = readdirSync(join(folder, writer));
    expect(names.filter((each) => each.startsWith('.'))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  }
  checkByPython(writers);
}, 600_000);

/** tifffile, Pillow and numpy read a file of each writer, with the pixels that its name says. */
function checkByPython(writers: readonly string[]): void {
  const paths = writers
    .filter((writer) => !writer.startsWith('raw'))
    .map((writer) => join(writer, readdirSync(join(folder, writer)).find((name) => /^\d/.test(name)) ?? ''));
  const seen = readByPython(paths.map((path) => join(folder, path)));
  paths.forEach((path, i) => {
    const number = Number(/(\d+)(_\d+)?\.\w+$/.exec(path)?.[1]) % 12;
    const { tiff, npy, pillow } = seen[i] ?? {};
    for (const image of [tiff, npy, pillow].filter((each) => each !== undefined)) {
      if ('error' in image) throw new Error(`${path}: ${image.error}`);
      expect([path, image.shape]).toEqual([path, [ny, nx]]);
      const pixels = Buffer.from(image.bytes, 'hex');
      const error = path.endsWith('.jpg') ? 1 : 0;
      expect(pixels.every((pixel) => Math.abs(pixel - number) <= error)).toBe(true);
    }
  });
}
