import { describe, expect, it } from 'vitest';
import {
  NtEnum,
  NtNameValue,
  NtScalar,
  NtScalarArray,
  NtTable,
  NtUri,
  PvaflowError,
  PvObject,
  PvTimeStamp,
} from '../../src/index.js';
import { classOfTypeId, wrapValue } from '../../src/pva/normative/index.js';

describe('wrapValue', () => {
  it.each([
    ['epics:nt/NTScalar:1.0', NtScalar],
    ['epics:nt/NTScalar:1.7', NtScalar],
    ['epics:nt/NTScalarArray:1.0', NtScalarArray],
    ['epics:nt/NTEnum:1.0', NtEnum],
    ['epics:nt/NTTable:1.0', NtTable],
    ['epics:nt/NTURI:1.0', NtUri],
    ['epics:nt/NTNameValue:1.0', NtNameValue],
    ['epics:nt/NTScalar:2.0', PvObject],
    ['epics:nt/NTScalar', PvObject],
    ['', PvObject],
  ])('takes %s', (id, expected) => {
    expect(classOfTypeId(id)).toBe(expected);
  });

  it('makes the class of the value', () => {
    const wrapped = wrapValue(NtScalar.from(5n).clone().native);
    expect(wrapped).toBeInstanceOf(NtScalar);
    expect((wrapped as NtScalar).value).toBe(5n);
  });
});

describe('NtScalar', () => {
  it('has the fields that were asked for, in the order of the specification', () => {
    const all = { descriptor: true, display: true, control: true, valueAlarm: true, extra: { mine: 'int' } } as const;
    const names = (type: { fields: object }) => Object.keys(type.fields);
    expect(names(NtScalar.type('double', all))).toEqual([
      'value',
      'descriptor',
      'alarm',
      'timeStamp',
      'display',
      'control',
      'valueAlarm',
      'mine',
    ]);
    expect(names(NtScalar.type('string', all))).toEqual([
      'value',
      'descriptor',
      'alarm',
      'timeStamp',
      'display',
      'mine',
    ]);
    expect(names(NtScalar.type('int', { alarm: false, timeStamp: false }))).toEqual(['value']);
  });

  it('takes its type from the value, and its time from now or as given', () => {
    const at = new PvTimeStamp(5n, 6, 7);
    expect(NtScalar.from(1, { at }).timeStamp).toEqual(at);
    expect(NtScalar.from(1).timeStamp.seconds).toBeGreaterThan(1.7e9);
    const types = [1, 1n, 'a', true].map((value) => NtScalar.from(value).type.fields.value);
    expect(types).toEqual(['double', 'long', 'string', 'boolean']);
    expect(NtScalar.from(1, { type: 'ubyte' }).type.fields.value).toBe('ubyte');
    expect(() => NtScalar.from({} as never)).toThrow(PvaflowError);
  });

  it('reads and writes its value', () => {
    const scalar = NtScalar.from(1);
    scalar.value = 2.5;
    expect([scalar.value, scalar.isChanged('value'), scalar.descriptor, scalar.units]).toEqual([
      2.5,
      true,
      undefined,
      undefined,
    ]);
    expect(NtScalar.from(1, { display: true, descriptor: true }).set('display.units', 'mm').units).toBe('mm');
  });
});

describe('NtScalarArray', () => {
  it('takes its type from the array', () => {
    expect(NtScalarArray.from(new Uint16Array([1, 2])).value).toEqual(new Uint16Array([1, 2]));
    expect(NtScalarArray.from([1, 2]).value).toEqual(new Float64Array([1, 2]));
    expect(NtScalarArray.from(['a']).value).toEqual(['a']);
    expect(NtScalarArray.from([1n], { type: 'ulong' }).value).toEqual(new BigUint64Array([1n]));
    expect(() => NtScalarArray.from(5 as never)).toThrow(PvaflowError);
  });
});

describe('NtEnum', () => {
  it('chooses by name and by index', () => {
    const value = NtEnum.from('ON', ['OFF', 'ON']);
    expect([value.index, value.choice]).toEqual([1, 'ON']);
    expect(value.choose('OFF').choice).toBe('OFF');
    expect(value.choose(1).choice).toBe('ON');
    expect(() => value.choose('HALF')).toThrow(/expected one of OFF, ON, found HALF/);
    expect(() => value.choose(2)).toThrow(PvaflowError);
    expect(() => NtEnum.from('HALF', ['OFF', 'ON'])).toThrow(PvaflowError);
  });
});

describe('NtTable', () => {
  it('has columns with labels', () => {
    const table = NtTable.from({ x: [1, 2, 3], name: ['a', 'b'] }, { labels: ['X (mm)', 'Name'] });
    expect(table.labels).toEqual(['X (mm)', 'Name']);
    expect(table.columns).toEqual({ x: new Float64Array([1, 2, 3]), name: ['a', 'b'] });
    expect(table.rowCount).toBe(2);
    expect(NtTable.from({}).rowCount).toBe(0);
    expect(NtTable.type({ n: 'uint' }).fields.value).toEqual({ kind: 'structure', id: '', fields: { n: 'uint[]' } });
  });
});

describe('NtUri', () => {
  it('carries a path and arguments', () => {
    const uri = NtUri.from('add', { a: 1, b: 2 }, { types: { b: 'int' } });
    expect(uri.toObject()).toEqual({ scheme: 'pva', authority: '', path: 'add', query: { a: 1, b: 2 } });
    expect([uri.path, uri.query]).toEqual(['add', { a: 1, b: 2 }]);
    expect(uri.type.fields.query).toMatchObject({ fields: { a: 'double', b: 'int' } });
    expect(new NtUri({ path: 'string' }).query).toEqual({});
  });
});

describe('NtNameValue', () => {
  it('carries pairs', () => {
    const pairs = NtNameValue.from({ a: 1, b: 2 });
    expect(pairs.toMap()).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(() => pairs.set('name', ['a']).toMap()).toThrow(/expected 1 values, one for each name, found 2/);
    expect(NtNameValue.from({ a: 'x' }).toMap().get('a')).toBe('x');
  });
});
