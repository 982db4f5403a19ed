import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AttributeSchema } from '../../../src/processor/hdf5/attribute-schema.js';
import { FrameFile } from '../../../src/processor/hdf5/frame-file.js';
import { Hdf5Reader } from '../../peers/hdf5.js';
import { usePeers } from '../../peers/peers.js';
import { patternFrame } from './frames.js';

const peers = usePeers();
let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-hdf5-file-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function newFile(handle: () => Promise<FileHandle>, attributes = new AttributeSchema()): FrameFile {
  return new FrameFile({
    format: { dtype: 'uint8', shape: [5, 7] },
    capacity: 10,
    datasetName: 'images',
    attributes,
    compressor: undefined,
    isDurable: false,
    startTime: new Date(0),
    open: handle,
    opened: () => Promise.resolve(),
  });
}

it('keeps what was written when the disk reports an error, and takes nothing more', { timeout: 120_000 }, async () => {
  const path = join(folder, 'a.hdf');
  let isBroken = false;
  const file = newFile(async () => {
    const handle = await open(path, 'wx');
    const writev = handle.writev.bind(handle);
    handle.writev = (buffers, position) => {
      const isFrame = buffers[0]?.byteLength === 35;
      if (isBroken && isFrame) return Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
      return writev(buffers, position);
    };
    return handle;
  });
  await file.add(patternFrame(1, 5, 7));
  await file.add(patternFrame(2, 5, 7));
  isBroken = true;
  await expect(file.add(patternFrame(3, 5, 7))).rejects.toMatchObject({ code: 'EIO' });
  await expect(file.add(patternFrame(4, 5, 7))).rejects.toMatchObject({ code: 'EIO' });
  await file.end();
  expect(file.saved).toBe(2);
  expect(file.error).toMatchObject({ code: 'EIO' });
  const reader = await Hdf5Reader.start(peers);
  expect(await reader.pattern([[path]])).toEqual([[1, 2]]);
});

it('writes attributes that are long before their time, so that they do not pile up in memory', async () => {
  const attributes = new Map([['long', new Uint8Array(2 ** 23)]]);
  const file = newFile(() => open(join(folder, 'c.hdf'), 'wx'), new AttributeSchema().with(attributes));
  for (let id = 1; id <= 4; id++) await file.add({ ...patternFrame(id, 5, 7), attributes });
  await file.idle();
  expect(file.saved).toBeGreaterThanOrEqual(2); // 16 MiB
  await file.end();
  expect(file.saved).toBe(4);
});

it(
  'is followed by readers that open it again and again, and by one that keeps it open',
  { timeout: 120_000 },
  async () => {
    const path = join(folder, 'b.hdf');
    const file = newFile(() => open(path, 'wx'));
    const [reader, follower] = await Promise.all([Hdf5Reader.start(peers), Hdf5Reader.start(peers)]);
    const ids: number[][] = [];
    const followed: number[] = [];
    for (let id = 1; id <= 10; id++) {
      await file.add(patternFrame(id, 5, 7));
      await file.flush();
      ids.push(...(await reader.pattern([[path]])));
      followed.push(await follower.follow(path));
    }
    expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => Array.from({ length: i + 1 }, (_, j) => j + 1)));
    followed.forEach((count, i) => expect(count).toBeGreaterThanOrEqual(i)); // every second flush
    await file.end();
    expect(await follower.follow(path)).toBe(10);
  },
);
