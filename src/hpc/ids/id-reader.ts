import type { NativeTypeSpec } from '../../pva/native-value.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import type { IdType } from './id-tracker.js';

/** Integer types, and how wide they are. Floating point numbers hold integers up to 2^53 and do not wrap. */
const idTypes: Readonly<Record<string, IdType>> = {
  byte: { bits: 8, signed: true },
  ubyte: { bits: 8, signed: false },
  short: { bits: 16, signed: true },
  ushort: { bits: 16, signed: false },
  int: { bits: 32, signed: true },
  uint: { bits: 32, signed: false },
  long: { bits: 64, signed: true },
  ulong: { bits: 64, signed: false },
  float: { bits: 64, signed: true },
  double: { bits: 64, signed: true },
};

/** The type of the ids in a field, by its path; undefined when the field is not there or holds no number. */
export function idTypeOf(type: PvType, field: string): IdType | undefined {
  let spec: NativeTypeSpec | undefined = type.spec;
  for (const name of field.split('.')) {
    spec = typeof spec === 'object' && spec.kind === 'structure' ? spec.fields[name] : undefined;
  }
  return typeof spec === 'string' ? idTypes[spec] : undefined;
}

/** The id of an object, as a number; undefined when it is no integer. */
export function readId(object: PvObject, field: string): number | undefined {
  const id = Number(object.get<number | bigint>(field));
  return Number.isInteger(id) ? id : undefined;
}
