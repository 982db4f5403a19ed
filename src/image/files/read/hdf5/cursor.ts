/** The address of nothing. */
export const NOWHERE = -1;

/** Widths of addresses and of lengths in a file, in bytes. */
export interface Widths {
  readonly offset: number;
  readonly length: number;
}

/** Reads little-endian figures one after the other. Reading beyond the end throws a RangeError. */
export class Cursor {
  constructor(
    readonly bytes: Buffer,
    readonly widths: Widths,
    public at = 0,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  skip(count: number): this {
    this.at += count;
    return this;
  }

  u8(): number {
    return this.uint(1);
  }

  u16(): number {
    return this.uint(2);
  }

  u32(): number {
    return this.uint(4);
  }

  /** A figure of 1 to 8 bytes; one that no number holds becomes -1, as addresses of nothing do. */
  uint(size: number): number {
    const at = this.at;
    this.at += size;
    if (size <= 6) return size === 0 ? 0 : this.bytes.readUIntLE(at, size);
    const low = this.bytes.readUInt32LE(at);
    const high = this.bytes.readUIntLE(at + 4, size - 4);
    return high > 0x1fffff ? NOWHERE : high * 2 ** 32 + low;
  }

  /** {@link NOWHERE} if it is undefined. */
  address(): number {
    const size = this.widths.offset;
    const value = this.uint(size);
    return size < 8 && value === 2 ** (8 * size) - 1 ? NOWHERE : value;
  }

  length(): number {
    return this.uint(this.widths.length);
  }

  take(count: number): Buffer {
    if (count < 0 || count > this.left) throw new RangeError('it ends early');
    const bytes = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return bytes;
  }

  /** A text up to the zero behind it. */
  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.bytes.toString('utf8', this.at, end < 0 ? this.bytes.length : end);
    this.at = end < 0 ? this.bytes.length : end + 1;
    return text;
  }

  /** @throws RangeError when the next bytes are others */
  expect(signature: string): this {
    const found = this.take(signature.length).toString('latin1');
    if (found !== signature) throw new RangeError(`there is no ${signature} where one must be`);
    return this;
  }
}
