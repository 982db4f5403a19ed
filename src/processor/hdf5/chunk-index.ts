import { ByteWriter, UNDEFINED_ADDRESS, writeU64 } from './byte-writer.js';
import { lookup3 } from './lookup3.js';

const HEADER_BYTES = 28;
const PREFIX_BYTES = 14;
const CHECKSUM_BYTES = 4;

/**
 * Where the chunks of a dataset are: a fixed array, of one page. It is kept as it stands in the file; its two blocks follow each
 * other.
 */
export class ChunkIndex {
  readonly pageBits: number;
  /** Of both blocks. */
  readonly bytes: number;
  readonly #entryBytes: number;
  readonly #sizeBytes: number;
  readonly #block: Buffer;

  /** @param chunkBytes of a chunk before it is compressed */
  constructor(
    readonly capacity: number,
    chunkBytes: number,
    readonly isFiltered: boolean,
  ) {
    this.pageBits = Math.max(10, Math.ceil(Math.log2(capacity)));
    this.#sizeBytes = isFiltered ? sizeBytes(chunkBytes) : 0;
    this.#entryBytes = 8 + (isFiltered ? this.#sizeBytes + 4 : 0);
    const blockBytes = PREFIX_BYTES + capacity * this.#entryBytes + CHECKSUM_BYTES;
    this.#block = Buffer.alloc(blockBytes);
    this.bytes = HEADER_BYTES + blockBytes;
    this.#block.write('FADB\0', 'latin1');
    this.#block[5] = this.#client;
    for (let at = 0; at < capacity; at++) writeU64(this.#block, UNDEFINED_ADDRESS, this.#offset(at));
  }

  /** Chunk number `at` has so many bytes at that address. */
  set(at: number, address: number, bytes: number): void {
    const offset = this.#offset(at);
    writeU64(this.#block, address, offset);
    if (this.isFiltered) this.#block.writeUIntLE(bytes, offset + 8, Math.min(6, this.#sizeBytes));
  }

  /** Both blocks, to be written at `address`, where the header then is. */
  encode(address: number): Buffer {
    const { capacity, pageBits } = this;
    const header = new ByteWriter().ascii('FAHD').u8(0, this.#client, this.#entryBytes, pageBits).u64(capacity);
    header.u64(address + HEADER_BYTES).checksum();
    const block = this.#block;
    writeU64(block, address, 6);
    const end = block.length - CHECKSUM_BYTES;
    block.writeUInt32LE(lookup3(block, 0, end), end);
    return Buffer.concat([header.done(), block]);
  }

  get #client(): number {
    return this.isFiltered ? 1 : 0;
  }

  #offset(at: number): number {
    return PREFIX_BYTES + at * this.#entryBytes;
  }
}

/** How many bytes hold the size of a compressed chunk: one more than its size before would need. */
function sizeBytes(chunkBytes: number): number {
  return Math.min(8, 1 + Math.floor((Math.floor(Math.log2(chunkBytes)) + 8) / 8));
}
