import { loadSharp } from '../codec/jpeg/sharp.js';
import { bytesOf, interleaved, isColor, type FilePixels } from './file-pixels.js';

/**
 * An image of uint8 as a JPEG file, grey or RGB. JPEG changes values: the higher the quality the less.
 *
 * @param quality 1 to 100
 * @throws {PvaflowError} PVAFLOW_CODEC_MODULE without the package `sharp`
 */
export async function encodeJpeg(pixels: FilePixels, quality: number): Promise<Uint8Array[]> {
  const sharp = await loadSharp();
  const { nx: width, ny: height } = pixels;
  const channels = isColor(pixels) ? 3 : 1;
  const image = sharp(bytesOf(interleaved(pixels)), { raw: { width, height, channels } });
  return [
    await image
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .jpeg({ quality })
      .toBuffer(),
  ];
}
