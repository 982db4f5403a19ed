import { inspect } from 'node:util';
import { PvAlarm } from './alarm.js';
import { formatStructure } from './format.js';
import { toJsonData } from './json.js';
import { native, type NativeValue } from './native.js';
import { PvType, type TypeSpec } from './pv-type.js';
import { PvTimeStamp } from './time-stamp.js';

/** What a PvObject stands on: a type and, if wanted, first contents; or a native value, within src/pva. */
export type PvObjectSource = PvType | TypeSpec | NativeValue;

/**
 * A value with its type. Fields are read when asked for; numeric arrays are views of the memory in which they arrived,
 * so that nothing is copied, and writing to a view changes the value.
 *
 * | pvAccess | JavaScript |
 * |---|---|
 * | byte … uint, float, double | number |
 * | long, ulong | bigint |
 * | string, boolean | string, boolean |
 * | arrays of numbers | typed arrays (BigInt64Array, BigUint64Array for 64 bits) |
 * | arrays of strings, booleans | arrays |
 * | structure | plain object |
 * | structure[] | array of objects or null |
 * | union, any | the data of what is selected, or null |
 *
 * Memory: a value from a subscription is given back when release() has been called as often as retain() plus once;
 * then its views become empty and every use throws PVAFLOW_VALUE_RELEASED. A value that is never released is given
 * back when the garbage collector finds it.
 */
export class PvObject implements Disposable {
  /** For the addon and src/pva. */
  readonly native: NativeValue;
  #type: PvType | undefined;
  #holders = 1;

  /** Fields that `value` does not name keep their default: 0, false, empty. */
  constructor(source: PvObjectSource, value?: Readonly<Record<string, unknown>>) {
    if (source instanceof native.Value) {
      this.native = source;
      return;
    }
    this.#type = PvType.of(source);
    this.native = new native.Value(this.#type.native, value);
  }

  /**
   * The data at a path: `alarm.severity`, `dimension[0].size`, `value` (of a union or any: what is selected),
   * `value.ubyteValue`. Undefined where this value has nothing there: another member is selected, an index is beyond
   * the end, or it would be inside null. Throws PVAFLOW_FIELD where no value of this type has such a field.
   */
  get<T = unknown>(path: string): T {
    return this.native.get(path) as T;
  }

  /**
   * Sets the field at a path, or several with an object, and marks what was set as changed. Arrays are copied.
   * Numbers must fit the type exactly (a float is rounded): PVAFLOW_VALUE_RANGE names the field otherwise,
   * PVAFLOW_VALUE_TYPE when the kind of data is wrong, PVAFLOW_FIELD when there is no such field.
   *
   * A structure takes an object, and fields that are not named stay; a union `{ member: data }` or null, or the path of
   * a member; an any a PvObject, `{ type, value }`, null, or data whose type is plain (number: double, bigint: long,
   * string, boolean, typed arrays). Setting an element of an array of structures copies the array of references: set
   * the whole array to change many. The index just after the last one adds an element. When an error is thrown, fields before the wrong one may have been set.
   */
  set(path: string, value: unknown): this {
    this.native.set(path, value);
    return this;
  }

  /**
   * A numeric array of `length` zeros at `path`, as a view to write into. With a union's member, selects it. `unset`: for who writes every
   * element, memory that was used before, whatever it holds; large arrays are made much faster so.
   */
  allocate<T = unknown>(path: string, length: number, contents: 'zeros' | 'unset' = 'zeros'): T {
    return this.native.allocate(path, length, contents === 'unset') as T;
  }

  /** Name of the selected member of a union; undefined for none, and for what is no union. */
  selected(path: string): string | undefined {
    return this.native.selected(path);
  }

  /** The type of a field, as `double[]` or `structure`; undefined where this value has nothing. */
  typeName(path: string): string | undefined {
    return this.native.typeName(path);
  }

  /** True where get() would give something, null included; never throws for a path that is not there. */
  has(path: string): boolean {
    return this.native.has(path);
  }

  /** True if the field, a part of it or a structure around it was changed: set here, or sent by the server. */
  isChanged(path: string): boolean {
    return this.native.isChanged(path);
  }

  /** Marks a field as changed, or everything: for a put or a post that is to carry it although its value is an old one. */
  markChanged(path = ''): this {
    this.native.mark(path);
    return this;
  }

  /** Paths of the changed fields; a structure that changed as a whole stands for its fields. */
  changedFields(): string[] {
    return this.native.changedFields();
  }

  /** All fields as a plain object. Numeric arrays in it are views, and empty after release(). */
  toObject(): Record<string, unknown> {
    return this.get<Record<string, unknown>>('');
  }

  /** All fields as JSON can hold them; see json.ts for the rules. */
  toJSON(): unknown {
    return toJsonData(this.get(''));
  }

  /** The structure listing that `pvget -v` prints; formatShort() has the one-line form. */
  toString(): string {
    return formatStructure(this);
  }

  get type(): PvType {
    return (this.#type ??= new PvType(this.native.type));
  }

  /** Type id of the structure; empty if it has none. */
  get typeId(): string {
    return this.native.typeId;
  }

  /** Throws PVAFLOW_FIELD when there is no timeStamp. */
  get timeStamp(): PvTimeStamp {
    return this.timeStampAt('timeStamp');
  }

  /** Throws PVAFLOW_FIELD when there is no alarm. */
  get alarm(): PvAlarm {
    return new PvAlarm(this.get('alarm.severity'), this.get('alarm.status'), this.get('alarm.message'));
  }

  protected timeStampAt(path: string): PvTimeStamp {
    const at = (field: string) => `${path}.${field}`;
    const userTag = this.has(at('userTag')) ? this.get<number>(at('userTag')) : 0;
    return new PvTimeStamp(
      BigInt(this.get<bigint | number>(at('secondsPastEpoch'))),
      this.get(at('nanoseconds')),
      userTag,
    );
  }

  /** An independent value with the same data and changed fields. Arrays are shared until somebody looks at them. */
  clone(): this {
    return new (this.constructor as new (source: PvObjectSource) => this)(this.native.clone());
  }

  /** Keeps the value beyond the end of the chain: it needs one more release(). */
  retain(): this {
    if (this.released) this.native.get(''); // throws what says so
    this.#holders++;
    return this;
  }

  /** Lets go of the value once. Further calls than there were holders do nothing. */
  release(): void {
    if (this.#holders > 0 && --this.#holders === 0) this.native.release();
  }

  get released(): boolean {
    return this.native.released;
  }

  /** Size of all arrays behind the value, in bytes; 0 after release(). For budgets of queues. */
  get bytes(): number {
    return this.native.bytes;
  }

  /** What console.log() shows: the structure listing with arrays cut short. */
  [inspect.custom](): string {
    return this.released ? `${this.constructor.name} (released)` : formatStructure(this, { arrayLimit: 20 });
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
