import { bloscCompressors, bloscShuffles, NtNdArray, type CompressOptions, type PixelArray } from 'pvaflow';
import { pixelFormatOf, pixelFormats } from '../../../src/pva/normative/pixel-types.js';
import { dimensionsOf } from '../frames.js';

/** Every codec that gives pixels back as they were, with each of its kinds. */
export const exactSettings: readonly CompressOptions[] = [
  { codec: 'zlib' },
  { codec: 'zlib', level: 0 },
  { codec: 'lz4' },
  { codec: 'lz4hdf5' },
  { codec: 'lz4hdf5', blockSize: 1000 },
  { codec: 'bslz4' },
  ...bloscCompressors.flatMap((compressor) =>
    bloscShuffles.map((shuffle) => ({ codec: 'blosc', compressor, shuffle }) as const),
  ),
  { codec: 'blosc', level: 0, compressor: 'snappy' },
  { codec: 'blosc', level: 9, compressor: 'snappy', shuffle: 'bit' },
  { codec: 'blosc', level: 9, compressor: 'zstd', threads: 2 },
];

export const nameOf = (settings: CompressOptions): string => Object.values(settings).join(' ');

export const dtypes = pixelFormats.filter(({ dtype }) => dtype !== 'boolean').map(({ dtype }) => dtype);

/** A frame of `nx` columns with these pixels, as a detector would send it: with an id and attributes. */
export function frameOf(pixels: PixelArray, nx: number): NtNdArray {
  const { fieldKey } = pixelFormatOf(pixels) as { fieldKey: string };
  const attribute = [
    { name: 'ColorMode', value: { type: 'int', value: 0 } },
    { name: 'Energy', value: 8.04 },
  ];
  const dimension = dimensionsOf([nx, pixels.length / nx]);
  const size = BigInt(pixels.byteLength);
  const value = { [fieldKey]: pixels };
  return new NtNdArray(NtNdArray.type(), {
    uniqueId: 7, value, dimension, attribute, compressedSize: size, uncompressedSize: size,
  }); // prettier-ignore
}

/** The bytes of pixels, to be compared: floats may be NaN, and -0 is not 0. */
export function bytesOf(pixels: PixelArray | null): Buffer {
  return pixels === null ? Buffer.alloc(0) : Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

/** Bytes that compress in part: long runs, repeated pieces and noise, the same for the same seed. */
export function mixedBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed * 2654435761 + 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  for (let at = 0; at < length;) {
    const run = Math.min(length - at, 1 + (random() % 300));
    const kind = random() % 3;
    for (let i = 0; i < run; i++, at++) {
      bytes[at] = kind === 0 ? 0 : kind === 1 ? random() : (bytes[at - 70] ?? random());
    }
  }
  return bytes;
}
