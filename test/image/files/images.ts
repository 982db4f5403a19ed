import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ColorMode, type PixelArray } from 'pvaflow';
import type { FilePixels } from '../../../src/image/files/file-pixels.js';
import { pixelFormatNamed, type PixelType } from '../../../src/pva/normative/pixel-types.js';
import { pillowFolder, pythonWithPeers, tifffileFolder } from '../../peers/install.js';

export const colorModes = [ColorMode.Mono, ColorMode.RGB1, ColorMode.RGB2, ColorMode.RGB3] as const;

/** What is most easily got wrong. */
const edges: Readonly<Record<PixelType, readonly (number | bigint)[]>> = {
  boolean: [0, 1],
  int8: [-128, -1, 0, 1, 127],
  uint8: [0, 1, 127, 128, 255],
  int16: [-32768, -1, 0, 1, 32767],
  uint16: [0, 1, 255, 256, 65535],
  int32: [-(2 ** 31), -1, 0, 1, 2 ** 31 - 1],
  uint32: [0, 1, 2 ** 31, 2 ** 32 - 1],
  int64: [-(2n ** 63n), -1n, 0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n],
  uint64: [0n, 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n],
  float32: [0, -0, 1.5, NaN, Infinity, -Infinity, 3.4028234663852886e38, 1.401298464324817e-45],
  float64: [0.1, -0, NaN, Infinity, -Infinity, 1.7976931348623157e308, 5e-324],
};

/** An image in which edge values follow each other. */
export function edgeImage(dtype: PixelType, nx: number, ny: number, colorMode: ColorMode): FilePixels {
  const values = edges[dtype];
  const data = zeros(dtype, nx * ny * (colorMode === ColorMode.Mono ? 1 : 3));
  for (let i = 0; i < data.length; i++) data[i] = values[i % values.length] as never;
  return { data, nx, ny, colorMode, dtype };
}

export function zeros(dtype: PixelType, length: number): PixelArray {
  const format = pixelFormatNamed(dtype);
  if (format === undefined) throw new Error(`no type ${dtype}`);
  return new format.arrayType(length);
}

/** The bytes of the image of shape (ny, nx) or (ny, nx, 3), in hexadecimal: element after element, the plain way. */
export function expectedBytes({ data, nx, ny, colorMode, dtype }: FilePixels): string {
  const nz = colorMode === ColorMode.Mono ? 1 : 3;
  const target = zeros(dtype, data.length);
  let at = 0;
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++)
      for (let z = 0; z < nz; z++) target[at++] = data[indexOf(x, y, z, nx, ny, colorMode)] as never;
  return Buffer.from(target.buffer, target.byteOffset, target.byteLength).toString('hex');
}

/** RGB1 is [3,nx,ny], RGB2 [nx,3,ny], RGB3 [nx,ny,3], first the dimension that varies fastest. */
function indexOf(x: number, y: number, z: number, nx: number, ny: number, colorMode: ColorMode): number {
  if (colorMode === ColorMode.RGB1) return z + 3 * (x + nx * y);
  if (colorMode === ColorMode.RGB2) return x + nx * (z + 3 * y);
  return x + nx * (y + ny * z);
}

export interface Seen {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: string;
}

export interface Read {
  readonly tiff?: Seen;
  readonly npy?: Seen;
  readonly pillow?: (Seen & { readonly mode: string; readonly error?: undefined }) | { readonly error: string };
}

/** Runs a Python program of test/peers/python with tifffile, Pillow and numpy, and gives what it prints. */
export function runPython(name: string, args: readonly string[], input: string): string {
  const script = fileURLToPath(new URL(`../../peers/python/${name}`, import.meta.url));
  const env = { ...process.env, PYTHONPATH: [tifffileFolder(), pillowFolder()].join(delimiter) };
  return execFileSync(pythonWithPeers(), [script, ...args], { input, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

/** What Python's readers see in image files. */
export function readByPython(paths: readonly string[]): Read[] {
  return JSON.parse(runPython('read_images.py', [], JSON.stringify(paths))) as Read[];
}
