import { PvaflowError } from '../../core/errors.js';
import { encodeInBackground, type Encoding } from '../../pva/normative/image-codec.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { pixelFormatNamed, type PixelArray, type PixelFormat } from '../../pva/normative/pixel-types.js';
import type { EncodedData, FrameData } from './frame-format.js';
import type { Filter } from './messages.js';

/** An image as it is written. */
export interface Chunk {
  readonly parts: readonly Uint8Array[];
  /** Gives its memory back. */
  release(): void;
}

/** How images are compressed, each by itself, and how a reader is told. */
export interface Compressor {
  /** For elements of so many bytes, in chunks of so many. */
  filter(elementBytes: number, chunkBytes: number): Filter;
  /** The data of a frame, so many bytes, on a thread of Node's pool. The frame is released; nobody may have looked into its data. */
  compress(frame: NtNdArray, chunkBytes: number): Promise<Chunk>;
  /** Pixels of that type, in the same way. */
  compressBytes(pixels: Uint8Array, dtype: FrameData['dtype']): Promise<Chunk>;
  /** What was compressed elsewhere as a chunk of so many bytes, in parts; undefined if it does not fit. */
  taken(data: EncodedData, chunkBytes: number): readonly Uint8Array[] | undefined;
}

interface Method {
  /** Least, default and greatest; undefined when there are none. */
  readonly levels?: readonly [number, number, number];
  filter(level: number, elementBytes: number, chunkBytes: number): Filter;
  readonly encoding: Partial<Encoding> & Pick<Encoding, 'codec'>;
  /** What a file has before the bytes of the codec. */
  readonly header?: (chunkBytes: number) => Uint8Array;
  /** What comes with the header of HDF5's filter before it already, which has these two sizes first. */
  readonly mayHaveHeader?: true;
  /** What fits besides what is made here, and what a file has before it; undefined if these bytes do not fit. */
  readonly others?: Readonly<
    Partial<Record<string, (bytes: Uint8Array, chunkBytes: number) => Uint8Array[] | undefined>>
  >;
}

/** What HDF5's filters for LZ4, alone and with bitshuffle, have before their blocks: the length of all, and of a block. */
const HEADER_BYTES = 12;
const MAX_ELEMENT_BYTES = 8;

/**
 * The numbers of filters, and their parameters, are those of https://github.com/HDFGroup/hdf5_plugins: the parameters are what
 * the filter itself would have written.
 */
const methods: Readonly<Record<string, Method>> = {
  gzip: {
    levels: [1, 1, 9],
    filter: (level) => ({ id: 1, name: 'deflate', parameters: [level] }),
    encoding: { codec: 'zlib' },
  },
  lz4: {
    filter: () => ({ id: 32004, name: 'lz4', parameters: [0] }),
    encoding: { codec: 'lz4hdf5' },
    others: {
      lz4: (bytes, chunkBytes) => (hasHeader(bytes) ? asItIs(bytes, chunkBytes) : oneBlock(bytes, chunkBytes)),
    },
  },
  bslz4: {
    filter: (_level, elementBytes) => ({ id: 32008, name: 'bitshuffle', parameters: [0, 4, elementBytes, 0, 2] }),
    encoding: { codec: 'bslz4' },
    header: bitshuffleHeader,
    others: { bslz4: bitshuffled },
  },
  blosc: {
    levels: [0, 5, 9],
    filter: (level, elementBytes, chunkBytes) => {
      const [VERSION, FORMAT, BIT_SHUFFLE, LZ4] = [2, 2, 2, 1];
      return {
        id: 32001,
        name: 'blosc',
        parameters: [VERSION, FORMAT, elementBytes, chunkBytes, level, BIT_SHUFFLE, LZ4],
      };
    },
    encoding: { codec: 'blosc', compressor: 'lz4', shuffle: 2 },
    others: { blosc: (bytes, chunkBytes) => (isBloscOf(bytes, chunkBytes) ? [bytes] : undefined) },
  },
  zstd: {
    levels: [1, 3, 22],
    filter: (level) => ({ id: 32015, name: 'zstd', parameters: [level] }),
    encoding: { codec: 'zstd' },
  },
};

/** The names of `compression`. */
export const compressions: readonly string[] = ['none', ...Object.keys(methods)];

/** Undefined for `none`. @throws {PvaflowError} PVAFLOW_OPTION for another name, and a level that there is not */
export function compressorNamed(name: string, wanted?: number): Compressor | undefined {
  const method = methods[name];
  if (method === undefined && name !== 'none')
    throw new PvaflowError('PVAFLOW_OPTION', `compression must be ${compressions.join(', ')}, not ${name}`);
  const level = levelOf(name, method?.levels, wanted);
  if (method === undefined) return undefined;
  return {
    filter: (elementBytes, chunkBytes) => method.filter(level, elementBytes, chunkBytes),
    compress: (frame, chunkBytes) => encoded(frame, chunkBytes, method, level),
    compressBytes: (pixels, dtype) => encoded(frameOf(pixels, dtype), pixels.length, method, level),
    taken: (data, chunkBytes) => taken(data, method, chunkBytes),
  };
}

function levelOf(name: string, levels: Method['levels'], wanted: number | undefined): number {
  if (wanted === undefined) return levels?.[1] ?? 0;
  if (levels === undefined) throw new PvaflowError('PVAFLOW_OPTION', `compression ${name} has no compressionLevel`);
  const [least, , greatest] = levels;
  if (Number.isInteger(wanted) && wanted >= least && wanted <= greatest) return wanted;
  throw new PvaflowError('PVAFLOW_OPTION', `compressionLevel of ${name} is ${least} to ${greatest}, not ${wanted}`);
}

async function encoded(
  frame: NtNdArray,
  chunkBytes: number,
  { encoding, header }: Method,
  level: number,
): Promise<Chunk> {
  try {
    await encodeInBackground(frame, { level, blockSize: 0, compressor: '', shuffle: 0, threads: 1, ...encoding });
    const data = frame.data as Uint8Array;
    return { parts: header === undefined ? [data] : [header(chunkBytes), data], release: () => frame.release() };
  } catch (error) {
    frame.release();
    throw error;
  }
}

function frameOf(pixels: Uint8Array, dtype: FrameData['dtype']): NtNdArray {
  const { fieldKey, arrayType, bytes } = pixelFormatNamed(dtype === 'boolean' ? 'uint8' : dtype) as PixelFormat;
  const { buffer, byteOffset, byteLength } = pixels;
  const View = arrayType as unknown as new (buffer: ArrayBufferLike, from: number, count: number) => PixelArray;
  return new NtNdArray().set(`value.${fieldKey}`, new View(buffer, byteOffset, byteLength / bytes));
}

function taken({ codec, bytes }: EncodedData, { encoding, others }: Method, chunkBytes: number) {
  const other = others?.[codec];
  if (other !== undefined) return other(bytes(), chunkBytes);
  return codec === encoding.codec ? [bytes()] : undefined;
}

/** Whether HDF5's header stands before blocks of LZ4: neither a block nor what tells its length begins with four zeros. */
function hasHeader(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && bytes.subarray(0, 4).every((byte) => byte === 0);
}

/** With its header, which says how many bytes it makes, and how many a block has. */
function asItIs(bytes: Uint8Array, chunkBytes: number): Uint8Array[] | undefined {
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  return header.getUint32(4) === chunkBytes && header.getUint32(8) > 0 ? [bytes] : undefined;
}

/** Less than eight elements are as they were, and may begin with anything: whoever decodes them knows. */
function bitshuffled(bytes: Uint8Array, chunkBytes: number): Uint8Array[] | undefined {
  if (chunkBytes < 8 * MAX_ELEMENT_BYTES) return undefined;
  return hasHeader(bytes) ? asItIs(bytes, chunkBytes) : [bitshuffleHeader(chunkBytes), bytes];
}

/** Bytes of the image, and of a block of bitshuffle. */
function bitshuffleHeader(chunkBytes: number): Uint8Array {
  const BLOCK_BYTES = 8192;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeBigUInt64BE(BigInt(chunkBytes));
  header.writeUInt32BE(BLOCK_BYTES, 8);
  return header;
}

/** A single block of LZ4: its size and that of the block when decoded, and the size of what follows. Were both equal, it would not be decoded. */
function oneBlock(bytes: Uint8Array, chunkBytes: number): Uint8Array[] | undefined {
  if (chunkBytes >= 2 ** 31 || bytes.length === chunkBytes) return undefined;
  const header = Buffer.alloc(16);
  header.writeBigUInt64BE(BigInt(chunkBytes));
  header.writeUInt32BE(chunkBytes, 8);
  header.writeUInt32BE(bytes.length, 12);
  return [header, bytes];
}

/** Whether the header of what blosc compressed says these sizes. https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst */
function isBloscOf(bytes: Uint8Array, chunkBytes: number): boolean {
  if (bytes.length < 16) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return header.getUint32(4, true) === chunkBytes && header.getUint32(12, true) === bytes.length;
}
