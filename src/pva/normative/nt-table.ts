import { elementTypeOf } from '../infer-type.js';
import type { NativeScalarCode } from '../native.js';
import { PvObject } from '../pv-object.js';
import { PvType, structure } from '../pv-type.js';
import type { ScalarArray } from './nt-scalar-array.js';
import { type FromOptions, optionalFields, type OptionalFields, stampFields } from './standard-fields.js';

type Columns = Readonly<Record<string, ScalarArray | readonly (number | bigint)[]>>;

/** Columns of scalars, each an array, with labels: `epics:nt/NTTable:1.0`. */
export class NtTable extends PvObject {
  /** `columns` gives each column's name and the type of its elements. */
  static type(
    columns: Readonly<Record<string, NativeScalarCode>>,
    options: Pick<OptionalFields, 'descriptor' | 'alarm' | 'timeStamp' | 'extra'> = {},
  ): PvType {
    const value = Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, `${type}[]` as const]));
    return new PvType(
      structure({ labels: 'string[]', value: structure(value), ...optionalFields(options) }, 'epics:nt/NTTable:1.0'),
    );
  }

  /** Stamped with the present time. Types are those of the arrays (numbers: double); labels the columns' names unless given. */
  static from(columns: Columns, options: FromOptions & { readonly labels?: readonly string[] } = {}): NtTable {
    const types = Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, elementTypeOf(data)]));
    const labels = [...(options.labels ?? Object.keys(columns))];
    return new NtTable(NtTable.type(types, options), { labels, value: columns, ...stampFields(options) });
  }

  get labels(): string[] {
    return this.get('labels');
  }

  /** The columns by name; arrays of numbers are views. */
  get columns(): Record<string, ScalarArray> {
    return this.get('value');
  }

  /** As many as the shortest column has. */
  get rowCount(): number {
    const lengths = Object.values(this.columns).map((column) => column.length);
    return lengths.length === 0 ? 0 : Math.min(...lengths);
  }
}
