import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../../src/image/files/file-pixels.js';
import { npyHeader } from '../../../src/image/files/npy-header.js';
import { npyLayout, readNpy, readNpyFile } from '../../../src/image/files/npy-reader.js';
import { pixelFormats, type PixelType } from '../../../src/pva/normative/pixel-types.js';
import { numbered } from '../frames.js';

const values = [0, 1, 2, 100, 101, 127];

/** A file with a header as somebody else may have written it. */
function file(header: string, data: Uint8Array, version = 1): Uint8Array {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, Buffer.from(header), data]);
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;

function bigEndian(dtype: PixelType): Uint8Array {
  const bytes = Buffer.from(bytesOf(numbered(dtype, values)));
  const size = bytes.length / values.length;
  return size === 1 ? bytes : size === 2 ? bytes.swap16() : size === 4 ? bytes.swap32() : bytes.swap64();
}

describe.each(pixelFormats)('$dtype', ({ dtype, bytes }) => {
  const data = numbered(dtype, values);

  test('as it is written here', () => {
    const written = Buffer.concat([npyHeader(dtype, [2, 3]), bytesOf(data)]);
    expect(readNpy(written)).toEqual({ dtype, shape: [2, 3], data });
    const odd = new Uint8Array(written.length + 1).subarray(1); // no view of elements may begin here
    odd.set(written);
    expect(readNpy(odd)).toEqual({ dtype, shape: [2, 3], data });
  });

  test('in the other byte order, in the other order of dimensions', () => {
    const kind = dtype === 'boolean' ? 'b' : (dtype[0] as string);
    const type = `'>${kind}${bytes}'`;
    expect(readNpy(file(header(type, '(6,)'), bigEndian(dtype)))).toEqual({ dtype, shape: [6], data });
    const { data: turned } = readNpy(file(header(type, '(2, 3)', 'True'), bigEndian(dtype), 2));
    expect(Array.from(turned, Number)).toEqual([0, 2, 101, 1, 100, 127]);
    const { data: deep } = readNpy(file(header(type, '(1, 3, 2)', 'True'), bigEndian(dtype), 3));
    expect(Array.from(deep, Number)).toEqual([0, 100, 1, 101, 2, 127]);
  });
});

test('the layout alone, of the first bytes', () => {
  const head = npyHeader('uint16', [10, 480, 640]);
  expect(npyLayout(head)).toEqual({
    dtype: 'uint16', shape: [10, 480, 640], isFortranOrder: false, isLittleEndian: true, dataOffset: head.length,
  }); // prettier-ignore
  expect(npyLayout(npyHeader('float64', []))).toMatchObject({ shape: [] });
});

describe('what is refused', () => {
  const nothing = new Uint8Array(0);
  const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;
  test.each([
    ['no NPY file', Buffer.from('II*\0 a TIFF file')],
    ['an empty one', nothing],
    ['one of a later version', file(header("'<u2'", '(0,)'), nothing, 4)],
    ['a header that ends early', npyHeader('uint8', [1]).subarray(0, 60)],
    ['a header without a shape', file("{'descr': '<u2', 'fortran_order': False}", nothing)],
    ['data that ends early', Buffer.concat([npyHeader('uint16', [2, 3]), new Uint8Array(11)])],
    ['more elements than there are numbers', file(header("'|u1'", `(${'9'.repeat(400)},)`), nothing)],
  ])('%s', (_, bytes) => {
    expect(() => readNpy(bytes)).toThrow(code('PVAFLOW_FILE_CONTENT'));
  });
  test.each(["'<f2'", "'<c16'", "'|O'", "'<U5'", "[('x', '<f4'), ('y', '<f4')]"])('elements of type %s', (descr) => {
    expect(() => readNpy(file(header(descr, '(1,)'), new Uint8Array(64)))).toThrow(code('PVAFLOW_FILE_DTYPE'));
  });
});

test('a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-npy-'));
  try {
    const path = join(folder, 'dark.npy');
    writeFileSync(path, Buffer.concat([npyHeader('uint8', [3]), Uint8Array.of(1, 2, 3)]));
    expect(await readNpyFile(path)).toEqual({ dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 3) });
    writeFileSync(path, 'nothing');
    await expect(readNpyFile(path)).rejects.toThrow(`${path} is no NPY file`);
    await expect(readNpyFile(join(folder, 'none.npy'))).rejects.toMatchObject({ code: 'PVAFLOW_FILE_READ' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
