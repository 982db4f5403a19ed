import type { NativeValue } from '../native.js';
import { PvObject, type PvObjectSource } from '../pv-object.js';

type PvObjectClass = new (source: PvObjectSource) => PvObject;

/** Classes by type id up to its major version: `epics:nt/NTScalar:1` stands for 1.0, 1.1 … */
const classes: ReadonlyMap<string, PvObjectClass> = new Map<string, PvObjectClass>([]);

/** The class for a type id; PvObject for those that have none of their own. */
export function classOfTypeId(id: string): PvObjectClass {
  const minor = id.lastIndexOf('.');
  return classes.get(minor < 0 ? id : id.slice(0, minor)) ?? PvObject;
}

/** A native value in the class for its type. For src/pva: this is how values reach users. */
export function wrapValue(value: NativeValue): PvObject {
  return new (classOfTypeId(value.typeId))(value);
}
