import { native } from '../native.js';
import type { NtNdArray } from './nt-nd-array.js';
import type { DataFieldKey } from './pixel-types.js';

/** The codecs of areaDetector that give pixels back as they were. */
export type ExactCodec = 'zlib' | 'lz4' | 'lz4hdf5' | 'bslz4' | 'blosc';

export const exactCodecs: readonly ExactCodec[] = ['zlib', 'lz4', 'lz4hdf5', 'bslz4', 'blosc'];

/** What decoding makes of the bytes of a frame. */
export interface Decoding {
  /** `zstd`, and `bszstd` which has it behind bitshuffle, are for files: frames do not have them. */
  readonly codec: ExactCodec | 'zstd' | 'bszstd';
  /** So many of the bytes count. */
  readonly compressedSize: number;
  readonly fieldKey: DataFieldKey;
  readonly elements: number;
  /** Threads of blosc. */
  readonly threads: number;
}

/** How to encode; each codec reads what concerns it. */
export interface Encoding {
  /** `zstd` is for files: frames do not have it. */
  readonly codec: ExactCodec | 'zstd';
  /** zlib and blosc: 0 to 9; zstd: 1 to 22. */
  readonly level: number;
  /** lz4hdf5: bytes; 0 for its default. */
  readonly blockSize: number;
  /** blosc. */
  readonly compressor: string;
  /** blosc: 0 none, 1 bytes, 2 bits. */
  readonly shuffle: number;
  readonly threads: number;
}

/**
 * Replaces the data of a frame, and nothing else of it, by what it is when decoded: at once.
 *
 * @throws PvaflowError PVAFLOW_CODEC_DATA for bytes that are damaged or make something else than was announced
 */
export function decodeNow(frame: NtNdArray, decoding: Decoding): void {
  void decode(frame, decoding, false);
}

/** As decodeNow(), on another thread. Rejects with PVAFLOW_VALUE_RELEASED if the frame is released meanwhile. */
export async function decodeInBackground(frame: NtNdArray, decoding: Decoding): Promise<void> {
  await decode(frame, decoding, true);
}

function decode(frame: NtNdArray, { codec, fieldKey, elements, compressedSize, threads }: Decoding, away: boolean) {
  return native.decodeImage(frame.native, codec, fieldKey, elements, compressedSize, threads, away);
}

/** Replaces the data of a frame, and nothing else of it, by bytes in `ubyteValue`, on another thread. Resolves with their number. */
export async function encodeInBackground(frame: NtNdArray, encoding: Encoding): Promise<number> {
  return native.encodeImage(frame.native, encoding, true);
}
