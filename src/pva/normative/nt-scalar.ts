import { scalarTypeOf } from '../infer-type.js';
import type { NativeScalarCode } from '../native.js';
import { PvObject } from '../pv-object.js';
import { PvType, structure } from '../pv-type.js';
import { type FromOptions, optionalFields, type OptionalFields, stampFields } from './standard-fields.js';

export type Scalar = number | bigint | string | boolean;
/** `number` for a literal such as 5, and so on. */
export type Widened<T extends Scalar> = T extends number
  ? number
  : T extends bigint
    ? bigint
    : T extends string
      ? string
      : boolean;

/** A scalar with its time stamp and alarm, and what a display needs to know: `epics:nt/NTScalar:1.0`. */
export class NtScalar<T extends Scalar = Scalar> extends PvObject {
  static type(valueType: NativeScalarCode, options: OptionalFields = {}): PvType {
    return new PvType(structure({ value: valueType, ...optionalFields(options, valueType) }, 'epics:nt/NTScalar:1.0'));
  }

  /** Stamped with the present time. The type is that of the value (number: double, bigint: long) unless it is given. */
  static from<V extends Scalar>(
    value: V,
    options: FromOptions & { readonly type?: NativeScalarCode } = {},
  ): NtScalar<Widened<V>> {
    return new NtScalar<Widened<V>>(NtScalar.type(options.type ?? scalarTypeOf(value), options), {
      value,
      ...stampFields(options),
    });
  }

  get value(): T {
    return this.get<T>('value');
  }

  set value(value: T) {
    this.set('value', value);
  }

  /** Undefined where the type has none. */
  get descriptor(): string | undefined {
    return this.has('descriptor') ? this.get<string>('descriptor') : undefined;
  }

  /** Undefined where the type has no display, or no units in it. */
  get units(): string | undefined {
    return this.has('display.units') ? this.get<string>('display.units') : undefined;
  }
}
