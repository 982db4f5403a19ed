import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { messageOf } from '../../../../core/errors.js';
import { decodeInBackground, type ExactCodec } from '../../../../pva/normative/image-codec.js';
import { NtNdArray } from '../../../../pva/normative/nt-nd-array.js';
import { pixelFormatNamed, type PixelFormat, type PixelType } from '../../../../pva/normative/pixel-types.js';
import { ColorMode } from '../../../color-mode.js';
import { elementBytes } from '../elements.js';
import { frameOf } from '../to-frame.js';
import type { StoredFilter } from './dataset.js';
import { lzfDecoded } from './lzf.js';

/** Numbers of filters: https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md */
const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const LZF = 32000;
const BLOSC = 32001;
const LZ4 = 32004;
const BITSHUFFLE = 32008;
const ZSTD = 32015;
const BITSHUFFLE_LZ4 = 2;
const BITSHUFFLE_ZSTD = 3;

const inflated = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** Bytes as a codec of frames has them. */
export interface Coded {
  readonly codec: ExactCodec;
  readonly bytes: Uint8Array;
}

/** The filters of a chunk, those that it did not go through left out. */
export function filtersOfChunk(filters: readonly StoredFilter[], mask: number): StoredFilter[] {
  return filters.filter((_, i) => (mask & (1 << i)) === 0);
}

/** The codec of frames that a filter is, if it is one; its bytes are those of the chunk, or those behind a header. */
export function codedBy({ id, parameters }: StoredFilter, bytes: Buffer): Coded | undefined {
  switch (id) {
    case DEFLATE:
      return { codec: 'zlib', bytes };
    case BLOSC:
      return { codec: 'blosc', bytes };
    case LZ4:
      return lz4(bytes);
    case BITSHUFFLE:
      return parameters[4] === BITSHUFFLE_LZ4 ? bitshuffle(bytes) : undefined;
    default:
      return undefined;
  }
}

/** One block that is compressed is what areaDetector calls lz4: all readers of frames know it, few know `lz4hdf5`. */
function lz4(bytes: Buffer): Coded {
  const HEADER = 16; // all bytes (8), those of a block (4), and of the first one, compressed (4)
  if (bytes.length > HEADER) {
    const [all, block, first] = [bytes.readUIntBE(2, 6), bytes.readUInt32BE(8), bytes.readUInt32BE(12)];
    const isOne = all <= block && first < all && bytes.length === HEADER + first;
    if (isOne) return { codec: 'lz4', bytes: bytes.subarray(HEADER) };
  }
  return { codec: 'lz4hdf5', bytes };
}

/** Behind the header, blocks of the usual length are as in frames; with others the header must stay. */
function bitshuffle(bytes: Buffer): Coded {
  const HEADER = 12; // all bytes (8), those of a block (4)
  const USUAL = 8192;
  const isUsual = bytes.length > HEADER && bytes.readUInt32BE(8) === USUAL;
  return { codec: 'bslz4', bytes: isUsual ? bytes.subarray(HEADER) : bytes };
}

/** Why a filter cannot be undone; undefined when it can. */
export function unknownFilter(filters: readonly StoredFilter[]): string | undefined {
  const known = [DEFLATE, SHUFFLE, FLETCHER32, LZF, BLOSC, LZ4, ZSTD];
  const other = filters.find(({ id, parameters }) =>
    id === BITSHUFFLE ? parameters[4] !== BITSHUFFLE_LZ4 && parameters[4] !== BITSHUFFLE_ZSTD : !known.includes(id),
  );
  if (other === undefined) return undefined;
  return `is compressed by filter ${other.id}${other.name && ` (${other.name})`}; gzip, LZF, LZ4, bitshuffle with LZ4 or Zstandard, blosc, Zstandard and shuffle are read`;
}

/** Undoes all filters of a chunk. @param elements of the chunk */
export async function unfiltered(
  stored: Buffer,
  filters: readonly StoredFilter[],
  dtype: PixelType,
  elements: number,
): Promise<Buffer> {
  const size = elementBytes(dtype);
  let bytes = stored;
  for (const filter of [...filters].reverse()) {
    if (filter.id === SHUFFLE) bytes = unshuffled(bytes, filter.parameters[0] ?? size);
    else if (filter.id === FLETCHER32) bytes = bytes.subarray(0, bytes.length - 4);
    else if (filter.id === DEFLATE) bytes = await inflated(bytes, { maxOutputLength: elements * size + 1024 });
    else if (filter.id === LZF) bytes = lzfDecoded(bytes, elements * size);
    else if (filter.id === ZSTD) bytes = await undone('zstd', bytes, dtype, elements);
    else if (filter.id === BITSHUFFLE && filter.parameters[4] === BITSHUFFLE_ZSTD)
      bytes = await undone('bszstd', bytes, dtype, elements);
    else bytes = await decoded(codedBy(filter, bytes) as Coded, dtype, elements);
  }
  if (bytes.length !== elements * size) throw new Error(`it makes ${bytes.length} bytes instead of ${elements * size}`);
  return bytes;
}

async function decoded({ codec, bytes }: Coded, dtype: PixelType, elements: number): Promise<Buffer> {
  const image = { codec, bytes, nx: elements, ny: 1, colorMode: ColorMode.Mono, dtype, isSwapped: false };
  const frame = await frameOf(image, false).catch((error: unknown) => {
    throw new Error(messageOf(error));
  });
  return bytesOf(frame);
}

/** Frames do not have Zstandard, and hold its bytes all the same. */
async function undone(
  codec: 'zstd' | 'bszstd',
  bytes: Uint8Array,
  dtype: PixelType,
  elements: number,
): Promise<Buffer> {
  const frame = new NtNdArray().set('value.ubyteValue', bytes);
  const { fieldKey } = pixelFormatNamed(dtype) as PixelFormat;
  await decodeInBackground(frame, { codec, compressedSize: bytes.length, fieldKey, elements, threads: 1 });
  return bytesOf(frame);
}

/** A copy of the data of a frame, which is released. */
function bytesOf(frame: NtNdArray): Buffer {
  const data = frame.data as NonNullable<typeof frame.data>;
  const copy = Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer);
  frame.release();
  return copy;
}

/** First bytes, second bytes … of all elements stand together; what is left over at the end is as it was. */
function unshuffled(bytes: Buffer, size: number): Buffer {
  const out = Buffer.from(bytes);
  const count = Math.floor(bytes.length / size);
  for (let rank = 0; rank < size; rank++)
    for (let i = 0; i < count; i++) out[i * size + rank] = bytes[rank * count + i] as number;
  return out;
}
