import type { PixelArray } from '../../pva/normative/pixel-types.js';
import type { Datatype } from './datatype.js';

/** An array that is one fact. */
export type FactArray = PixelArray | readonly string[];

/** One fact of a frame; undefined when it has none. */
export type Fact = number | bigint | string | FactArray | undefined;

/** Where a fact is missing: NaN among floats, the least number among integers, an empty text. */
const MISSING_INT64 = -(2n ** 63n);

const LEAST_ROWS_BYTES = 4096;

/** One fact of each frame, of which those are in memory that are not in the file yet. */
export class Column {
  /** Of a row. */
  readonly bytes: number;
  #rows: Buffer;
  /** Frames that are in the file. */
  #saved = 0;
  #frames = 0;

  /** @param length of arrays, for so many elements there is room in a row; absent: each row is one value */
  constructor(
    readonly name: string,
    readonly type: Datatype,
    readonly length?: number,
  ) {
    this.bytes = type.bytes * (length ?? 1);
    this.#rows = Buffer.alloc(Math.max(LEAST_ROWS_BYTES, this.bytes));
  }

  /** The fact of the next frame. */
  add(fact: Fact): void {
    const at = this.unsavedBytes;
    if (at + this.bytes > this.#rows.length) this.#grow();
    if (this.length === undefined) put(this.#rows, at, this.type, fact as Exclude<Fact, FactArray>);
    else putArray(this.#rows.subarray(at, at + this.bytes), this.type, fact);
    this.#frames += 1;
  }

  /** How many are in memory. */
  get unsavedBytes(): number {
    return (this.#frames - this.#saved) * this.bytes;
  }

  /** What is to be written for the frames up to `frames`, and where, from the beginning of the column. */
  unsaved(frames: number): { data: Buffer; offset: number } {
    const { bytes } = this;
    return { data: this.#rows.subarray(0, (frames - this.#saved) * bytes), offset: this.#saved * bytes };
  }

  /** It was written. */
  saved(frames: number): void {
    this.#rows.copyWithin(0, (frames - this.#saved) * this.bytes, this.unsavedBytes);
    this.#saved = frames;
  }

  #grow(): void {
    const larger = Buffer.alloc(2 * this.#rows.length);
    this.#rows.copy(larger);
    this.#rows = larger;
  }
}

function put(rows: Buffer, at: number, type: Datatype, fact: Exclude<Fact, FactArray>): void {
  switch (type.kind) {
    case 'float':
      rows.writeDoubleLE(fact === undefined ? NaN : Number(fact), at);
      return;
    case 'text':
      rows.fill(0, at, at + type.bytes);
      rows.write(String(fact ?? ''), at, type.bytes);
      return;
    case 'integer':
      if (type.bytes === 8) rows.writeBigInt64LE(BigInt(fact ?? MISSING_INT64), at);
      else rows.writeInt32LE(Number(fact), at);
  }
}

/** The elements that are not there are NaN, 0 or empty. One value is an array of one. */
function putArray(row: Buffer, type: Datatype, fact: Fact): void {
  const items = typeof fact === 'object' ? fact : fact === undefined ? [] : [fact];
  const isBytes = ArrayBuffer.isView(items) && items.BYTES_PER_ELEMENT === type.bytes && type.kind !== 'text';
  if (isBytes) row.set(new Uint8Array(items.buffer, items.byteOffset, items.byteLength));
  else for (const [i, item] of items.entries()) put(row, i * type.bytes, type, item);
  const rest = row.subarray(items.length * type.bytes);
  if (type.kind !== 'float') rest.fill(0);
  else rest.fill(type.bytes === 4 ? NAN_32 : NAN_64);
}

const NAN_32 = Buffer.from(Float32Array.of(NaN).buffer);
const NAN_64 = Buffer.from(Float64Array.of(NaN).buffer);
