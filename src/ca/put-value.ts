import { PvaflowError } from '../core/errors.js';
import type { NativeCaPutData } from '../pva/native-ca.js';
import { NtEnum } from '../pva/normative/nt-enum.js';
import { PvObject } from '../pva/pv-object.js';

/** What a channel of Channel Access can be set to. A text is a choice, a text, or a number that the server reads. */
export type CaData = number | bigint | boolean | string | ArrayLike<number | bigint | boolean | string>;

/** Data; or, as PvaClient.put takes it, an object with `value` (of an enum: its index, or an object with `index`), or a PvObject. */
export type CaPutValue = CaData | { readonly value: CaData | { readonly index: number } } | PvObject;

/** The data in it. Throws PVAFLOW_VALUE_TYPE when there is none. */
export function putData(value: CaPutValue): NativeCaPutData {
  if (value instanceof NtEnum) return value.index;
  const data: unknown = value instanceof PvObject ? value.get('value') : isData(value) ? value : value.value;
  if (isData(data)) return data;
  if (isChoice(data)) return data.index;
  throw new PvaflowError('PVAFLOW_VALUE_TYPE', 'expected a number, a text, an array of these, or an object with value');
}

function isData(value: unknown): value is CaData {
  if (typeof value === 'object') return Array.isArray(value) || ArrayBuffer.isView(value);
  return ['number', 'bigint', 'boolean', 'string'].includes(typeof value);
}

function isChoice(value: unknown): value is { readonly index: number } {
  return typeof value === 'object' && value !== null && 'index' in value && typeof value.index === 'number';
}
