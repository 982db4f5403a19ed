import { PvaflowError } from '../../core/errors.js';
import { encodeInBackground, type Encoding } from '../../pva/normative/image-codec.js';
import { bytesOf, type FrameData } from './frame-format.js';
import type { Filter } from './messages.js';

/** An image as it is written. */
export interface Chunk {
  readonly parts: readonly Uint8Array[];
  /** Gives its memory back. */
  release(): void;
}

/** How images are compressed, each by itself, and how a reader is told. */
export interface Compressor {
  /** For elements of so many bytes, in images of so many. */
  filter(elementBytes: number, imageBytes: number): Filter;
  /** On a thread of Node's pool. */
  compress(frame: FrameData): Promise<Chunk>;
}

interface Method {
  /** Least, default and greatest; undefined when there are none. */
  readonly levels?: readonly [number, number, number];
  filter(level: number, elementBytes: number, imageBytes: number): Filter;
  readonly encoding: Partial<Encoding> & Pick<Encoding, 'codec'>;
  /** What a file has before the bytes of the codec. */
  readonly header?: (imageBytes: number) => Uint8Array;
}

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
  },
  bslz4: {
    filter: (_level, elementBytes) => ({ id: 32008, name: 'bitshuffle', parameters: [0, 4, elementBytes, 0, 2] }),
    encoding: { codec: 'bslz4' },
    header: bitshuffleHeader,
  },
  blosc: {
    levels: [0, 5, 9],
    filter: (level, elementBytes, imageBytes) => {
      const [VERSION, FORMAT, BIT_SHUFFLE, LZ4] = [2, 2, 2, 1];
      return {
        id: 32001,
        name: 'blosc',
        parameters: [VERSION, FORMAT, elementBytes, imageBytes, level, BIT_SHUFFLE, LZ4],
      };
    },
    encoding: { codec: 'blosc', compressor: 'lz4', shuffle: 2 },
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
    filter: (elementBytes, imageBytes) => method.filter(level, elementBytes, imageBytes),
    compress: (frame) => encoded(frame, method, level),
  };
}

function levelOf(name: string, levels: Method['levels'], wanted: number | undefined): number {
  if (wanted === undefined) return levels?.[1] ?? 0;
  if (levels === undefined) throw new PvaflowError('PVAFLOW_OPTION', `compression ${name} has no compressionLevel`);
  const [least, , greatest] = levels;
  if (Number.isInteger(wanted) && wanted >= least && wanted <= greatest) return wanted;
  throw new PvaflowError('PVAFLOW_OPTION', `compressionLevel of ${name} is ${least} to ${greatest}, not ${wanted}`);
}

async function encoded(frame: FrameData, { encoding, header }: Method, level: number): Promise<Chunk> {
  const copy = frame.copy();
  try {
    await encodeInBackground(copy, { level, blockSize: 0, compressor: '', shuffle: 0, threads: 1, ...encoding });
    const data = copy.data as Uint8Array;
    return { parts: header === undefined ? [data] : [header(bytesOf(frame)), data], release: () => copy.release() };
  } catch (error) {
    copy.release();
    throw error;
  }
}

/** Bytes of the image, and of a block of bitshuffle. */
function bitshuffleHeader(imageBytes: number): Uint8Array {
  const BLOCK_BYTES = 8192;
  const header = Buffer.alloc(12);
  header.writeBigUInt64BE(BigInt(imageBytes));
  header.writeUInt32BE(BLOCK_BYTES, 8);
  return header;
}
