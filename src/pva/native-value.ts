/** The face of the addon's values and types. See native/value/value.h and native/value/type.h for ownership. */

export type NativeScalarCode =
  'boolean' | 'byte' | 'ubyte' | 'short' | 'ushort' | 'int' | 'uint' | 'long' | 'ulong' | 'float' | 'double' | 'string';

/** A pvAccess type as plain data. Field order is the order of the keys. */
export type NativeTypeSpec =
  | NativeScalarCode
  | `${NativeScalarCode}[]`
  | 'any'
  | 'any[]'
  | {
      readonly kind: 'structure' | 'structure[]' | 'union' | 'union[]';
      readonly id: string;
      readonly fields: Readonly<Record<string, NativeTypeSpec>>;
    };

/** Keeps one type instance: a server's `post` takes only values of the instance that its channel was opened with. */
export interface NativeType {
  readonly id: string;
  spec(): NativeTypeSpec;
  /** Same fields, order and types; ids are not compared. */
  equals(other: unknown): boolean;
}

/** A field with its name and type, for printing. */
export interface NativeTree {
  readonly name: string;
  /** "double[]", "structure", "union[]" … */
  readonly type: string;
  readonly id: string;
  /** Of scalars and arrays of scalars. */
  readonly value?: unknown;
  /** Fields, selection (none or one) or elements; null for an element that is not there. */
  readonly members?: readonly (NativeTree | null)[];
}

export interface NativeValue {
  readonly type: NativeType;
  readonly typeId: string;
  readonly released: boolean;
  /** Bytes of all arrays behind the value, as of the last change from JavaScript. */
  readonly bytes: number;
  get(path?: string): unknown;
  set(path: string, value: unknown): void;
  tree(): NativeTree;
  has(path: string): boolean;
  selected(path: string): string | undefined;
  /** "double[]", "structure" …; undefined where the value has nothing. */
  typeName(path: string): string | undefined;
  isChanged(path: string): boolean;
  changedFields(): string[];
  mark(path: string): void;
  unmark(path: string): void;
  clone(): NativeValue;
  allocate(path: string, length: number, isUnset: boolean): unknown;
  release(): void;
}

export interface NativeTypeClass {
  /** `spec` is a TypeSpec of pv-type.ts. */
  new (spec: unknown): NativeType;
}

export interface NativeValueClass {
  new (type: unknown, value?: unknown): NativeValue;
}
