import { readFileSync } from 'node:fs';
import { NtNdArray, PvObject, PvTimeStamp, PvType, structure } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { wrapValue } from '../../../src/pva/normative/index.js';
import type { NativeTypeSpec } from '../../../src/pva/native.js';

const letters: Record<string, string> = {
  boolean: '?', byte: 'b', ubyte: 'B', short: 'h', ushort: 'H', int: 'i', uint: 'I',
  long: 'l', ulong: 'L', float: 'f', double: 'd', string: 's', any: 'v',
}; // prettier-ignore

/** A type as p4p writes it, which is how the truth was captured. */
function asP4p(spec: NativeTypeSpec): string {
  if (typeof spec === 'string') {
    const element = letters[spec.replace('[]', '')];
    return `'${spec.endsWith('[]') ? 'a' : ''}${element}'`;
  }
  const kind = { structure: 'S', 'structure[]': 'aS', union: 'U', 'union[]': 'aU' }[spec.kind];
  return `('${kind}', '${spec.id || 'structure'}', [${fieldsAsP4p(spec.fields)}])`;
}

function fieldsAsP4p(fields: Readonly<Record<string, NativeTypeSpec>>): string {
  return Object.entries(fields)
    .map(([name, type]) => `('${name}', ${asP4p(type)})`)
    .join(', ');
}

test('the type is the one of pvaPy, field by field', () => {
  const truth = readFileSync(new URL('../../truth/ntndarray_sim.txt', import.meta.url), 'utf8');
  const type = NtNdArray.type();
  expect(truth).toContain(`Type([${fieldsAsP4p(type.fields)}], id="${type.id}")`);
});

test('without extra fields there is one type, and fields that are there already are not added', () => {
  expect(NtNdArray.type()).toBe(NtNdArray.type());
  expect(NtNdArray.type({ descriptor: 'string' })).toBe(NtNdArray.type());
});

test('extra fields stand at the end', () => {
  const type = NtNdArray.type({ exposure: 'double', motors: structure({ x: 'double' }) });
  expect(Object.keys(type.fields).slice(-2)).toEqual(['exposure', 'motors']);
  expect(type.id).toBe('epics:nt/NTNDArray:1.0');
  expect(new NtNdArray(type, { exposure: 0.5 }).get('exposure')).toBe(0.5);
});

test('a native value of that type id becomes an NtNdArray, of any minor version', () => {
  expect(wrapValue(new NtNdArray().native)).toBeInstanceOf(NtNdArray);
  const later = new PvType(structure({ uniqueId: 'int' }, 'epics:nt/NTNDArray:1.3'));
  expect(wrapValue(new PvObject(later).native)).toBeInstanceOf(NtNdArray);
  expect(new NtNdArray().clone()).toBeInstanceOf(NtNdArray);
});

describe('fields', () => {
  const frame = new NtNdArray(NtNdArray.type(), {
    uniqueId: 7,
    value: { ushortValue: Uint16Array.of(1, 2, 3, 4, 5, 6) },
    dimension: [{ size: 3, fullSize: 3, binning: 1 }, { size: 2, offset: 1, reverse: true }],
    codec: { name: '', parameters: { type: 'int', value: 5 } },
    dataTimeStamp: { secondsPastEpoch: 1795229076n, nanoseconds: 634793758 },
  }); // prettier-ignore

  test('are read', () => {
    expect(frame.uniqueId).toBe(7);
    expect(frame.dimensions).toEqual([
      { size: 3, offset: 0, fullSize: 3, binning: 1, reverse: false },
      { size: 2, offset: 1, fullSize: 0, binning: 0, reverse: true },
    ]);
    expect(frame.codec).toEqual({ name: '', parameters: 5 });
    expect(frame.dataTimeStamp).toEqual(new PvTimeStamp(1795229076n, 634793758));
    expect(frame.data).toEqual(Uint16Array.of(1, 2, 3, 4, 5, 6));
  });
  test('are set', () => {
    const copy = frame.clone();
    copy.uniqueId = 8;
    copy.dimensions = [{ size: 6 }];
    expect(copy.get('uniqueId')).toBe(8);
    expect(copy.get('dimension[0].size')).toBe(6);
    expect(frame.uniqueId).toBe(7);
  });
  test('no data is null', () => {
    expect(new NtNdArray().data).toBeNull();
  });
  test('booleans are bytes', () => {
    const mask = new NtNdArray(NtNdArray.type(), { value: { booleanValue: [true, false, true] } });
    expect(mask.data).toEqual(Uint8Array.of(1, 0, 1));
  });
  test('data is a view of the frame', () => {
    const own = new NtNdArray(NtNdArray.type(), { value: { ubyteValue: new Uint8Array(10_000) } });
    (own.data as Uint8Array)[3] = 9;
    expect(own.get<Uint8Array>('value')[3]).toBe(9);
    expect(own.data).toBe(own.data);
  });
});

describe('attributes', () => {
  const make = () =>
    new NtNdArray(NtNdArray.type(), {
      attribute: [
        { name: 'ColorMode', value: { type: 'int', value: 0 } },
        { name: 'Gain', value: { type: 'float', value: 1.5 }, descriptor: 'of the amplifier' },
      ],
    });

  test('are read by name', () => {
    const frame = make();
    expect(frame.attribute('Gain')).toBe(1.5);
    expect(frame.attribute('Absent')).toBeUndefined();
    expect(frame.attributes.map(({ name }) => name)).toEqual(['ColorMode', 'Gain']);
  });
  test('are changed one at a time; the others keep value, type and description', () => {
    const frame = make().setAttribute('ColorMode', { type: 'int', value: 2 });
    expect(frame.attributes).toMatchObject([
      { name: 'ColorMode', value: 2 },
      { name: 'Gain', value: 1.5, descriptor: 'of the amplifier' },
    ]);
    expect(frame.isChanged('attribute')).toBe(true);
  });
  test('are added at the end', () => {
    const frame = make().setAttribute('Exposure', 0.25, { descriptor: 's', source: 'camera', tags: ['a'] });
    expect(frame.attributes[2]).toMatchObject({
      name: 'Exposure',
      value: 0.25,
      descriptor: 's',
      source: 'camera',
      tags: ['a'],
    });
    expect(frame.attribute('Gain')).toBe(1.5);
    expect(frame.header().colorMode).toBe(0); // still an integer
  });
  test('a description is changed without touching the value', () => {
    const frame = make().setAttribute('Gain', { type: 'float', value: 2 }, { descriptor: 'new' });
    expect(frame.attributes[1]).toMatchObject({ value: 2, descriptor: 'new', source: '' });
  });
});

describe('the header', () => {
  test('of an empty frame', () => {
    expect(new NtNdArray().header()).toEqual({
      value: 'unselected', format: undefined, elements: 0, nDimensions: 0, dimensions: [], colorMode: undefined, codec: '',
      compressedSize: 0, uncompressedSize: 0, uniqueId: 0, seconds: 0, nanoseconds: 0, dataSeconds: 0, dataNanoseconds: 0,
    }); // prettier-ignore
  });

  test.each([
    ['booleanValue', 'boolean', [true, false]],
    ['byteValue', 'int8', Int8Array.of(1, 2)],
    ['ubyteValue', 'uint8', Uint8Array.of(1, 2)],
    ['shortValue', 'int16', Int16Array.of(1, 2)],
    ['ushortValue', 'uint16', Uint16Array.of(1, 2)],
    ['intValue', 'int32', Int32Array.of(1, 2)],
    ['uintValue', 'uint32', Uint32Array.of(1, 2)],
    ['longValue', 'int64', BigInt64Array.of(1n, 2n)],
    ['ulongValue', 'uint64', BigUint64Array.of(1n, 2n)],
    ['floatValue', 'float32', Float32Array.of(1, 2)],
    ['doubleValue', 'float64', Float64Array.of(1, 2)],
  ])('tells the format of %s', (fieldKey, dtype, data) => {
    const header = new NtNdArray(NtNdArray.type(), { value: { [fieldKey]: data } }).header();
    expect(header).toMatchObject({ value: 'pixels', elements: 2, format: { dtype, fieldKey } });
    if (!Array.isArray(data)) expect(data).toBeInstanceOf(header.format?.arrayType);
  });

  test('has all that is stated', () => {
    const frame = new NtNdArray(NtNdArray.type(), {
      value: { ubyteValue: new Uint8Array(24) },
      dimension: [{ size: 3 }, { size: 4 }, { size: 2 }],
      attribute: [
        { name: 'Other' },
        { name: 'ColorMode', value: { type: 'int', value: 2 } },
        { name: 'ColorMode', value: 4 },
      ],
      codec: { name: 'lz4' },
      compressedSize: -5n,
      uncompressedSize: 9007199254740993n,
      uniqueId: -1,
      timeStamp: { secondsPastEpoch: 1795229076n, nanoseconds: 5 },
      dataTimeStamp: { secondsPastEpoch: 1795229070n, nanoseconds: 999999999 },
    });
    expect(frame.header()).toMatchObject({
      nDimensions: 3, dimensions: [3, 4, 2], colorMode: 2, codec: 'lz4', compressedSize: -5, uncompressedSize: 9007199254740992,
      uniqueId: -1, seconds: 1795229076, nanoseconds: 5, dataSeconds: 1795229070, dataNanoseconds: 999999999,
    }); // prettier-ignore
  });

  test('finds fields by name in any order, and says what is absent', () => {
    const type = structure({
      uniqueId: 'uint',
      dimension: { kind: 'structure[]', id: '', fields: { size: 'ulong' } },
      value: 'short[]',
    });
    const frame = new NtNdArray(type, { uniqueId: 3, dimension: [{ size: 2n }, null], value: Int16Array.of(1, 2) });
    expect(frame.header()).toMatchObject({
      value: 'pixels', elements: 2, format: { dtype: 'int16' }, nDimensions: 2, dimensions: [2, NaN], uniqueId: 3,
      colorMode: undefined, codec: '', compressedSize: undefined, seconds: NaN,
    }); // prettier-ignore
    expect(new NtNdArray(structure({ other: 'int' })).header()).toMatchObject({
      value: 'absent',
      nDimensions: undefined,
    });
  });

  test.each([
    ['a value that is a string', { value: 'string' }, { value: 'notPixels' }],
    ['a value of strings', { value: 'string[]' }, { value: 'notPixels' }],
    ['a value that is a structure', { value: { x: 'int' } }, { value: 'notPixels' }],
    ['dimensions that are numbers', { dimension: 'int[]' }, { nDimensions: undefined }],
    [
      'a size that is a string',
      { dimension: { kind: 'structure[]', id: '', fields: { size: 'string' } } },
      { nDimensions: 0 },
    ],
    ['attributes that are strings', { attribute: 'string[]' }, { colorMode: undefined }],
    ['an id that is an array', { uniqueId: 'int[]' }, { uniqueId: undefined }],
    ['a time that is a number', { timeStamp: 'double' }, { seconds: NaN }],
    ['a codec that is a string', { codec: 'string' }, { codec: '' }],
  ] as const)('survives %s', (_, type, expected) => {
    expect(new NtNdArray(type as never).header()).toMatchObject(expected);
  });

  test.each([
    ['a string', { type: 'string', value: '2' }],
    ['a number with a fraction', { type: 'double', value: 2.5 }],
    ['an array', Int32Array.of(2)],
    ['null', null],
  ])('a ColorMode that is %s is no integer', (_, value) => {
    const frame = new NtNdArray(NtNdArray.type(), { attribute: [{ name: 'ColorMode', value }] });
    expect(frame.header().colorMode).toBeNaN();
  });

  test('of more than ten dimensions, the sizes of ten', () => {
    const frame = new NtNdArray(NtNdArray.type(), { dimension: Array.from({ length: 1000 }, () => ({ size: 1 })) });
    expect(frame.header()).toMatchObject({ nDimensions: 1000, dimensions: Array<number>(10).fill(1) });
  });

  test('of a frame that was released says so', () => {
    const frame = new NtNdArray();
    frame.release();
    expect(() => frame.header()).toThrow(expect.objectContaining({ code: 'PVAFLOW_VALUE_RELEASED' }) as Error);
  });
});
