import { PvaflowError } from '../core/errors.js';
import type { NativeScalarCode } from './native.js';

const TYPED_ARRAYS: readonly (readonly [abstract new (...args: never[]) => unknown, NativeScalarCode])[] = [
  [Int8Array, 'byte'],
  [Uint8Array, 'ubyte'],
  [Uint8ClampedArray, 'ubyte'],
  [Int16Array, 'short'],
  [Uint16Array, 'ushort'],
  [Int32Array, 'int'],
  [Uint32Array, 'uint'],
  [BigInt64Array, 'long'],
  [BigUint64Array, 'ulong'],
  [Float32Array, 'float'],
  [Float64Array, 'double'],
];

/** The type of plain data: number is double, bigint is long. Throws PVAFLOW_VALUE_TYPE for data that has no plain type. */
export function scalarTypeOf(value: unknown): NativeScalarCode {
  if (typeof value === 'number') return 'double';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  throw new PvaflowError('PVAFLOW_VALUE_TYPE', `expected a number, bigint, string or boolean, found ${typeof value}`);
}

/** The element type of a typed array or an array of plain data; of an empty plain array, double. */
export function elementTypeOf(values: unknown): NativeScalarCode {
  const known = TYPED_ARRAYS.find(([arrayClass]) => values instanceof arrayClass);
  if (known) return known[1];
  if (!Array.isArray(values)) throw new PvaflowError('PVAFLOW_VALUE_TYPE', `expected an array, found ${typeof values}`);
  return values.length === 0 ? 'double' : scalarTypeOf(values[0]);
}
