import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { ColorMode, generateNtNdArray2D, loadProcessor, NtNdArray, type UserDataProcessor } from 'pvaflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readByPython, runPython } from '../image/files/images.js';
import { numbered } from '../image/frames.js';
import { run, type Run } from '../processor/running.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-output-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const frameOf = (id: number, ...pixels: number[]) =>
  generateNtNdArray2D(id, ndarray(Uint16Array.from(pixels), [1, pixels.length]));

async function start(args: Record<string, unknown> = {}): Promise<Run & { processor: UserDataProcessor }> {
  const processor = await loadProcessor({ className: 'AdOutputFileProcessor', args });
  return { processor, ...(await run(processor, { outputDirectory: folder, ...args })) };
}

const pixelsIn = (name: string) => Buffer.from(readByPython([join(folder, name)])[0]?.tiff?.bytes ?? '', 'hex');

describe('AdOutputFileProcessor', () => {
  it('saves images under the names of pvaPy, and then publishes them', async () => {
    const { process, published, processor } = await start();
    const frame = frameOf(7, 1, 2, 65535);
    expect(await process(frame)).toBe(frame);
    expect(readdirSync(folder)).toEqual(['000007.3.tiff']);
    expect(pixelsIn('000007.3.tiff')).toEqual(Buffer.from(Uint16Array.of(1, 2, 65535).buffer));
    expect(published.map((each) => each.get('uniqueId'))).toEqual([7]);
    const bytes = readFileSync(join(folder, '000007.3.tiff')).length;
    expect(processor.getStats()).toMatchObject({
      nFilesSaved: 1,
      nBytesSaved: bytes,
      nFileErrors: 0,
      nWritesInFlight: 0,
    });
    expect(Object.keys(processor.getStats())).toEqual([
      ...['nFilesSaved', 'nBytesSaved', 'fileProcessingTime', 'fileProcessingRate', 'dataStorageRateMBps'], // of pvaPy
      ...['nFileErrors', 'nWritesInFlight', 'lastFileError'],
    ]);
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    processor.resetStats();
    expect(processor.getStats()).toMatchObject({ nFilesSaved: 0, nBytesSaved: 0, fileProcessingTime: 0 });
  });

  it('writes the names and pixels that pvaPy writes, where pvaPy is exact', async () => {
    const images = [
      ['uint8', [0, 1, 254, 255, 7, 8]],
      ['uint16', [0, 1, 256, 65535, 7, 8]],
      ['int32', [0, -1, -(2 ** 31), 2 ** 31 - 1, 7, 8]],
      ['float32', [0, -1.5, 0.25, 2 ** 100, 7, 8]],
    ] as const;
    const theirs = join(folder, 'pvapy');
    const rows = images.map(([dtype, values]) => [dtype, [values.slice(0, 3), values.slice(3)]]);
    runPython('pvapy_save.py', [theirs], JSON.stringify(rows));
    const { process } = await start({ outputDirectory: join(folder, 'ours') });
    for (const [i, [dtype, values]] of images.entries())
      await process(generateNtNdArray2D(i + 1, ndarray(numbered(dtype, values) as Uint8Array, [2, 3])));
    const names = readdirSync(theirs);
    expect(names).toEqual(['000001.3.tiff', '000002.3.tiff', '000003.3.tiff', '000004.3.tiff']);
    const read = (where: string) => readByPython(names.map((name) => join(folder, where, name)));
    expect(read('ours')).toEqual(read('pvapy'));
  });

  it('hands on a frame without an image, and saves nothing', async () => {
    const { process, published } = await start();
    const empty = new NtNdArray();
    expect(await process(empty)).toBe(empty);
    expect([published, readdirSync(folder)]).toEqual([[], []]);
  });

  it('has several writes in flight, and publishes in the order in which frames came', async () => {
    const { process, published, processor } = await start({ maxWrites: 8, durability: 'file' });
    expect(processor.concurrency).toBe(8);
    const ids = Array.from({ length: 50 }, (_, i) => i + 1);
    const sizes = ids.map((id) => 1 + ((id * 7919) % 40_000));
    await Promise.all(ids.map((id, i) => process(frameOf(id, ...new Uint16Array(sizes[i] as number).fill(id)))));
    expect(published.map((each) => each.get('uniqueId'))).toEqual(ids);
    expect(readdirSync(folder).length).toBe(50);
    expect(processor.getStats()).toMatchObject({ nFilesSaved: 50, nWritesInFlight: 0 });
  });

  it('writes colours of all modes, and raw files with one description for each shape', async () => {
    const { process } = await start({ outputFileNameFormat: '{attribute[ColorMode]}/{uniqueId:03d}.raw' });
    const image = ndarray(
      Uint8Array.from({ length: 18 }, (_, i) => i),
      [2, 3, 3],
    );
    for (const colorMode of [ColorMode.RGB1, ColorMode.RGB3])
      for (const id of [1, 2]) await process(generateNtNdArray2D(id, image, { colorMode }));
    expect(readdirSync(join(folder, '4')).sort()).toEqual(['001.raw', '002.raw', 'raw-3x2-uint8-colorMode4.yaml']);
    expect(readFileSync(join(folder, '2', '001.raw'))).toEqual(Buffer.from(image.data));
    expect(readFileSync(join(folder, '4', 'raw-3x2-uint8-colorMode4.yaml'), 'utf8')).toContain(
      "  width: 3\n  height: 2\n  datatype: uint8\n  color_mode: 4\n  header_offset: 0\n  endian: '<'\n",
    );
  });

  it('keeps what is there, when that is wanted', async () => {
    writeFileSync(join(folder, '000001.3.tiff'), 'old');
    const { process, published, processor } = await start({ existingFiles: 'refuse' });
    await expect(process(frameOf(1, 5))).rejects.toMatchObject({ code: 'PVAFLOW_FILE_EEXIST' });
    expect(published).toEqual([]);
    expect(processor.getStats()).toMatchObject({
      nFilesSaved: 0,
      nFileErrors: 1,
      lastFileError: expect.stringContaining('there is a file of that name') as string,
    });
    await processor.configure({ existingFiles: 'number' });
    await process(frameOf(1, 5));
    expect(readdirSync(folder).sort()).toEqual(['000001.3.tiff', '000001.3_1.tiff']);
    expect(readFileSync(join(folder, '000001.3.tiff'), 'utf8')).toBe('old');
    expect(processor.getStats()).toMatchObject({ nFilesSaved: 1, nFileErrors: 1, lastFileError: '' });
  });

  it('fails the frames that cannot be saved, and those alone', async () => {
    const { process, published, processor } = await start({ outputFileNameFormat: '{attribute[Sample]}.tiff' });
    const named = (id: number, name: string) => frameOf(id, id).setAttribute('Sample', name);
    const results = await Promise.allSettled([
      process(named(1, 'a')),
      process(named(2, '../b')),
      process(frameOf(3, 3)),
      process(named(4, 'd')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(published.map((each) => each.get('uniqueId'))).toEqual([1, 4]);
    expect(readdirSync(folder).sort()).toEqual(['a.tiff', 'd.tiff']);
    expect(processor.getStats()).toMatchObject({ nFilesSaved: 2, nFileErrors: 2 });
  });

  it('is configured while it runs', async () => {
    const { process, processor } = await start();
    await process(frameOf(1, 1));
    await processor.configure({ outputDirectory: join(folder, 'a', 'b'), outputFileNameFormat: 'latest.npy' });
    await Promise.all([2, 3, 4].map((id) => process(frameOf(id, id))));
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['latest.npy']);
    expect(readFileSync(join(folder, 'a', 'b', 'latest.npy')).readUInt16LE(128)).toBe(4);
  });

  it.each([
    [{ outputFileNameFormat: '{uniqueId:06}.bmp' }, 'ends with .bmp'],
    [{ outputFileNameFormat: '{uniqueID}.tiff' }, 'Did you mean uniqueId?'],
    [{ outputFileNameFormat: '{uniqueId:.2q}.tiff' }, 'there is no type q of integers'],
    [{ outputFileNameFormat: '../{uniqueId}.tiff' }, 'it must not have empty steps, . or ..'],
    [{ outputDirectory: '/proc/nowhere' }, 'cannot make the directory /proc/nowhere'],
    [{ maxWrites: 0 }, 'maxWrites: '],
    [{ durability: 'disk' }, 'durability: expected none, file or directory'],
    [{ existingFiles: 'keep' }, 'existingFiles: expected overwrite, refuse or number'],
    [{ convert: 'wrap' }, 'convert: expected clip or scale'],
    [{ jpegQuality: 101 }, 'jpegQuality: '],
    [{ convertRange: [2, 1] }, 'convertRange must be a smaller and a larger number, found [2,1]'],
    [{ convertRange: [-1.7e308, 1.7e308] }, 'convertRange must be'],
  ])('refuses %o and stays as it was', async (config, message) => {
    const { process, processor } = await start();
    await expect(processor.configure(config)).rejects.toThrow(message);
    await process(frameOf(1, 1));
    expect(readdirSync(folder)).toEqual(['000001.3.tiff']);
  });

  it('is refused with arguments that it does not take', async () => {
    const args = { outputDirectry: 'x', durability: 'disk' };
    await expect(loadProcessor({ className: 'AdOutputFileProcessor', args })).rejects.toThrow(
      /durability: expected none, file or directory[^]*outputDirectry: unknown key. Did you mean "outputDirectory"/,
    );
  });

  it('refuses pixels that a PNG cannot hold, or converts them as told', async () => {
    const floats = generateNtNdArray2D(1, ndarray(Float64Array.of(0, 0.5, 1), [1, 3]));
    const { process, processor } = await start({ outputFileNameFormat: '{uniqueId}.png' });
    await expect(process(floats)).rejects.toMatchObject({ code: 'PVAFLOW_FILE_DTYPE' });
    await processor.configure({ convert: 'scale', convertRange: [0, 2] });
    await process(floats);
    const [read] = readByPython([join(folder, '1.png')]);
    expect(Buffer.from((read?.pillow as { bytes: string }).bytes, 'hex')).toEqual(
      Buffer.from(Uint16Array.of(0, 16384, 32768).buffer),
    );
  });
});
