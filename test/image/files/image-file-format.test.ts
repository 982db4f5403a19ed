import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { ColorMode } from 'pvaflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilePixels } from '../../../src/image/files/file-pixels.js';
import { encodeImage, imageFileFormat, type EncodeOptions } from '../../../src/image/files/image-file-format.js';
import { pixelFormats, type PixelType } from '../../../src/pva/normative/pixel-types.js';
import { colorModes, edgeImage, expectedBytes, readByPython, zeros, type Read } from './images.js';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-images-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const sizes = [
  [1, 1],
  [5, 3],
  [1, 7],
  [129, 2],
] as const;

async function write(name: string, pixels: FilePixels, options?: EncodeOptions): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([...(await encodeImage(imageFileFormat(name), pixels, options))]));
  return path;
}

interface Case {
  readonly pixels: FilePixels;
  readonly read: Read;
}

/** Writes every image that there is of these types, in all sizes and colour modes, and lets Python read it. */
async function written(extension: string, dtypes: readonly PixelType[]): Promise<Case[]> {
  const images = dtypes.flatMap((dtype) =>
    sizes.flatMap(([nx, ny]) => colorModes.map((mode) => edgeImage(dtype, nx, ny, mode))),
  );
  const paths: string[] = [];
  for (const [i, pixels] of images.entries()) paths.push(await write(`${i}${extension}`, pixels));
  const read = readByPython(paths);
  return images.map((pixels, i) => ({ pixels, read: read[i] as Read }));
}

const shapeOf = ({ nx, ny, colorMode }: FilePixels) => (colorMode === ColorMode.Mono ? [ny, nx] : [ny, nx, 3]);
const allTypes = pixelFormats.map(({ dtype }) => dtype);

describe('a TIFF file', () => {
  it('is read by tifffile exactly as it was written, all types, sizes and colour modes', async () => {
    const cases = await written('.tiff', allTypes);
    for (const { pixels, read } of cases) {
      const dtype = pixels.dtype === 'boolean' ? 'uint8' : pixels.dtype;
      // tifffile gives the colours of planes apart, and leaves out dimensions of one
      const squeezed = shapeOf(pixels).filter((size) => size !== 1);
      const { tiff } = read;
      expect(tiff?.dtype).toBe(dtype);
      const isApart = pixels.colorMode === ColorMode.RGB2 || pixels.colorMode === ColorMode.RGB3;
      if (!isApart) expect(tiff?.shape.filter((size) => size !== 1)).toEqual(squeezed);
      expect(interleavedBytes(pixels, tiff?.bytes ?? '', isApart)).toBe(expectedBytes(pixels));
    }
    expect(cases.length).toBe(allTypes.length * sizes.length * colorModes.length);
  });

  it('is read by Pillow exactly, as far as Pillow has such images', async () => {
    const cases = await written('.tiff', ['uint8', 'uint16', 'int32', 'float32']);
    const held = cases.filter(({ pixels }) => pixels.dtype === 'uint8' || pixels.colorMode === ColorMode.Mono);
    for (const { pixels, read } of held) {
      expect(read.pillow).toMatchObject({ shape: shapeOf(pixels), bytes: expectedBytes(pixels) });
    }
  });
});

/** What tifffile gives of planes, (3, ny, nx), as (ny, nx, 3). */
function interleavedBytes({ nx, ny, data, dtype }: FilePixels, hex: string, isApart: boolean): string {
  if (!isApart) return hex;
  const planes = zeros(dtype, data.length);
  Buffer.from(planes.buffer).set(Buffer.from(hex, 'hex'));
  return expectedBytes({ data: planes, nx, ny, colorMode: ColorMode.RGB3, dtype });
}

describe('an NPY file', () => {
  it('is read by numpy exactly, all types, sizes and colour modes', async () => {
    for (const { pixels, read } of await written('.npy', allTypes)) {
      const dtype = pixels.dtype === 'boolean' ? 'bool' : pixels.dtype;
      expect(read.npy).toEqual({ dtype, shape: shapeOf(pixels), bytes: expectedBytes(pixels) });
    }
  });
});

describe('a PNG file', () => {
  it('is read exactly, by Pillow where it has such images', async () => {
    for (const { pixels, read } of await written('.png', ['uint8', 'uint16'])) {
      const isHeld = pixels.dtype === 'uint8' || pixels.colorMode === ColorMode.Mono;
      if (isHeld) expect(read.pillow).toMatchObject({ shape: shapeOf(pixels), bytes: expectedBytes(pixels) });
      else expect(read.pillow).toMatchObject({ mode: 'RGB', shape: shapeOf(pixels) }); // it has no 16-bit colours
      const path = await write('again.png', pixels, { pngCompression: 9 });
      const { data, width, height, depth } = decode(readFileSync(path));
      expect([width, height, depth]).toEqual([pixels.nx, pixels.ny, pixels.dtype === 'uint8' ? 8 : 16]);
      expect(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')).toBe(expectedBytes(pixels));
    }
  });

  it.each(['int8', 'int16', 'uint32', 'int64', 'float32', 'float64'] as const)('of %s is refused', (dtype) => {
    const encode = () => encodeImage(imageFileFormat('x.png'), edgeImage(dtype, 2, 2, ColorMode.Mono));
    expect(encode).toThrow(`PNG holds uint8 and uint16, and no ${dtype}. Write TIFF or NPY, or configure`);
  });
});

describe('a JPEG file', () => {
  it('is read by Pillow nearly as it was written', async () => {
    const nx = 32;
    const ny = 24;
    for (const colorMode of colorModes) {
      const data = new Uint8Array(nx * ny * (colorMode === ColorMode.Mono ? 1 : 3)).fill(100);
      const pixels = { data: data.fill(180, data.length / 2), nx, ny, colorMode, dtype: 'uint8' } as const;
      const [read] = readByPython([await write('a.jpg', pixels, { jpegQuality: 95 })]);
      expect(read?.pillow).toMatchObject({ mode: colorMode === ColorMode.Mono ? 'L' : 'RGB', shape: shapeOf(pixels) });
      const got = Buffer.from((read?.pillow as { bytes: string }).bytes, 'hex');
      const wanted = Buffer.from(expectedBytes(pixels), 'hex');
      const error = got.reduce((sum, value, i) => sum + Math.abs(value - (wanted[i] ?? 0)), 0) / got.length;
      expect(error).toBeLessThan(8);
    }
  });

  it('of uint16 is refused', () => {
    const encode = () => encodeImage(imageFileFormat('x.jpg'), edgeImage('uint16', 2, 2, ColorMode.Mono));
    expect(encode).toThrow('JPEG holds uint8, and no uint16');
  });
});

describe('pixels that a format cannot hold', () => {
  const convert = async (
    dtype: PixelType,
    values: readonly (number | bigint)[],
    options: EncodeOptions,
    name = 'c.png',
  ) => {
    const data = zeros(dtype, values.length);
    values.forEach((value, i) => (data[i] = value as never));
    const path = await write(name, { data, nx: values.length, ny: 1, colorMode: ColorMode.Mono, dtype }, options);
    const { data: got, depth } = decode(readFileSync(path));
    return [depth, ...got];
  };

  it('are clipped when that is wanted', async () => {
    expect(await convert('int8', [-128, -1, 0, 127], { convert: 'clip' })).toEqual([8, 0, 0, 0, 127]);
    expect(await convert('int32', [-5, 0, 65535, 65536], { convert: 'clip' })).toEqual([16, 0, 0, 65535, 65535]);
    expect(await convert('uint64', [7n, 2n ** 64n - 1n], { convert: 'clip' })).toEqual([16, 7, 65535]);
    const floats = [-0.6, 0.4, 0.5, 1.5, NaN, Infinity, -Infinity];
    expect(await convert('float64', floats, { convert: 'clip' })).toEqual([16, 0, 0, 1, 2, 0, 65535, 0]);
  });

  it('are scaled when that is wanted', async () => {
    expect(await convert('int8', [-128, 127], { convert: 'scale' })).toEqual([16, 0, 65535]);
    expect(await convert('float32', [1, 2, 3, NaN, Infinity], { convert: 'scale' })).toEqual([
      16, 0, 32768, 65535, 0, 65535,
    ]);
    expect(await convert('int16', [5, 5], { convert: 'scale' })).toEqual([16, 0, 0]);
    const options = { convert: 'scale', convertRange: [0, 10] } as const;
    expect(await convert('int32', [-1, 0, 5, 10, 11], options)).toEqual([16, 0, 0, 32768, 65535, 65535]);
  });

  it('are not touched when the format holds them', async () => {
    expect(await convert('uint16', [1, 65535], { convert: 'scale' })).toEqual([16, 1, 65535]);
    expect(await convert('boolean', [0, 1], {})).toEqual([8, 0, 1]);
  });
});

it.each([
  ['image', 'has no extension'],
  ['image.bmp', 'ends with .bmp'],
])('no format is found for %s', (name, why) => {
  expect(() => imageFileFormat(name)).toThrow(`"${name}" ${why}; files that can be written are .tiff, .tif, .png`);
});
