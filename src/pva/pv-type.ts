import { native, type NativeScalarCode, type NativeType, type NativeTypeSpec } from './native.js';

/** A structure or union, or an array of these, with the id that clients know its meaning by. */
export interface CompoundType {
  readonly kind: 'structure' | 'structure[]' | 'union' | 'union[]';
  readonly id: string;
  readonly fields: TypeFields;
}

export interface TypeFields {
  readonly [field: string]: TypeSpec;
}

/**
 * A pvAccess type: the name of a scalar type, with `[]` for an array of it; `any` and `any[]`; what structure(),
 * structureArray(), union() and unionArray() make; a plain object of fields, which is a structure without id; a PvType.
 */
export type TypeSpec =
  NativeScalarCode | `${NativeScalarCode}[]` | 'any' | 'any[]' | CompoundType | TypeFields | PvType;

/** A structure. Fields keep the order of the keys. */
export function structure(fields: TypeFields, id = ''): CompoundType {
  return { kind: 'structure', id, fields };
}

export function structureArray(fields: TypeFields, id = ''): CompoundType {
  return { kind: 'structure[]', id, fields };
}

/** A union: a value has one of the members, or none. */
export function union(fields: TypeFields, id = ''): CompoundType {
  return { kind: 'union', id, fields };
}

export function unionArray(fields: TypeFields, id = ''): CompoundType {
  return { kind: 'union[]', id, fields };
}

/**
 * A type of which values are made. All values made from one PvType share one type instance, which is what a channel's
 * `post` is fastest with.
 */
export class PvType {
  /** For the addon and src/pva. */
  readonly native: NativeType;
  #spec: NativeTypeSpec | undefined;

  /** Throws PVAFLOW_TYPE naming the field that is no type. */
  constructor(spec: TypeSpec | NativeType) {
    this.native = spec instanceof native.Type ? spec : new native.Type(spec);
  }

  static of(spec: TypeSpec): PvType {
    return spec instanceof PvType ? spec : new PvType(spec);
  }

  /** Type id of a structure or union, such as `epics:nt/NTScalar:1.0`; else empty. */
  get id(): string {
    return this.native.id;
  }

  /** The whole type as plain data. */
  get spec(): NativeTypeSpec {
    return (this.#spec ??= this.native.spec());
  }

  /** The fields of a structure or union; empty for other types. */
  get fields(): Readonly<Record<string, NativeTypeSpec>> {
    return typeof this.spec === 'string' ? {} : this.spec.fields;
  }

  /** Same fields of the same types in the same order; ids are not compared. */
  equals(other: PvType): boolean {
    return this.native.equals(other.native);
  }

  toJSON(): NativeTypeSpec {
    return this.spec;
  }

  /** The listing that `pvinfo` prints. */
  toString(): string {
    return formatType(this.spec);
  }
}

const INDENT = '    ';

/** A type as `pvinfo` lists it, one field a line. */
function formatType(spec: NativeTypeSpec, name = '', indent = ''): string {
  const suffix = name === '' ? '' : ` ${name}`;
  if (typeof spec === 'string') return `${indent}${spec}${suffix}`;
  const element = spec.kind.replace('[]', '') as 'structure' | 'union';
  const label = spec.id === '' ? element : spec.id;
  if (spec.kind.endsWith('[]')) {
    const inner = formatType({ kind: element, id: spec.id, fields: spec.fields }, '', indent + INDENT);
    return `${indent}${label}[]${suffix}\n${inner}`;
  }
  const fields = Object.entries(spec.fields).map(([field, type]) => formatType(type, field, indent + INDENT));
  return [`${indent}${label}${suffix}`, ...fields].join('\n');
}
