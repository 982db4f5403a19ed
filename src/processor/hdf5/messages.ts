import { ByteWriter } from './byte-writer.js';
import { datatypeMessage, numberTypes, type Datatype } from './datatype.js';

/** One message of an object header. */
export interface Message {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The sizes of a dataset; without any it is one value. */
export interface Dataspace {
  readonly sizes: readonly number[];
  /** To which it may grow; as `sizes` if not given. */
  readonly maximum?: readonly number[];
}

const SIMPLE = 1;
const SCALAR = 0;

function dataspaceBody({ sizes, maximum }: Dataspace): Buffer {
  const out = new ByteWriter().u8(2, sizes.length, maximum === undefined ? 0 : 1, sizes.length === 0 ? SCALAR : SIMPLE);
  for (const size of [...sizes, ...(maximum ?? [])]) out.u64(size);
  return out.done();
}

export function dataspace(space: Dataspace): Message {
  return { type: 0x01, body: dataspaceBody(space) };
}

export function datatype(type: Datatype): Message {
  return { type: 0x03, body: datatypeMessage(type) };
}

/** What a group begins with: its links stand in its header. */
export function groupInfo(): readonly Message[] {
  const linkInfo = new ByteWriter().u8(0, 0).u64(-1).u64(-1).done();
  return [
    { type: 0x02, body: linkInfo },
    { type: 0x0a, body: Buffer.from([0, 0]) },
  ];
}

/** How elements read that were never written: as zeros. Space is allocated late, or chunk by chunk. */
export function fillValue(isChunked: boolean): Message {
  return { type: 0x05, body: Buffer.from([3, isChunked ? 0x0b : 0x0a]) };
}

/** An object of a group, by the address of its header. */
export function hardLink(name: string, address: number): Message {
  const bytes = Buffer.from(name);
  const UTF8 = 1;
  const HAS_CHARSET = 0x10;
  const TWO_BYTES = 0x01;
  const out = new ByteWriter()
    .u8(1, HAS_CHARSET | TWO_BYTES, UTF8)
    .u16(bytes.length)
    .bytes(bytes)
    .u64(address);
  return { type: 0x06, body: out.done() };
}

/** The elements lie one behind the other. */
export function contiguousLayout(address: number, bytes: number): Message {
  return { type: 0x08, body: new ByteWriter().u8(4, 1).u64(address).u64(bytes).done() };
}

/** The elements lie in chunks, which a fixed array lists. `chunk` ends with the size of an element. */
export function fixedArrayLayout(chunk: readonly number[], pageBits: number, header: number): Message {
  const FIXED_ARRAY = 3;
  const width = Math.floor((Math.floor(Math.log2(Math.max(...chunk))) + 8) / 8); // the least that holds them all
  const out = new ByteWriter().u8(4, 2, 0, chunk.length, width);
  for (const size of chunk) out.uint(size, width);
  return { type: 0x08, body: out.u8(FIXED_ARRAY, pageBits).u64(header).done() };
}

/** What was done to chunks before they were written. https://github.com/HDFGroup/hdf5_plugins has the numbers. */
export interface Filter {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly number[];
}

export function filterPipeline(filters: readonly Filter[]): Message {
  const out = new ByteWriter().u8(2, filters.length);
  for (const { id, name, parameters } of filters) {
    const label = Buffer.from(`${name}\0`);
    out.u16(id);
    if (id >= 256) out.u16(label.length);
    out.u16(0).u16(parameters.length);
    if (id >= 256) out.bytes(label);
    for (const parameter of parameters) out.u32(parameter);
  }
  return { type: 0x0b, body: out.done() };
}

/** The value of an attribute: a text, several, a number (a whole one is an int64, else a float64). */
export type AttributeValue = string | number | readonly string[];

export function attribute(name: string, value: AttributeValue): Message {
  const { type, space, data } = encoded(value);
  const label = Buffer.from(`${name}\0`);
  const [typeBody, spaceBody] = [datatypeMessage(type), dataspaceBody(space)];
  const UTF8 = 1;
  const out = new ByteWriter().u8(3, 0).u16(label.length).u16(typeBody.length).u16(spaceBody.length).u8(UTF8);
  return { type: 0x0c, body: out.bytes(label).bytes(typeBody).bytes(spaceBody).bytes(data).done() };
}

function encoded(value: AttributeValue): { type: Datatype; space: Dataspace; data: Buffer } {
  if (typeof value === 'number') {
    const isWhole = Number.isSafeInteger(value);
    const data = Buffer.alloc(8);
    if (isWhole) data.writeBigInt64LE(BigInt(value));
    else data.writeDoubleLE(value);
    return { type: isWhole ? numberTypes.int64 : numberTypes.float64, space: { sizes: [] }, data };
  }
  const texts = (typeof value === 'string' ? [value] : value).map((text) => Buffer.from(text));
  const bytes = Math.max(1, ...texts.map(({ length }) => length));
  const data = Buffer.alloc(bytes * texts.length);
  texts.forEach((text, i) => text.copy(data, i * bytes));
  return { type: { kind: 'text', bytes }, space: { sizes: typeof value === 'string' ? [] : [texts.length] }, data };
}
