import { lookup3 } from './lookup3.js';

/** The address of nothing. */
export const UNDEFINED_ADDRESS = -1;

/** Puts little-endian figures one behind the other, in memory that grows. */
export class ByteWriter {
  #bytes = Buffer.alloc(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(...values: readonly number[]): this {
    for (const value of values) this.#bytes[this.#reserve(1)] = value;
    return this;
  }

  u16(value: number): this {
    this.#bytes.writeUInt16LE(value, this.#reserve(2));
    return this;
  }

  u32(value: number): this {
    this.#bytes.writeUInt32LE(value >>> 0, this.#reserve(4));
    return this;
  }

  /** A figure of so many bytes, at most six. */
  uint(value: number, bytes: number): this {
    this.#bytes.writeUIntLE(value, this.#reserve(bytes), bytes);
    return this;
  }

  /** A length or an address, up to 2^53; {@link UNDEFINED_ADDRESS} sets all bits. */
  u64(value: number): this {
    writeU64(this.#bytes, value, this.#reserve(8));
    return this;
  }

  /** Latin letters, digits and the like; without an end mark. */
  ascii(text: string): this {
    return this.bytes(Buffer.from(text, 'latin1'));
  }

  bytes(data: Uint8Array): this {
    const at = this.#reserve(data.length);
    this.#bytes.set(data, at);
    return this;
  }

  /** The checksum of all so far. */
  checksum(): this {
    return this.u32(lookup3(this.#bytes, 0, this.#length));
  }

  /** What was written. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}

export function writeU64(target: Buffer, value: number, at: number): void {
  if (value === UNDEFINED_ADDRESS) {
    target.fill(0xff, at, at + 8);
    return;
  }
  target.writeUInt32LE(value % 0x1_0000_0000, at);
  target.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}
