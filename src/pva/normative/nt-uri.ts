import { scalarTypeOf } from '../infer-type.js';
import type { NativeScalarCode } from '../native.js';
import { PvObject } from '../pv-object.js';
import { PvType, structure } from '../pv-type.js';
import type { Scalar } from './nt-scalar.js';

/** A call: the path of what is called and its named arguments; the usual argument of an RPC: `epics:nt/NTURI:1.0`. */
export class NtUri extends PvObject {
  /** `query` gives each argument's name and type. */
  static type(query: Readonly<Record<string, NativeScalarCode>>): PvType {
    const fields = { scheme: 'string', authority: 'string', path: 'string', query: structure(query) } as const;
    return new PvType(structure(fields, 'epics:nt/NTURI:1.0'));
  }

  /** `query` gives the arguments; types are those of the values (number: double, bigint: long) unless `types` names them. */
  static from(
    path: string,
    query: Readonly<Record<string, Scalar>> = {},
    options: { readonly types?: Readonly<Record<string, NativeScalarCode>>; readonly authority?: string } = {},
  ): NtUri {
    const types = Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, options.types?.[name] ?? scalarTypeOf(value)]),
    );
    return new NtUri(NtUri.type(types), { scheme: 'pva', authority: options.authority ?? '', path, query });
  }

  get path(): string {
    return this.get('path');
  }

  /** The arguments by name; empty if there are none. */
  get query(): Record<string, unknown> {
    return this.has('query') ? this.get('query') : {};
  }
}
