import { numberTypes, type Datatype } from './datatype.js';
import type { Fact } from './column.js';

/** The attributes of a frame by their names: those that are numbers or texts. */
export type FrameAttributes = ReadonlyMap<string, number | bigint | string>;

const LEAST_TEXT_BYTES = 256; // as areaDetector
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The columns that hold the attributes of frames: a number is a float64, which holds 32-bit integers exactly, a bigint an
 * int64, all else a text. It only ever grows, so that frames whose attributes alternate do not begin a new file each time.
 */
export class AttributeSchema {
  readonly columns: ReadonlyMap<string, Datatype>;

  constructor(columns: ReadonlyMap<string, Datatype> = new Map()) {
    this.columns = columns;
  }

  /** Whether a frame with these can go into a file with these columns. */
  fits(attributes: FrameAttributes): boolean {
    for (const [name, fact] of attributes) {
      const type = this.columns.get(name);
      if (type === undefined || !holds(type, fact)) return false;
    }
    return true;
  }

  /** The schema that has room for these as well. */
  with(attributes: FrameAttributes): AttributeSchema {
    const columns = new Map(this.columns);
    for (const [name, fact] of attributes) {
      const type = columns.get(name);
      if (type === undefined) columns.set(name, typeFor(fact));
      else if (!holds(type, fact)) columns.set(name, textFor(fact));
    }
    return new AttributeSchema(columns);
  }
}

function holds(type: Datatype, fact: NonNullable<Fact>): boolean {
  if (type.kind === 'text') return Buffer.byteLength(String(fact)) <= type.bytes;
  return type.kind === 'float' ? typeof fact === 'number' : typeof fact === 'bigint' && fact <= MAX_INT64;
}

function typeFor(fact: NonNullable<Fact>): Datatype {
  if (typeof fact === 'number') return numberTypes.float64;
  return typeof fact === 'bigint' && fact <= MAX_INT64 ? numberTypes.int64 : textFor(fact);
}

function textFor(fact: NonNullable<Fact>): Datatype {
  const needed = Buffer.byteLength(String(fact));
  return { kind: 'text', bytes: Math.max(LEAST_TEXT_BYTES, 2 ** Math.ceil(Math.log2(Math.max(1, needed)))) };
}
