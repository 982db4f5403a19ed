import type sharp from 'sharp';
import { messageOf, PvaflowError } from '../../core/errors.js';
import { bytesOf, interleaved, isColor, type FilePixels } from './file-pixels.js';

let loaded: Promise<typeof sharp> | undefined;

/**
 * Loads the package that encodes JPEG, which is not installed with this one.
 *
 * @throws {PvaflowError} PVAFLOW_JPEG when it is not there, or does not run here
 */
export async function loadJpegEncoder(): Promise<void> {
  await encoder();
}

function encoder(): Promise<typeof sharp> {
  loaded ??= import('sharp').then(
    (module) => module.default,
    (error: unknown) => {
      loaded = undefined; // it may be installed while this runs
      const advice = 'JPEG files need the package sharp: npm install sharp';
      throw new PvaflowError('PVAFLOW_JPEG', `${advice} (${messageOf(error)})`, { cause: error });
    },
  );
  return loaded;
}

/**
 * An image of uint8 as a JPEG file, grey or RGB. JPEG changes values: the higher the quality the less.
 *
 * @param quality 1 to 100
 */
export async function encodeJpeg(pixels: FilePixels, quality: number): Promise<Uint8Array[]> {
  const load = await encoder();
  const { nx: width, ny: height } = pixels;
  const channels = isColor(pixels) ? 3 : 1;
  const image = load(bytesOf(interleaved(pixels)), { raw: { width, height, channels } });
  const inColors = channels === 1 ? image.toColourspace('b-w') : image;
  return [await inColors.jpeg({ quality }).toBuffer()];
}
