/** Files of images that tifffile, Pillow, NumPy and h5py (with hdf5plugin) wrote, read by us: equal to the last bit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ColorMode, decompressNtNdArray, PvaflowError, reshapeNtNdArray, type NtNdArray } from 'pvaflow';
import { imageFileFormats, encodeImage } from '../../../../src/image/files/image-file-format.js';
import { readImageFile } from '../../../../src/image/files/read-image-file.js';
import type { FileFrame, ReadOptions } from '../../../../src/image/files/read/frame-file.js';
import { openFrameFile } from '../../../../src/image/files/read/open-frame-file.js';
import { frameOf } from '../../../../src/image/files/read/to-frame.js';
import { pixelsInOrder } from '../../../../src/image/pixels.js';
import { pixelFormats } from '../../../../src/pva/normative/pixel-types.js';
import { colorModes, edgeImage, expectedBytes } from '../images.js';
import { writeByPython, type Written } from './written.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-read-'));
let written: Written[];
beforeAll(() => {
  written = writeByPython(folder);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** All frames of a file. */
async function readAll(path: string, options: ReadOptions = {}): Promise<FileFrame[]> {
  const file = await openFrameFile(path, options);
  try {
    const frames: FileFrame[] = [];
    for (let i = 0; i < file.length; i++) frames.push(await file.read(i));
    return frames;
  } finally {
    await file.close();
  }
}

/** What is in a frame, as NumPy has it. */
function seen(frame: NtNdArray) {
  const { image, fieldKey } = reshapeNtNdArray(frame);
  const data = pixelsInOrder(image, image.shape.length === 3 ? ColorMode.RGB1 : ColorMode.Mono);
  const hex = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
  const dtype = pixelFormats.find((format) => format.fieldKey === fieldKey)?.dtype;
  return { dtype, shape: image.shape, hex };
}

async function decoded(path: string, options: ReadOptions): Promise<ReturnType<typeof seen>[]> {
  const frames = await Promise.all((await readAll(path, options)).map((image) => frameOf(image, false)));
  return frames.map(seen);
}

async function errorOf(path: string, options: ReadOptions = {}): Promise<PvaflowError> {
  const error: unknown = await readAll(path, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PvaflowError) return error;
  throw new Error(`expected a PvaflowError for ${path}, found ${String(error)}`);
}

describe.each(['tiff', 'pillow', 'png', 'npy', 'h5'])('files named %s…', (kind) => {
  it('are read as Python has them', async () => {
    const files = written.filter(({ file }) => file.startsWith(`${kind}_`));
    expect(files.length).toBeGreaterThan(5);
    for (const { file, frames, ...options } of files)
      expect(await decoded(join(folder, file), options), `${file} ${JSON.stringify(options)}`).toEqual(frames);
  }, 300_000); // hundreds of files
});

it('files with one image are read as that image', async () => {
  const given = written.filter(({ dataset, colorMode }) => dataset === undefined && colorMode === undefined);
  const single = given.filter(({ frames }) => frames.length === 1);
  expect(new Set(single.map(({ file }) => extname(file)))).toEqual(new Set(['.tiff', '.tif', '.png', '.npy', '.h5']));
  for (const { file, frames } of single) {
    const { dtype, shape, data } = await readImageFile(join(folder, file));
    const hex = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
    expect({ dtype: dtype === 'boolean' ? 'uint8' : dtype, shape, hex }, file).toEqual(frames[0]);
  }
  const several = given.find(({ frames }) => frames.length > 1) as Written;
  await expect(readImageFile(join(folder, several.file))).rejects.toThrow(/ has \d+ images: one is wanted/);
});

describe('compressed chunks that are a frame each', () => {
  it.each([
    ['bslz4', 'bslz4'],
    ['lz4', 'lz4'],
    ['lz4_blocks', 'lz4hdf5'],
    ['blosc', 'blosc'],
    ['gzip', 'zlib'],
  ])('with %s become frames with the codec %s, which are decoded to the same', async (filter, codec) => {
    const { file, frames } = written.find((each) => each.file === `h5_latest_${filter}_1x30x40.h5`) as Written;
    const images = await readAll(join(folder, file));
    for (const [i, image] of images.entries()) {
      const frame = await frameOf(image, true);
      expect(frame.codec.name).toBe(codec);
      expect(frame.header()).toMatchObject({ uncompressedSize: 2400, dimensions: [40, 30] });
      expect(frame.header().compressedSize).toBeLessThan(2400);
      expect(seen(await decompressNtNdArray(frame))).toEqual(frames[i]);
    }
  });

  it('are decoded where a frame cannot have them so', async () => {
    for (const name of ['h5_latest_shuffle_gzip_1x30x40.h5', 'h5_latest_bslz4_2x30x40.h5', 'h5_big_blosc.h5']) {
      const [image] = await readAll(join(folder, name));
      expect((await frameOf(image as FileFrame, true)).codec.name).toBe('');
    }
  });
});

describe('files that we write', () => {
  const formats = imageFileFormats.filter(({ name }) => ['TIFF', 'PNG', 'NPY', 'raw'].includes(name));
  it.each(formats)('are read back: $name', async (format) => {
    for (const dtype of format.dtypes.filter((each) => each !== 'boolean'))
      for (const colorMode of colorModes)
        for (const [nx, ny] of [
          [1, 1],
          [17, 5],
        ] as const) {
          const image = edgeImage(dtype, nx, ny, colorMode);
          const path = join(folder, `ours${format.extensions[0]}`);
          writeFileSync(path, Buffer.concat(await encodeImage(format, image)));
          const raw = { nx, ny, dtype, colorMode, isLittleEndian: true, offset: 0, gap: 0 };
          // A picture that is three pixels wide, or one of one row, has its colours named: else they are guessed by the shape.
          const given = { raw, ...(format.name === 'NPY' && { colorMode: colorMode && ColorMode.RGB1 }) };
          const [frame] = await decoded(path, given);
          expect(frame?.hex, `${format.name} ${dtype} ${colorMode} ${nx} × ${ny}`).toBe(expectedBytes(image));
          expect(frame?.dtype).toBe(dtype);
        }
  });
});

describe('files that are damaged', () => {
  it('are refused at every length that they are cut to', async () => {
    const names = ['tiff_uint16_little.tif', 'tiff_uint16_stack.tif', 'tiff_uint16_deflate.tif', 'png_deep.png'];
    const others = ['npy_uint16_stack_big.npy', 'h5_uint16_bslz4_earliest.h5', 'h5_uint16_bslz4_latest.h5'];
    for (const name of [...names, ...others]) {
      const bytes = readFileSync(join(folder, name));
      const frames = written.find(({ file }) => file === name)?.frames;
      for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 60)) {
        const path = join(folder, `cut_${name}`);
        writeFileSync(path, bytes.subarray(0, length));
        // What is missing may be nothing that is needed: then all of it is there.
        const outcome = await decoded(path, {}).catch((error: unknown) => error);
        if (Array.isArray(outcome)) expect(outcome, `${name} cut at ${length}`).toEqual(frames);
        else expect(outcome).toMatchObject({ code: expect.stringMatching(/^PVAFLOW_FILE_/) as string });
      }
    }
  }, 300_000);

  it.each([
    ['empty.tif', '', /is no TIFF file/],
    ['empty.npy', '', /is no NPY file/],
    ['empty.h5', '', /is no HDF5 file/],
    ['empty.png', '', /cannot be decoded/],
    ['text.tif', 'this is a text', /is no TIFF file/],
    ['text.h5', 'this is a text', /is no HDF5 file/],
    ['no.raw', 'abc', /does not say what it holds/],
    ['stranger.txt', 'abc', /none of the files that are read: \.tiff/],
  ])('are named: %s', async (name, text, message) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    const error = await errorOf(path);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(path);
  });

  it('are named when they are not there', async () => {
    expect(await errorOf(join(folder, 'nothing.npy'))).toMatchObject({ code: 'PVAFLOW_FILE_ENOENT' });
  });
});

describe('datasets', () => {
  it('are named when there is none of a name, or a choice', async () => {
    const links = join(folder, 'h5_latest_links.h5');
    expect((await errorOf(links, { dataset: 'entry/dat' })).message).toMatch(/in \/entry there is .*data/);
    expect((await errorOf(links, { dataset: 'spectrum' })).message).toMatch(/shape \(10\), which is no images/);
    expect((await errorOf(links, { dataset: 'text' })).message).toMatch(/no numbers/);
  });
});
