/** Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
import { endianness } from 'node:os';
import type { PixelType } from '../../pva/normative/pixel-types.js';

const order = endianness() === 'LE' ? '<' : '>';
const MAGIC = '\x93NUMPY';
const ALIGNMENT = 64;

/** The bytes in front of the elements of an array in C order. */
export function npyHeader(dtype: PixelType, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '${npyType(dtype)}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = Math.ceil((MAGIC.length + 4 + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = Buffer.alloc(length, ' ', 'latin1');
  header.write(MAGIC, 'latin1');
  header.writeUInt16LE(1, MAGIC.length); // version 1.0
  header.writeUInt16LE(length - MAGIC.length - 4, MAGIC.length + 2);
  header.write(text, MAGIC.length + 4, 'latin1');
  header.write('\n', length - 1);
  return header;
}

/** `<u2` for uint16. */
function npyType(dtype: PixelType): string {
  if (dtype === 'boolean') return '|b1';
  const [, kind = '', bits = ''] = /^(u?int|float)(\d+)$/.exec(dtype) ?? [];
  const letter = { int: 'i', uint: 'u', float: 'f' }[kind] ?? '';
  return `${bits === '8' ? '|' : order}${letter}${Number(bits) / 8}`;
}
