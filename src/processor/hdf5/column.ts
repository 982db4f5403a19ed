import type { Datatype } from './datatype.js';

/** One fact of a frame; undefined when it has none. */
export type Fact = number | bigint | string | undefined;

/** Where a fact is missing: NaN among floats, the least number among integers, an empty text. */
const MISSING_INT64 = -(2n ** 63n);

/** One fact of each frame, of which those are in memory that are not in the file yet. */
export class Column {
  #rows: Buffer;
  /** Frames that are in the file. */
  #saved = 0;
  #frames = 0;

  constructor(
    readonly name: string,
    readonly type: Datatype,
  ) {
    this.#rows = Buffer.alloc(64 * type.bytes);
  }

  /** The fact of the next frame. */
  add(fact: Fact): void {
    const { bytes } = this.type;
    const at = (this.#frames - this.#saved) * bytes;
    if (at + bytes > this.#rows.length) this.#grow();
    put(this.#rows, at, this.type, fact);
    this.#frames += 1;
  }

  /** What is to be written for the frames up to `frames`, and where, from the beginning of the column. */
  unsaved(frames: number): { data: Buffer; offset: number } {
    const { bytes } = this.type;
    return { data: this.#rows.subarray(0, (frames - this.#saved) * bytes), offset: this.#saved * bytes };
  }

  /** It was written. */
  saved(frames: number): void {
    this.#rows.copyWithin(0, (frames - this.#saved) * this.type.bytes);
    this.#saved = frames;
  }

  #grow(): void {
    const larger = Buffer.alloc(2 * this.#rows.length);
    this.#rows.copy(larger);
    this.#rows = larger;
  }
}

function put(rows: Buffer, at: number, type: Datatype, fact: Fact): void {
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
