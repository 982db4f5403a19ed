/**
 * The arrays in which newer files list their chunks: fixed ones, and those that grow in one dimension.
 *
 * Source: sections VII.C and VII.D of https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
import type { StoredChunk } from './chunk-index.js';
import type { Cursor } from './cursor.js';
import { NOWHERE } from './cursor.js';
import type { Storage } from './storage.js';

const CHECKSUM = 4;

/** What elements are. */
export interface ElementKind {
  /** Bytes of a chunk that no filter changed. */
  readonly plainSize: number;
  readonly isFiltered: boolean;
}

/** Puts the elements of blocks in their places, one block after the other. */
class Elements {
  readonly chunks = new Map<number, StoredChunk>();
  next = 0;

  constructor(
    readonly kind: ElementKind,
    /** Bytes of an element. */
    readonly size: number,
  ) {}

  read(cursor: Cursor, count: number): void {
    const { plainSize, isFiltered } = this.kind;
    const sizeBytes = this.size - cursor.widths.offset - 4;
    for (let i = 0; i < count; i++, this.next++) {
      const address = cursor.address();
      const [size, mask] = isFiltered ? [cursor.uint(sizeBytes), cursor.u32()] : [plainSize, 0];
      if (address !== NOWHERE) this.chunks.set(this.next, { address, size, mask });
    }
  }

  /** A block of elements, in pages where there are many. @param at where its elements begin, from its address on */
  async readBlock(storage: Storage, address: number, at: number, count: number, pageElements: number): Promise<void> {
    if (address === NOWHERE) {
      this.next += count;
      return;
    }
    const isPaged = count > pageElements;
    const pages = isPaged ? Math.ceil(count / pageElements) : 1;
    const length = count * this.size + pages * CHECKSUM;
    const cursor = await storage.read(address + at, length);
    for (let page = 0; page < pages; page++) {
      this.read(cursor, Math.min(count - page * pageElements, isPaged ? pageElements : count));
      cursor.skip(CHECKSUM);
    }
  }
}

export async function chunksOfFixedArray(storage: Storage, address: number, kind: ElementKind) {
  const { offset, length } = storage.widths;
  const header = (await storage.read(address, 8 + length + offset)).expect('FAHD').skip(2);
  const [elementSize, pageBits, count, block] = [header.u8(), header.u8(), header.length(), header.address()];
  const elements = new Elements(kind, elementSize);
  const pageElements = 2 ** pageBits;
  const prefix = 6 + offset; // signature, version, what it is of, address of the header
  // With pages, a bit for each that was written, and a checksum, stand before them.
  const pages = count > pageElements ? Math.ceil(Math.ceil(count / pageElements) / 8) + CHECKSUM : 0;
  if (pages > 0) await refuseUnwritten(storage, block, prefix, count, pageElements);
  await elements.readBlock(storage, block, prefix + pages, count, pageElements);
  return elements.chunks;
}

/** Pages that were never written hold anything. */
async function refuseUnwritten(storage: Storage, block: number, prefix: number, count: number, pageElements: number) {
  const pages = Math.ceil(count / pageElements);
  const bits = await storage.read(block + prefix, Math.ceil(pages / 8));
  for (let page = 0; page < pages; page++)
    if (((bits.bytes[page >> 3] as number) & (0x80 >> (page & 7))) === 0)
      throw storage.file.damaged('has a large dataset of which parts were never written, which is not read');
}

export async function chunksOfExtensibleArray(storage: Storage, address: number, kind: ElementKind) {
  const { offset, length } = storage.widths;
  const header = (await storage.read(address, 12 + 6 * length + offset)).expect('EAHD').skip(2);
  const [elementSize, maxBits, inIndex, leastElements, leastPointers, pageBits] = [
    header.u8(),
    header.u8(),
    header.u8(),
    header.u8(),
    header.u8(),
    header.u8(),
  ];
  const used = header.skip(4 * length).length();
  const index = header.skip(length).address();
  const elements = new Elements(kind, elementSize);
  if (index === NOWHERE) return elements.chunks;

  const superBlocks = 1 + maxBits - Math.log2(leastElements);
  const direct = 2 * Math.log2(leastPointers); // so many have their blocks' addresses in the index block
  const directBlocks = 2 * (leastPointers - 1);
  const head = 6 + offset;
  const addresses = directBlocks + (superBlocks - direct);
  const cursor = (await storage.read(index, head + inIndex * elementSize + addresses * offset))
    .expect('EAIB')
    .skip(2 + offset);
  elements.read(cursor, inIndex);
  const blockHead = head + Math.ceil(maxBits / 8);
  for (let level = 0; level < superBlocks && elements.next < used; level++) {
    const blocks = 2 ** Math.floor(level / 2);
    const count = leastElements * 2 ** Math.ceil(level / 2);
    const isPaged = count > 2 ** pageBits;
    const list =
      level < direct
        ? cursor
        : await superBlock(storage, cursor.address(), blockHead, blocks, isPaged ? count / 2 ** pageBits : 0);
    for (let block = 0; block < blocks && elements.next < used; block++) {
      const at = list === undefined ? NOWHERE : list.address();
      await elements.readBlock(storage, at, blockHead + (isPaged ? CHECKSUM : 0), count, 2 ** pageBits);
    }
  }
  return elements.chunks;
}

/** The addresses of its blocks; undefined when none was written. */
async function superBlock(storage: Storage, address: number, head: number, blocks: number, pages: number) {
  if (address === NOWHERE) return undefined;
  const bits = blocks * Math.ceil(pages / 8);
  return (await storage.read(address, head + bits + blocks * storage.widths.offset))
    .expect('EASB')
    .skip(head - 4 + bits);
}
