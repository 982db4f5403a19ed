import type { NativeValue } from '../native.js';
import { PvObject, type PvObjectSource } from '../pv-object.js';
import { NtEnum } from './nt-enum.js';
import { NtNameValue } from './nt-name-value.js';
import { NtScalarArray } from './nt-scalar-array.js';
import { NtScalar } from './nt-scalar.js';
import { NtTable } from './nt-table.js';
import { NtUri } from './nt-uri.js';
import { NtNdArray } from './nt-nd-array.js';

type PvObjectClass = new (source: PvObjectSource) => PvObject;

/** Classes by type id up to its major version: `epics:nt/NTScalar:1` stands for 1.0, 1.1 … */
const classes: ReadonlyMap<string, PvObjectClass> = new Map<string, PvObjectClass>([
  ['epics:nt/NTEnum:1', NtEnum],
  ['epics:nt/NTNameValue:1', NtNameValue],
  ['epics:nt/NTScalar:1', NtScalar],
  ['epics:nt/NTScalarArray:1', NtScalarArray],
  ['epics:nt/NTTable:1', NtTable],
  ['epics:nt/NTURI:1', NtUri],
  ['epics:nt/NTNDArray:1', NtNdArray],
]);

/** The class for a type id; PvObject for those that have none of their own. */
export function classOfTypeId(id: string): PvObjectClass {
  const minor = id.lastIndexOf('.');
  return classes.get(minor < 0 ? id : id.slice(0, minor)) ?? PvObject;
}

/** A native value in the class for its type. For src/pva: this is how values reach users. */
export function wrapValue(value: NativeValue): PvObject {
  return new (classOfTypeId(value.typeId))(value);
}
