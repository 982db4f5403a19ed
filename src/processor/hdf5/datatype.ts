import { ByteWriter } from './byte-writer.js';

/** What an element is: a number of so many bytes in little-endian order, or a text of fixed length, padded with zeros. */
export type Datatype =
  | { readonly kind: 'integer'; readonly bytes: number; readonly isSigned: boolean }
  | { readonly kind: 'float'; readonly bytes: 4 | 8 }
  | { readonly kind: 'text'; readonly bytes: number };

const integer = (bytes: number, isSigned: boolean): Datatype => ({ kind: 'integer', bytes, isSigned });

/** By the names of numpy; booleans are bytes that are 0 or 1. */
export const numberTypes = {
  boolean: integer(1, false),
  int8: integer(1, true),
  uint8: integer(1, false),
  int16: integer(2, true),
  uint16: integer(2, false),
  int32: integer(4, true),
  uint32: integer(4, false),
  int64: integer(8, true),
  uint64: integer(8, false),
  float32: { kind: 'float', bytes: 4 },
  float64: { kind: 'float', bytes: 8 },
} as const satisfies Record<string, Datatype>;

const CLASS = { integer: 0, float: 1, text: 3 } as const;
const VERSION = 1;
const UTF8_NULL_PADDED = 0x11;

/** The message "Datatype". */
export function datatypeMessage(type: Datatype): Buffer {
  const out = new ByteWriter().u8((VERSION << 4) | CLASS[type.kind]);
  const bits = 8 * type.bytes;
  switch (type.kind) {
    case 'integer':
      return out
        .u8(type.isSigned ? 0x08 : 0, 0, 0)
        .u32(type.bytes)
        .u16(0)
        .u16(bits)
        .done();
    case 'text':
      return out.u8(UTF8_NULL_PADDED, 0, 0).u32(type.bytes).done();
    case 'float': {
      const [exponent, mantissa, bias] = type.bytes === 4 ? [8, 23, 127] : [11, 52, 1023];
      // the highest bit of the mantissa is implied; the sign is the last bit
      out
        .u8(0x20, bits - 1, 0)
        .u32(type.bytes)
        .u16(0)
        .u16(bits);
      return out.u8(mantissa, exponent, 0, mantissa).u32(bias).done();
    }
  }
}
