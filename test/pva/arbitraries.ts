/** Random pvAccess types and values: what is set, and what is to come back. */
import fc from 'fast-check';
import { structure, structureArray, type TypeSpec, union, unionArray } from '../../src/index.js';
import type { NativeScalarCode } from '../../src/pva/native.js';

/** `input` is what set() takes, `expected` what get() gives. */
export interface Sample {
  readonly input: unknown;
  readonly expected: unknown;
}
export interface TypedSample extends Sample {
  readonly type: TypeSpec;
}

const same = (value: unknown): Sample => ({ input: value, expected: value });

/** Well-formed Unicode: lone surrogates have no UTF-8. */
const text = fc.string({ unit: 'binary', maxLength: 12 });

export const scalars: Readonly<Record<NativeScalarCode, fc.Arbitrary<unknown>>> = {
  boolean: fc.boolean(),
  byte: fc.integer({ min: -128, max: 127 }),
  ubyte: fc.integer({ min: 0, max: 255 }),
  short: fc.integer({ min: -32768, max: 32767 }),
  ushort: fc.integer({ min: 0, max: 65535 }),
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  uint: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  ulong: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float: fc.float(),
  double: fc.double(),
  string: text,
};

export const scalarCodes = Object.keys(scalars) as NativeScalarCode[];

const typedArrays = {
  byte: Int8Array,
  ubyte: Uint8Array,
  short: Int16Array,
  ushort: Uint16Array,
  int: Int32Array,
  uint: Uint32Array,
  long: BigInt64Array,
  ulong: BigUint64Array,
  float: Float32Array,
  double: Float64Array,
} as const;

/** The array that get() gives for elements of a type. */
export function arrayOf(code: NativeScalarCode, elements: readonly unknown[]): unknown {
  if (code === 'boolean' || code === 'string') return elements;
  const make = typedArrays[code] as unknown as { from(elements: readonly unknown[]): unknown };
  return make.from(elements);
}

function scalarSample(code: NativeScalarCode): fc.Arbitrary<TypedSample> {
  return scalars[code].map((value) => ({ type: code, ...same(value) }));
}

function arraySample(code: NativeScalarCode): fc.Arbitrary<TypedSample> {
  const elements = fc.array(scalars[code], { maxLength: 6 });
  return fc.tuple(elements, fc.boolean()).map(([plain, typed]) => {
    const expected = arrayOf(code, plain);
    return { type: `${code}[]` as const, input: typed ? expected : plain, expected };
  });
}

const leaf: fc.Arbitrary<TypedSample> = fc.oneof(
  ...scalarCodes.map(scalarSample),
  ...scalarCodes.map(arraySample),
  fc.constant<TypedSample>({ type: 'any', ...same(null) }),
);

const fieldName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((name) => name !== '__proto__');
const id = fc.constantFrom('', 'alarm_t', 'epics:nt/NTScalar:1.0');

type NamedSamples = readonly (readonly [string, TypedSample])[];
const named = (sample: fc.Arbitrary<TypedSample>, minLength: number) =>
  fc.uniqueArray(fc.tuple(fieldName, sample), { minLength, maxLength: 5, selector: ([name]) => name });

const types = (fields: NamedSamples) => Object.fromEntries(fields.map(([name, { type }]) => [name, type]));
const inputs = (fields: NamedSamples) => Object.fromEntries(fields.map(([name, { input }]) => [name, input]));
const outputs = (fields: NamedSamples) => Object.fromEntries(fields.map(([name, { expected }]) => [name, expected]));

function structureSample(inner: fc.Arbitrary<TypedSample>): fc.Arbitrary<TypedSample> {
  return fc.tuple(named(inner, 0), id).map(([fields, typeId]) => ({
    type: structure(types(fields), typeId),
    input: inputs(fields),
    expected: outputs(fields),
  }));
}

/** Elements that are the same, or not there: their type is one. */
function structureArraySample(inner: fc.Arbitrary<TypedSample>): fc.Arbitrary<TypedSample> {
  return fc.tuple(named(inner, 0), id, fc.array(fc.boolean(), { maxLength: 4 })).map(([fields, typeId, present]) => ({
    type: structureArray(types(fields), typeId),
    input: present.map((is) => (is ? inputs(fields) : null)),
    expected: present.map((is) => (is ? outputs(fields) : null)),
  }));
}

function choose(fields: NamedSamples, index: number | null): Sample {
  const member = index === null ? undefined : fields[index % fields.length];
  return member ? { input: { [member[0]]: member[1].input }, expected: member[1].expected } : same(null);
}

const choice = fc.option(fc.nat(20));

function unionSample(inner: fc.Arbitrary<TypedSample>): fc.Arbitrary<TypedSample> {
  return fc
    .tuple(named(inner, 1), id, choice)
    .map(([fields, typeId, index]) => ({ type: union(types(fields), typeId), ...choose(fields, index) }));
}

function unionArraySample(inner: fc.Arbitrary<TypedSample>): fc.Arbitrary<TypedSample> {
  return fc.tuple(named(inner, 1), id, fc.array(choice, { maxLength: 4 })).map(([fields, typeId, indices]) => {
    const elements = indices.map((index) => choose(fields, index));
    return {
      type: unionArray(types(fields), typeId),
      input: elements.map((element) => element.input),
      expected: elements.map((element) => element.expected),
    };
  });
}

/** What stands in an `any`; an `any` cannot hold an `any`. */
const held = ({ type, input, expected }: TypedSample): Sample =>
  type === 'any' ? same(null) : { input: { type, value: input }, expected };

function anySample(inner: fc.Arbitrary<TypedSample>): fc.Arbitrary<TypedSample> {
  return inner.map((sample) => ({ type: 'any', ...held(sample) }));
}

function anyArraySample(inner: fc.Arbitrary<TypedSample>): fc.Arbitrary<TypedSample> {
  return fc.array(inner.map(held), { maxLength: 4 }).map((elements) => ({
    type: 'any[]',
    input: elements.map((element) => element.input),
    expected: elements.map((element) => element.expected),
  }));
}

/** `selection` is what unions and `any`s may hold, besides nothing. */
function samples(selection?: fc.Arbitrary<TypedSample>, unionArrays = true): fc.Arbitrary<TypedSample> {
  return fc.letrec<{ sample: TypedSample }>((tie) => ({
    sample: fc.oneof(
      { depthSize: 'small', withCrossShrink: true, maxDepth: 4 },
      leaf,
      structureSample(tie('sample')),
      structureArraySample(tie('sample')),
      unionSample(selection ?? tie('sample')),
      ...(unionArrays ? [unionArraySample(selection ?? tie('sample'))] : []),
      anySample(selection ?? tie('sample')),
      anyArraySample(selection ?? tie('sample')),
    ),
  })).sample;
}

/** A structure with fields of all types, as channels have. */
export const anyStructure: fc.Arbitrary<TypedSample> = structureSample(samples());

const copied = fc.oneof(leaf, structureSample(leaf));

/**
 * What clients built on PVXS 1.5 can read: they copy every selection of a union or `any`, and fail, closing the
 * connection, when it is an array of structures, unions or `any`s, a union, or a structure with an empty union in it.
 */
export const readableStructure: fc.Arbitrary<TypedSample> = structureSample(samples(copied));

/** What they can also send on as it came: they read the elements of a union[] as what these select, and send that. */
export const echoableStructure: fc.Arbitrary<TypedSample> = structureSample(samples(copied, false));
