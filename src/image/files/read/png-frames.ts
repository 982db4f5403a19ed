import { decode, type DecodedPng } from 'fast-png';
import { messageOf } from '../../../core/errors.js';
import { ColorMode } from '../../color-mode.js';
import type { FilePixels } from '../file-pixels.js';
import type { FrameFile } from './frame-file.js';
import { OpenFile } from './open-file.js';
import { withoutOpacity } from './opacity.js';
import { unpackBits } from './unpack-bits.js';

/** The image of a PNG file: grey or in colour, uint8 or uint16. Opacity is left out, colours of a palette are looked up. */
export async function openPng(path: string): Promise<FrameFile> {
  const file = await OpenFile.open(path);
  return {
    length: 1,
    async read() {
      const bytes = await file.read(0, file.size);
      try {
        return pixelsOf(decode(bytes, { checkCrc: true }));
      } catch (error) {
        throw file.damaged(`cannot be decoded: ${messageOf(error)}`);
      }
    },
    close: () => file.close(),
  };
}

function pixelsOf(png: DecodedPng): FilePixels {
  const { width: nx, height: ny, depth, channels } = png;
  const all = png.data instanceof Uint16Array ? png.data : new Uint8Array(png.data);
  const dtype = depth === 16 ? 'uint16' : 'uint8';
  const samples = depth < 8 && all instanceof Uint8Array ? unpackBits(all, depth, nx, ny) : all;
  if (png.palette !== undefined)
    return { data: colorsOf(samples, png.palette), nx, ny, dtype, colorMode: ColorMode.RGB1 };
  const isColor = channels >= 3;
  const data = withoutOpacity(samples, channels, isColor ? 3 : 1);
  return { data, nx, ny, dtype, colorMode: isColor ? ColorMode.RGB1 : ColorMode.Mono };
}

function colorsOf(indexes: Uint8Array | Uint16Array, palette: readonly (readonly number[])[]): Uint8Array {
  const data = new Uint8Array(indexes.length * 3);
  indexes.forEach((index, i) => data.set(palette[index]?.slice(0, 3) ?? [], 3 * i));
  return data;
}
