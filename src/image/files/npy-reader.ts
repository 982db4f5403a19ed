/** Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { messageOf, PvaflowError } from '../../core/errors.js';
import { pixelFormatNamed, type PixelArray, type PixelType } from '../../pva/normative/pixel-types.js';

/** What the header of an NPY file says. */
export interface NpyLayout {
  readonly dtype: PixelType;
  /** First the dimension that varies slowest, unless `isFortranOrder`. */
  readonly shape: readonly number[];
  /** Whether the first dimension varies fastest. */
  readonly isFortranOrder: boolean;
  readonly isLittleEndian: boolean;
  /** Where the elements begin, in bytes. */
  readonly dataOffset: number;
}

/** An array, in the byte order of this machine, its last dimension the one that varies fastest. */
export interface NpyArray {
  readonly dtype: PixelType;
  readonly shape: readonly number[];
  readonly data: PixelArray;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** Headers of arrays of numbers have 128 bytes; what says to have more than this is damaged. */
const MAX_HEADER = 2 ** 20;
const MAX_DIMENSIONS = 32;

/**
 * @param head the first bytes of a file, with its whole header
 * @param name of the file, for messages
 * @throws {PvaflowError} PVAFLOW_FILE_CONTENT when it is no NPY file, PVAFLOW_FILE_DTYPE when its elements are no pixels
 */
export function npyLayout(head: Uint8Array, name = 'the file'): NpyLayout {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const [major = 0] = bytes.subarray(MAGIC.length);
  if (bytes.length < MAGIC.length + 6 || !bytes.subarray(0, MAGIC.length).equals(MAGIC) || major < 1 || major > 3)
    throw damaged(name, 'is no NPY file');
  const start = MAGIC.length + (major === 1 ? 4 : 6);
  const length = major === 1 ? bytes.readUInt16LE(MAGIC.length + 2) : bytes.readUInt32LE(MAGIC.length + 2);
  if (length > MAX_HEADER || start + length > bytes.length) throw damaged(name, 'ends within its header');
  const text = bytes.toString('latin1', start, start + length);
  const [, order] = /'fortran_order'\s*:\s*(True|False)/.exec(text) ?? [];
  const [, sizes] = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text) ?? [];
  const shape = sizes?.split(',').filter((size) => size.trim() !== '');
  if (order === undefined || shape === undefined || shape.length > MAX_DIMENSIONS)
    throw damaged(name, `has a header that cannot be read: ${text.trim()}`);
  const [, byteOrder = '', type = ''] = /'descr'\s*:\s*'([<>|=])?(\w+)'/.exec(text) ?? [];
  return {
    dtype: pixelType(type, name, text),
    shape: shape.map(Number),
    isFortranOrder: order === 'True',
    isLittleEndian: byteOrder === '<' || (byteOrder !== '>' && endianness() === 'LE'),
    dataOffset: start + length,
  };
}

/**
 * The array of an NPY file. Its data is a view of `bytes` where it lies in them as it is wanted, else a copy.
 *
 * @param name of the file, for messages
 * @throws {PvaflowError} as `npyLayout`; PVAFLOW_FILE_CONTENT when it ends early
 */
export function readNpy(bytes: Uint8Array, name = 'the file'): NpyArray {
  const { dtype, shape, isFortranOrder, isLittleEndian, dataOffset } = npyLayout(bytes, name);
  const { arrayType, bytes: size } = pixelFormatNamed(dtype) as NonNullable<ReturnType<typeof pixelFormatNamed>>;
  const count = shape.reduce((product, each) => product * each, 1);
  const found = bytes.length - dataOffset;
  if (!(count * size <= found))
    throw damaged(name, `ends early: ${shape.join(' × ')} of ${dtype} are ${count * size} bytes, it has ${found}`);
  let data = bytes.subarray(dataOffset, dataOffset + count * size);
  const isNative = size === 1 || isLittleEndian === (endianness() === 'LE');
  if (!isNative || data.byteOffset % size !== 0) data = new Uint8Array(data);
  if (!isNative) swapBytes(data, size);
  const View = arrayType as unknown as new (buffer: ArrayBufferLike, offset: number, length: number) => PixelArray;
  const elements = new View(data.buffer, data.byteOffset, count);
  return { dtype, shape, data: isFortranOrder && shape.length > 1 ? inCOrder(elements, shape) : elements };
}

/** As `readNpy`. @throws {PvaflowError} PVAFLOW_FILE_READ when the file cannot be read */
export async function readNpyFile(path: string): Promise<NpyArray> {
  let bytes;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new PvaflowError('PVAFLOW_FILE_READ', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return readNpy(bytes, path);
}

/** `u2` is uint16. */
function pixelType(type: string, name: string, header: string): PixelType {
  if (type === 'b1') return 'boolean';
  const [, letter = '', bytes = ''] = /^([iuf])(\d+)$/.exec(type) ?? [];
  const kind = { i: 'int', u: 'uint', f: 'float' }[letter] ?? '';
  const format = pixelFormatNamed(`${kind}${Number(bytes) * 8}`);
  if (format !== undefined) return format.dtype;
  const what = type === '' ? `no numbers (${header.trim()})` : `elements of type ${type}`;
  throw new PvaflowError(
    'PVAFLOW_FILE_DTYPE',
    `${name} has ${what}: save integers of 8 to 64 bits, float32 or float64`,
  );
}

function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** A copy of an array whose first dimension varies fastest, with the last one doing so. */
function inCOrder(data: PixelArray, shape: readonly number[]): PixelArray {
  const target = data.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < target.length; to++) {
    target[to] = data[from] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size, stride] = [shape[axis] as number, strides[axis] as number];
      const next = (index[axis] as number) + 1;
      from += stride;
      index[axis] = next;
      if (next < size) break;
      from -= size * stride;
      index[axis] = 0;
    }
  }
  return target;
}

function damaged(name: string, what: string): PvaflowError {
  return new PvaflowError('PVAFLOW_FILE_CONTENT', `${name} ${what}`);
}
