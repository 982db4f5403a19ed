import { PvaflowError } from '../../core/errors.js';
import { elementTypeOf } from '../infer-type.js';
import type { NativeScalarCode } from '../native.js';
import { PvObject } from '../pv-object.js';
import { PvType, structure } from '../pv-type.js';
import type { Scalar, Widened } from './nt-scalar.js';
import { type FromOptions, optionalFields, type OptionalFields, stampFields } from './standard-fields.js';

/** Pairs of a name and a scalar, all of one type: `epics:nt/NTNameValue:1.0`. */
export class NtNameValue<T extends Scalar = Scalar> extends PvObject {
  static type(
    valueType: NativeScalarCode,
    options: Pick<OptionalFields, 'descriptor' | 'alarm' | 'timeStamp' | 'extra'> = {},
  ): PvType {
    const fields = { name: 'string[]', value: `${valueType}[]` as const, ...optionalFields(options) } as const;
    return new PvType(structure(fields, 'epics:nt/NTNameValue:1.0'));
  }

  /** Stamped with the present time. The type is that of the first value (number: double) unless it is given. */
  static from<V extends Scalar>(
    pairs: Readonly<Record<string, V>>,
    options: FromOptions & { readonly type?: NativeScalarCode } = {},
  ): NtNameValue<Widened<V>> {
    const value = Object.values(pairs);
    const type = NtNameValue.type(options.type ?? elementTypeOf(value), options);
    return new NtNameValue<Widened<V>>(type, { name: Object.keys(pairs), value, ...stampFields(options) });
  }

  /** The pairs. Throws PVAFLOW_VALUE_RANGE when there are not as many names as values. */
  toMap(): Map<string, T> {
    const names = this.get<string[]>('name');
    const values = Array.from(this.get<ArrayLike<T>>('value'));
    if (names.length !== values.length) {
      throw new PvaflowError(
        'PVAFLOW_VALUE_RANGE',
        `field value: expected ${names.length} values, one for each name, found ${values.length}`,
      );
    }
    return new Map(names.map((name, i) => [name, values[i] as T]));
  }
}
