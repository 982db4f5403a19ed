import { elementTypeOf } from '../infer-type.js';
import type { NativeScalarCode } from '../native.js';
import { PvObject } from '../pv-object.js';
import { PvType, structure } from '../pv-type.js';
import { type FromOptions, optionalFields, type OptionalFields, stampFields } from './standard-fields.js';

export type NumericArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;
export type ScalarArray = NumericArray | string[] | boolean[];

/** An array of scalars with its time stamp and alarm, such as a waveform: `epics:nt/NTScalarArray:1.0`. */
export class NtScalarArray<T extends ScalarArray = ScalarArray> extends PvObject {
  static type(elementType: NativeScalarCode, options: OptionalFields = {}): PvType {
    const fields = { value: `${elementType}[]` as const, ...optionalFields(options, elementType) };
    return new PvType(structure(fields, 'epics:nt/NTScalarArray:1.0'));
  }

  /** Stamped with the present time. The elements are copied; their type is that of the array (numbers: double) unless given. */
  static from(
    value: ScalarArray | readonly (number | bigint)[],
    options: FromOptions & { readonly type?: NativeScalarCode } = {},
  ): NtScalarArray {
    const type = NtScalarArray.type(options.type ?? elementTypeOf(value), options);
    return new NtScalarArray(type, { value, ...stampFields(options) });
  }

  /** A view of the elements if they are numbers: writing to it changes the value. */
  get value(): T {
    return this.get<T>('value');
  }

  set value(value: T) {
    this.set('value', value);
  }
}
