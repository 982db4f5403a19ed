import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rawDescription } from '../../../../src/image/files/raw-description.js';
import { openFrameFile } from '../../../../src/image/files/read/open-frame-file.js';
import { readRawDescription } from '../../../../src/image/files/read/raw-layout.js';
import { edgeImage } from '../images.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-raw-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a description of bare pixels', () => {
  it('is what AdOutputFileProcessor writes', async () => {
    const { layout, files } = await readRawDescription(
      file('ours.yaml', rawDescription(edgeImage('float32', 7, 5, 3))),
    );
    expect(layout).toMatchObject({ nx: 7, ny: 5, dtype: 'float32', colorMode: 3, offset: 0, isLittleEndian: true });
    expect(files).toBeUndefined();
  });

  it('may have a header, gaps, a number of images, the byte order and files', async () => {
    const text = `file_info: { width: 2, height: 1, datatype: uint16, header_offset: 3, between_frames: 1, n_images: 2, endian: '>', ordered_files: [b.raw, a.raw] }`;
    const { layout, files } = await readRawDescription(file('all.yaml', text));
    expect(files).toEqual(['b.raw', 'a.raw']);
    const path = file('data.raw', Uint8Array.of(9, 9, 9, 1, 2, 3, 4, 9, 5, 6, 7, 8, 9, 9));
    const frames = await openFrameFile(path, { raw: layout });
    expect(frames.length).toBe(2);
    expect(await frames.read(1)).toMatchObject({ data: Uint16Array.of(0x0506, 0x0708), nx: 2, ny: 1 });
    await frames.close();
  });

  it.each([
    ['file_info: { width: 2, height: 1 }', /file_info\.datatype/],
    ['file_info: { width: 0, height: 1, datatype: uint8 }', /file_info\.width/],
    ['file_info: { width: 2, height: 1, datatype: uint8, colour: 1 }', /colour/],
    ['file_info: { width: 2, height: 1, datatype: uint8, color_mode: 9 }', /colour mode/],
    ['[', /bad\.yaml/],
    ['', /expected object/],
  ])('is refused: %s', async (text, message) => {
    await expect(readRawDescription(file('bad.yaml', text))).rejects.toThrow(message);
  });

  it.each([0, 1, 7, 9])('does not fit a file of %d bytes, where a frame has 8', async (length) => {
    const { layout } = await readRawDescription(
      file('eight.yaml', 'file_info: { width: 4, height: 2, datatype: uint8 }'),
    );
    const path = file('other.raw', new Uint8Array(length));
    await expect(openFrameFile(path, { raw: layout })).rejects.toThrow(/does not fit its description/);
  });
});
