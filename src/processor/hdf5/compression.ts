import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { PvaflowError } from '../../core/errors.js';
import type { Filter } from './messages.js';

/** How images are compressed: each by itself, on other threads, and how a reader is told. */
export interface Compressor {
  /** For elements of so many bytes, in images of so many. */
  filters(elementBytes: number, imageBytes: number): readonly Filter[];
  compress(pixels: Uint8Array, elementBytes: number): Promise<Uint8Array>;
}

const deflated = promisify(deflate) as (data: Uint8Array, options: { level: number }) => Promise<Buffer>;

const makers: Readonly<Record<string, (level: number | undefined) => Compressor | undefined>> = {
  none: () => undefined,
  gzip: (level = 1) => ({
    filters: () => [{ id: 1, name: 'deflate', parameters: [level] }],
    compress: (pixels) => deflated(pixels, { level }),
  }),
};

/** The names of `compression`. */
export const compressions: readonly string[] = Object.keys(makers);

/** Undefined for `none`. @throws {PvaflowError} PVAFLOW_OPTION for another name */
export function compressorNamed(name: string, level?: number): Compressor | undefined {
  const make = makers[name];
  if (make !== undefined) return make(level);
  throw new PvaflowError('PVAFLOW_OPTION', `compression must be ${compressions.join(', ')}, not ${name}`);
}
