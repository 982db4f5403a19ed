import type { PixelType } from '../../../../pva/normative/pixel-types.js';
import { pixelFormatNamed } from '../../../../pva/normative/pixel-types.js';
import { Cursor } from './cursor.js';
import { Message, type ObjectHeader } from './object-header.js';

/** A filter that chunks went through when they were written. */
export interface StoredFilter {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly number[];
}

/** Where the elements are. */
export type Layout =
  | { readonly kind: 'compact'; readonly data: Buffer }
  | { readonly kind: 'contiguous'; readonly address: number }
  | {
      readonly kind: 'chunked';
      /** Elements of a chunk in each dimension. */
      readonly chunk: readonly number[];
      readonly index: 'btree' | 'single' | 'implicit' | 'fixedArray' | 'extensibleArray';
      readonly address: number;
      /** Of a single chunk that is filtered. */
      readonly size?: number;
      readonly mask?: number;
    };

/** What a dataset says of its elements. */
export interface DatasetInfo {
  readonly shape: readonly number[];
  /** To which it may grow; -1 for no limit. */
  readonly limits: readonly number[];
  readonly dtype: PixelType;
  readonly isLittleEndian: boolean;
  readonly layout: Layout;
  readonly filters: readonly StoredFilter[];
  /** The bytes of an element that was never written. */
  readonly fill: Buffer | undefined;
}

/** Undefined when its elements are no numbers. @throws {PvaflowError} PVAFLOW_FILE_CONTENT when it is stored in a way that is not read */
export function datasetInfo(header: ObjectHeader): DatasetInfo | undefined {
  const space = header.one(Message.Dataspace);
  const type = header.messages.find((message) => message.type === Number(Message.Datatype));
  if (space === undefined || type === undefined || type.isShared) return undefined;
  const element = elementType(new Cursor(type.data, header.storage.widths));
  if (element === undefined) return undefined;
  return {
    ...dataspace(space),
    ...element,
    layout: layoutOf(header),
    filters: filtersOf(header),
    fill: fillOf(header),
  };
}

function dataspace(cursor: Cursor): { shape: number[]; limits: number[] } {
  const [version, rank, flags] = [cursor.u8(), cursor.u8(), cursor.u8()];
  cursor.skip(version === 1 ? 5 : 1);
  const shape = Array.from({ length: rank }, () => cursor.length());
  return { shape, limits: flags & 1 ? shape.map(() => cursor.length()) : shape };
}

const FIXED = 0;
const FLOAT = 1;
const ENUM = 8;

function elementType(cursor: Cursor): { dtype: PixelType; isLittleEndian: boolean } | undefined {
  const kind = cursor.u8() & 0x0f;
  const flags = cursor.u8();
  const size = cursor.skip(2).u32();
  if (kind === ENUM) return elementType(cursor);
  const isSigned = (flags & 8) !== 0;
  const name = kind === FLOAT ? 'float' : kind === FIXED ? (isSigned ? 'int' : 'uint') : '';
  const dtype = pixelFormatNamed(`${name}${8 * size}`)?.dtype;
  return dtype && { dtype, isLittleEndian: (flags & 1) === 0 };
}

function layoutOf(header: ObjectHeader): Layout {
  const { storage } = header;
  const cursor = header.one(Message.Layout) ?? new Cursor(Buffer.alloc(0), storage.widths);
  const [version, kind] = [cursor.u8(), cursor.u8()];
  if (version < 3) throw storage.file.damaged(`has a dataset whose layout is of version ${version}, which is not read`);
  if (kind === 0) return { kind: 'compact', data: cursor.take(cursor.u16()) };
  if (kind === 1) return { kind: 'contiguous', address: cursor.address() };
  if (kind !== 2)
    throw storage.file.damaged('has a virtual dataset, which is not read: name one of the files that it refers to');
  if (version > 3) return newChunks(cursor, (what) => storage.file.damaged(what));
  const rank = cursor.u8();
  const address = cursor.address();
  const chunk = Array.from({ length: rank - 1 }, () => cursor.u32());
  return { kind: 'chunked', index: 'btree', chunk, address };
}

function newChunks(cursor: Cursor, refuse: (what: string) => Error): Layout {
  const [flags, rank, width] = [cursor.u8(), cursor.u8(), cursor.u8()];
  const chunk = Array.from({ length: rank }, () => cursor.uint(width)).slice(0, -1);
  switch (cursor.u8()) {
    case 1: {
      const filtered = flags & 2 ? { size: cursor.length(), mask: cursor.u32() } : {};
      return { kind: 'chunked', index: 'single', chunk, ...filtered, address: cursor.address() };
    }
    case 2:
      return { kind: 'chunked', index: 'implicit', chunk, address: cursor.address() };
    case 3:
      return { kind: 'chunked', index: 'fixedArray', chunk, address: cursor.skip(1).address() };
    case 4:
      return { kind: 'chunked', index: 'extensibleArray', chunk, address: cursor.skip(5).address() };
    default:
      throw refuse('has a dataset with several dimensions without a limit, which is not read: copy it by h5repack');
  }
}

const FIRST_WITH_NAME = 256;

function filtersOf(header: ObjectHeader): StoredFilter[] {
  const cursor = header.one(Message.Filters);
  if (cursor === undefined) return [];
  const [version, count] = [cursor.u8(), cursor.u8()];
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const nameLength = version === 1 || id >= FIRST_WITH_NAME ? cursor.u16() : 0;
    const values = cursor.skip(2).u16();
    const name = cursor.take(version === 1 ? 8 * Math.ceil(nameLength / 8) : nameLength).toString('latin1');
    const parameters = Array.from({ length: values }, () => cursor.u32());
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    return { id, name: name.replace(/\0.*$/s, ''), parameters };
  });
}

function fillOf(header: ObjectHeader): Buffer | undefined {
  const cursor = header.one(Message.FillValue);
  if (cursor === undefined) return undefined;
  const version = cursor.u8();
  const isDefined = version >= 3 ? (cursor.u8() & 0x20) !== 0 : cursor.skip(2).u8() === 1;
  if (!isDefined || cursor.left < 4) return undefined;
  const size = cursor.u32();
  return size > 0 ? Buffer.from(cursor.take(size)) : undefined;
}
