import { pixelFormatOf } from '../../pva/normative/pixel-types.js';
import type { Fact, FactArray } from './column.js';
import { numberTypes, type Datatype } from './datatype.js';

/** What an attribute is: a number, a text, or an array of one of these. */
export type AttributeFact = NonNullable<Fact>;
type Items = FactArray | readonly [number | bigint | string];

/** What a file has of an attribute for each frame. */
export interface AttributeColumn {
  readonly type: Datatype;
  /** Of arrays: for so many elements there is room. Absent: one value each. */
  readonly length?: number;
  /** Of arrays: whether frames may have fewer elements, or no such attribute; the file says then how many each has. */
  readonly isRagged?: boolean;
}

const LEAST_TEXT_BYTES = 256; // as areaDetector
const LEAST_BYTES_IN_ARRAYS = 32; // any number as a text is shorter
const MAX_INT64 = 2n ** 63n - 1n;

/** The column for an attribute of which nothing is known but this. */
export function columnFor(fact: AttributeFact): AttributeColumn {
  const items = itemsOf(fact);
  if (!isArray(fact)) return { type: typeFor(items) ?? textFor(items, LEAST_TEXT_BYTES) };
  const type = typeFor(items) ?? textFor(items, LEAST_BYTES_IN_ARRAYS);
  return items.length > 0 ? { type, length: items.length } : { type, length: 1, isRagged: true };
}

/** Whether a column has room for the attribute of a frame; undefined for a frame without it. */
export function hasRoom({ type, length, isRagged = false }: AttributeColumn, fact: Fact): boolean {
  if (fact === undefined) return length === undefined || isRagged;
  if (length === undefined) return !isArray(fact) && holds(type, itemsOf(fact));
  const items = itemsOf(fact);
  return (isRagged ? items.length <= length : items.length === length) && holds(type, items);
}

/** The column with room for the attribute of a frame as well as for all that it had room for. */
export function widened(column: AttributeColumn, fact: Fact): AttributeColumn {
  if (hasRoom(column, fact)) return column;
  if (fact === undefined) return { ...column, isRagged: true };
  const { type, length = 1 } = column;
  const items = itemsOf(fact);
  const isOne = column.length === undefined && !isArray(fact);
  const held = holds(type, items) ? type : commonType(type, items, isOne ? LEAST_TEXT_BYTES : LEAST_BYTES_IN_ARRAYS);
  if (isOne) return { type: held };
  const isRagged = column.isRagged === true || items.length !== column.length;
  return { type: held, length: items.length <= length ? length : powerOf2(items.length), isRagged };
}

/** How many elements a frame has in a ragged column; -1 for a frame without the attribute. */
export function lengthOf(fact: Fact): number {
  return fact === undefined ? -1 : itemsOf(fact).length;
}

function isArray(fact: AttributeFact): fact is FactArray {
  return typeof fact === 'object';
}

function itemsOf(fact: AttributeFact): Items {
  return isArray(fact) ? fact : [fact];
}

function holds(type: Datatype, items: Items): boolean {
  if (type.kind === 'text') return longest(items) <= type.bytes;
  const own = typeFor(items);
  return own === type || (type === numberTypes.float64 && own !== undefined && isExactInFloat64(own));
}

/** A type of numbers that holds them; undefined when they must be texts. */
function typeFor(items: Items): Datatype | undefined {
  const format = pixelFormatOf(items);
  if (format !== undefined) return numberTypes[format.dtype];
  const [first] = items;
  if (typeof first === 'number') return numberTypes.float64;
  return typeof first === 'bigint' && first <= MAX_INT64 ? numberTypes.int64 : undefined;
}

function commonType(type: Datatype, items: Items, leastTextBytes: number): Datatype {
  const own = typeFor(items);
  const isNumber = own !== undefined && isExactInFloat64(own) && isExactInFloat64(type);
  return isNumber ? numberTypes.float64 : textFor(items, type.kind === 'text' ? type.bytes : leastTextBytes);
}

function isExactInFloat64({ kind, bytes }: Datatype): boolean {
  return kind === 'float' || (kind === 'integer' && bytes <= 4);
}

function textFor(items: Items, leastBytes: number): Datatype {
  return { kind: 'text', bytes: Math.max(leastBytes, powerOf2(longest(items))) };
}

function longest(items: Items): number {
  let bytes = 1;
  for (const item of items) bytes = Math.max(bytes, Buffer.byteLength(String(item)));
  return bytes;
}

function powerOf2(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}
