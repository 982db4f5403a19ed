import { columnFor, hasRoom, lengthOf, widened, type AttributeColumn, type AttributeFact } from './attribute-column.js';
import type { Fact } from './column.js';

/** The attributes of a frame by their names. */
export type FrameAttributes = ReadonlyMap<string, AttributeFact>;

/**
 * The columns that hold the attributes of frames: a number is a float64, which holds 32-bit integers exactly, a bigint an
 * int64, all else a text; arrays keep the type of their elements. It only ever grows, so that frames whose attributes alternate do not
 * begin a new file each time.
 */
export class AttributeSchema {
  readonly columns: ReadonlyMap<string, AttributeColumn>;
  /** Names of those columns that say how many elements each frame has. */
  readonly ragged: readonly string[];

  constructor(columns: ReadonlyMap<string, AttributeColumn> = new Map()) {
    this.columns = columns;
    this.ragged = [...columns].flatMap(([name, { isRagged = false }]) => (isRagged ? [name] : []));
  }

  /** Bytes that arrays have in a file for each frame. */
  get arrayBytes(): number {
    let bytes = 0;
    for (const { type, length = 0 } of this.columns.values()) bytes += type.bytes * length;
    return bytes;
  }

  /** Whether a frame with these can go into a file with these columns. */
  fits(attributes: FrameAttributes): boolean {
    for (const name of attributes.keys()) if (!this.columns.has(name)) return false;
    for (const [name, column] of this.columns) if (!hasRoom(column, attributes.get(name))) return false;
    return true;
  }

  /** The schema that has room for these as well. */
  with(attributes: FrameAttributes): AttributeSchema {
    const columns = new Map<string, AttributeColumn>();
    for (const [name, column] of this.columns) columns.set(name, widened(column, attributes.get(name)));
    for (const [name, fact] of attributes) if (!columns.has(name)) columns.set(name, columnFor(fact));
    return new AttributeSchema(columns);
  }

  /** What a file has of them: the facts of all columns, and the lengths of those that are ragged. */
  facts(attributes: FrameAttributes): Fact[] {
    const lengths = this.ragged.map((name) => lengthOf(attributes.get(name)));
    return [...Array.from(this.columns.keys(), (name) => attributes.get(name)), ...lengths];
  }
}
