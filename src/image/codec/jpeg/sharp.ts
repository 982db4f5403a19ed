import { createRequire } from 'node:module';
import type { SharpConstructor } from 'sharp';
import { PvaflowError } from '../../../core/errors.js';

/** Where `sharp` is, which is needed for JPEG alone and installed by who needs it. */
export function sharpPath(): string {
  try {
    return createRequire(import.meta.url).resolve('sharp');
  } catch (cause) {
    throw new PvaflowError('PVAFLOW_CODEC_MODULE', 'the codec jpeg needs the package sharp: run `npm install sharp`', {
      cause,
    });
  }
}

/** The module itself. */
export async function loadSharp(): Promise<SharpConstructor> {
  sharpPath();
  return (await import('sharp')).default;
}
