/** The simulator with frames from files, written here and read through a channel. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import { SimServer, type SimFigures } from '../../../src/hpc/sim-server/sim-server.js';
import type { SimConfig } from '../../../src/hpc/sim-server/sim-config.js';
import type { SimInput } from '../../../src/hpc/sim-server/sim-input.js';
import { encodeImage, imageFileFormat } from '../../../src/image/files/image-file-format.js';
import { PvaClient } from '../../../src/pva/client.js';
import type { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const root = mkdtempSync(join(tmpdir(), 'pvaflow-sim-files-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
let folders = 0;
beforeEach(() => {
  folder = join(root, String(folders++));
  mkdirSync(folder);
});

const plain: SimConfig = {
  ...{ channel: 'sim:image', pattern: 'gradient', type: 'uint8', colorMode: 0, nx: 1, ny: 1 },
  ...{
    rate: 0,
    frames: 0,
    cacheFrames: 100,
    cacheBytes: 2 ** 20,
    runtime: 60,
    count: 0,
    startDelay: 0,
    shutdownDelay: 0,
  },
  ...{ awaitSubscribers: 1, onFull: 'wait', queue: { frames: 16, bytes: 2 ** 20 }, metadata: [] },
  server: { isolated: true },
};

/** Writes an image of one value. */
async function image(name: string, value: number, nx = 4, ny = 3): Promise<void> {
  const data = new Uint16Array(nx * ny).fill(value);
  const parts = await encodeImage(imageFileFormat(name), { data, nx, ny, colorMode: 0, dtype: 'uint16' });
  writeFileSync(join(folder, name), Buffer.concat(parts));
}

interface Seen {
  /** The value of each frame. */
  readonly values: number[];
  readonly frames: NtNdArray[];
  readonly figures: SimFigures;
  readonly described: string;
}

/** Runs a simulator until it is through, and gives what a client saw, without the empty record at first. */
async function seen(input: Partial<SimInput>, changes: Partial<SimConfig> = {}): Promise<Seen> {
  const whole = { directory: folder, keepCompressed: false, onBadFile: 'skip', ...input } as const;
  const simulator = new SimServer({ ...plain, ...changes, input: whole });
  try {
    using client = new PvaClient(simulator.clientConfig());
    const subscription = client.monitor('sim:image');
    const frames: NtNdArray[] = [];
    subscription.onReadable(() => {
      for (const event of subscription.take()) if (event.type === 'update') frames.push(event.value as NtNdArray);
    });
    await simulator.start();
    const described = simulator.describeFrames();
    await simulator.ended;
    await simulator.stop();
    const later = frames.slice(1);
    const values = later.map((frame) => Number(frame.data?.[0]));
    return { values, frames: later, figures: simulator.figures(), described };
  } finally {
    await simulator.stop();
  }
}

describe('files of a directory', () => {
  it('are sent in the natural order of their names, again and again', async () => {
    for (const n of [10, 9, 1, 2]) await image(`frame_${n}.tiff`, n);
    const { values, described, frames, figures } = await seen({}, { count: 10 });
    expect(values).toEqual([1, 2, 9, 10, 1, 2, 9, 10, 1, 2]);
    expect(frames.map((frame) => frame.uniqueId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(described).toBe('4 frames of 4 files, the first 4 × 3 uint16 (24 bytes)');
    expect(figures).toMatchObject({ published: 10, publishedBytes: 240, badFiles: 0 });
  });

  it('may be of several kinds and sizes', async () => {
    await image('a.tiff', 1, 4, 3);
    await image('b.png', 2, 2, 7);
    await image('c.npy', 3, 5, 1);
    const { values, frames } = await seen({}, { count: 7 });
    expect(values).toEqual([1, 2, 3, 1, 2, 3, 1]);
    const sizes = frames.map((frame) => frame.dimensions.map(({ size }) => size));
    expect(sizes.slice(0, 4)).toEqual([[4, 3], [2, 7], [5, 1], [4, 3]]); // prettier-ignore
    expect(frames.map((frame) => frame.data?.length)).toEqual([12, 14, 5, 12, 14, 5, 12]);
  });

  it('are skipped and counted when they cannot be read, and others left alone', async () => {
    await image('1.tiff', 1);
    writeFileSync(join(folder, '2.tiff'), 'not an image');
    await image('3.tiff', 3);
    writeFileSync(join(folder, 'notes.txt'), 'about the images');
    writeFileSync(join(folder, '.hidden.tiff'), '');
    mkdirSync(join(folder, '4.tiff'));
    const { values, figures } = await seen({}, { count: 4 });
    expect(values).toEqual([1, 3, 1, 3]);
    expect(figures.badFiles).toBe(1);
  });

  it('end the run when they cannot be read, if told so', async () => {
    await image('1.tiff', 1);
    writeFileSync(join(folder, '2.tiff'), 'not an image');
    await expect(seen({ onBadFile: 'fail' })).rejects.toThrow(/2\.tiff is no TIFF file/);
  });

  it('must be there, one of them at least', async () => {
    await expect(seen({})).rejects.toThrow(/has no file of images/);
    writeFileSync(join(folder, '2.tiff'), 'not an image');
    await expect(seen({})).rejects.toThrow(/^nothing to send: .*2\.tiff is no TIFF file/);
    writeFileSync(join(folder, '3.tiff'), 'nor this');
    await expect(seen({})).rejects.toThrow(/none of 2 files can be read; the first: .*2\.tiff is no TIFF file/);
    await expect(seen({ directory: join(folder, 'nowhere') })).rejects.toMatchObject({ code: 'PVAFLOW_FILE_ENOENT' });
  });

  it('are sent once when there are more frames than the cache holds', async () => {
    for (let n = 1; n <= 9; n++) await image(`${n}.npy`, n);
    const { values } = await seen({}, { cacheFrames: 4 });
    expect(values).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are kept when they just fit', async () => {
    for (let n = 1; n <= 4; n++) await image(`${n}.npy`, n);
    const { values } = await seen({}, { cacheFrames: 4, count: 9 });
    expect(values).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1]);
  });

  it('are read again for each round when they do not fit into memory', async () => {
    for (let n = 1; n <= 5; n++) await image(`${n}.npy`, n);
    const { values, figures } = await seen({}, { cacheBytes: 50, count: 23 });
    expect(values).toEqual(Array.from({ length: 23 }, (_, i) => (i % 5) + 1));
    expect(figures.published).toBe(23);
  });

  it('are as many as asked for', async () => {
    for (let n = 1; n <= 5; n++) await image(`${n}.npy`, n);
    const { values } = await seen({}, { frames: 3, count: 7 });
    expect(values).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });
});

describe('a file', () => {
  it('comes after those of the directory', async () => {
    await image('2.npy', 2);
    const other = join(root, 'other.npy');
    const parts = await encodeImage(imageFileFormat(other), {
      data: Uint8Array.of(7),
      nx: 1,
      ny: 1,
      colorMode: 0,
      dtype: 'uint8',
    });
    writeFileSync(other, Buffer.concat(parts));
    const { values } = await seen({ file: other }, { count: 3 });
    expect(values).toEqual([2, 7, 2]);
  });

  it('of bare pixels is read as its description says', async () => {
    writeFileSync(join(folder, 'data.dat'), Uint8Array.of(0xff, 0, 1, 0, 2, 0, 3, 0, 4));
    const description = join(root, 'layout.yaml');
    writeFileSync(description, `file_info: { width: 2, height: 1, datatype: uint16, header_offset: 1, endian: '>' }`);
    const { values, described } = await seen({ description }, { count: 3 });
    expect(values).toEqual([1, 3, 1]);
    expect(described).toBe('2 frames of 1 file, the first 2 × 1 uint16 (4 bytes)');
  });

  it('that is gone when its turn comes again is skipped, and the others are sent', async () => {
    for (let n = 1; n <= 5; n++) await image(`${n}.npy`, n);
    const input = { directory: folder, keepCompressed: false, onBadFile: 'skip' } as const;
    const simulator = new SimServer({ ...plain, cacheBytes: 50, count: 20, input });
    await simulator.start(); // the first two are in memory, and nobody takes them yet
    rmSync(join(folder, '5.npy'));
    using client = new PvaClient(simulator.clientConfig());
    const subscription = client.monitor('sim:image');
    subscription.onReadable(() => void subscription.take());
    await simulator.ended;
    expect(simulator.figures()).toMatchObject({ published: 20, badFiles: 1 });
    await simulator.stop();
  });
});
