import { PvaflowError } from '../../core/errors.js';
import { codecNames, type CodecName } from './compressed-data.js';

/** The compressors of blosc, in the order in which areaDetector numbers them. */
export const bloscCompressors = ['blosclz', 'lz4', 'lz4hc', 'snappy', 'zlib', 'zstd'] as const;
export type BloscCompressor = (typeof bloscCompressors)[number];

/** What blosc may do with elements before they are compressed: the first bytes of all, the second …, or bit by bit. */
export const bloscShuffles = ['none', 'byte', 'bit'] as const;
export type BloscShuffle = (typeof bloscShuffles)[number];

/** How frames are compressed. Defaults are those of NDPluginCodec; what a codec does not know is refused. */
export interface CompressOptions {
  readonly codec: CodecName;
  /** jpeg: 1 to 100; 85 by default. */
  readonly quality?: number | undefined;
  /** zlib and blosc: 0, not at all, to 9; 6 of zlib and 5 of blosc by default. */
  readonly level?: number | undefined;
  /** lz4hdf5: bytes of a block; 0, the default, for 1 GiB. */
  readonly blockSize?: number | undefined;
  /** blosc: `blosclz` by default. */
  readonly compressor?: BloscCompressor | undefined;
  /** blosc: `byte` by default. */
  readonly shuffle?: BloscShuffle | undefined;
  /** blosc: threads for one frame; 1 by default. */
  readonly threads?: number | undefined;
}

/** The same, complete. */
export type Compression =
  | { readonly codec: 'jpeg'; readonly quality: number }
  | { readonly codec: 'zlib'; readonly level: number }
  | { readonly codec: 'lz4' | 'bslz4' }
  | { readonly codec: 'lz4hdf5'; readonly blockSize: number }
  | {
      readonly codec: 'blosc';
      readonly level: number;
      readonly compressor: BloscCompressor;
      readonly shuffle: BloscShuffle;
      readonly threads: number;
    };

/** @throws PvaflowError PVAFLOW_CODEC_OPTION naming the option, what was expected and what was found */
export function compressionOf(options: CompressOptions): Compression {
  const { codec } = options;
  oneOf('codec', codec, codecNames);
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && name !== 'codec' && !isOptionOf(codec, name))
      refuse(`${codec} has no option ${name}; it has ${optionsOf[codec].join(', ') || 'none'}`);
  }
  switch (codec) {
    case 'jpeg':
      return { codec, quality: within('quality', options.quality ?? 85, 1, 100) };
    case 'zlib':
      return { codec, level: within('level', options.level ?? 6, 0, 9) };
    case 'lz4hdf5':
      return { codec, blockSize: within('blockSize', options.blockSize ?? 0, 0, MAX_BLOCK) };
    case 'blosc':
      return bloscOf(options);
    default:
      return { codec };
  }
}

/** @throws PvaflowError PVAFLOW_CODEC_OPTION as `compressNtNdArray` would */
export function checkCompressOptions(options: CompressOptions): void {
  compressionOf(options);
}

function bloscOf({ level = 5, compressor = 'blosclz', shuffle = 'byte', threads = 1 }: CompressOptions): Compression {
  oneOf('compressor', compressor, bloscCompressors);
  oneOf('shuffle', shuffle, bloscShuffles);
  within('level', level, 0, 9);
  within('threads', threads, 1, 256);
  return { codec: 'blosc', level, compressor, shuffle, threads };
}

/** The longest that LZ4 takes at once. */
const MAX_BLOCK = 0x7e000000;

const optionsOf: Readonly<Record<CodecName, readonly string[]>> = {
  jpeg: ['quality'],
  zlib: ['level'],
  lz4: [],
  lz4hdf5: ['blockSize'],
  bslz4: [],
  blosc: ['level', 'compressor', 'shuffle', 'threads'],
};

function isOptionOf(codec: CodecName, name: string): boolean {
  return optionsOf[codec].includes(name);
}

function oneOf(name: string, value: unknown, known: readonly string[]): void {
  if (!known.includes(value as string)) refuse(`${name} must be one of ${known.join(', ')}, found ${String(value)}`);
}

function within(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  return refuse(`${name} must be a whole number from ${min} to ${max}, found ${String(value)}`);
}

function refuse(message: string): never {
  throw new PvaflowError('PVAFLOW_CODEC_OPTION', message);
}
