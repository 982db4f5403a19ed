import { describe, expect, it } from 'vitest';
import {
  NtScalar,
  PvaflowError,
  PvObject,
  PvType,
  structure,
  structureArray,
  union,
  unionArray,
} from '../../src/index.js';
import { scalarCodes } from './arbitraries.js';

describe('PvType', () => {
  it.each(scalarCodes.flatMap((code) => [code, `${code}[]` as const]))('knows %s', (code) => {
    expect(new PvType(code).spec).toBe(code);
  });

  it('keeps order, ids and nesting', () => {
    const type = new PvType({
      z: 'int',
      a: structure({ inner: structureArray({ x: 'any' }, 'point_t') }, 'shape_t'),
      u: union({ n: 'long', s: 'string[]' }),
      v: unionArray({ n: 'long' }, 'choice_t'),
      w: 'any[]',
    });
    expect(type.spec).toEqual({
      kind: 'structure',
      id: '',
      fields: {
        z: 'int',
        a: {
          kind: 'structure',
          id: 'shape_t',
          fields: { inner: { kind: 'structure[]', id: 'point_t', fields: { x: 'any' } } },
        },
        u: { kind: 'union', id: '', fields: { n: 'long', s: 'string[]' } },
        v: { kind: 'union[]', id: 'choice_t', fields: { n: 'long' } },
        w: 'any[]',
      },
    });
    expect(Object.keys(type.fields)).toEqual(['z', 'a', 'u', 'v', 'w']);
  });

  it('is made of other types', () => {
    const scalar = NtScalar.type('double');
    expect(new PvType({ one: scalar, two: scalar }).fields.two).toEqual(scalar.spec);
    expect(new PvType(scalar).id).toBe('epics:nt/NTScalar:1.0');
    expect(PvType.of(scalar)).toBe(scalar);
  });

  it('tells types apart by fields, types and order', () => {
    const type = new PvType({ a: 'int', b: 'int' });
    expect(type.equals(new PvType(structure({ a: 'int', b: 'int' }, 'other id')))).toBe(true);
    for (const other of [{ b: 'int', a: 'int' }, { a: 'int', b: 'uint' }, { a: 'int' }] as const) {
      expect(type.equals(new PvType(other))).toBe(false);
    }
  });

  it.each([
    [{ a: 'integer' }, /type of field a: "integer" is no pvAccess type/],
    [{ a: { b: 'structure' } }, /type of field a\.b: "structure" is no/],
    [{ a: 5 }, /type of field a: expected the name of a type/],
    [{ a: null }, /type of field a/],
    [{ 'a b': 'int' }, /invalid field name/],
    [{ '': 'int' }, /a field without a name/],
    [{ a: { kind: 'union' } }, /type of field a: union without fields/],
    [['int'], /expected the name of a type/],
    [undefined, /expected the name of a type/],
  ])('refuses %j', (spec, message) => {
    expect(() => new PvType(spec as never)).toThrow(message);
    expect(() => new PvType(spec as never)).toThrow(PvaflowError);
  });

  it('refuses types that are nested deeper than pvAccess has it, or in themselves', () => {
    const endless: Record<string, unknown> = {};
    endless.a = endless;
    expect(() => new PvType(endless as never)).toThrow(/nested deeper than 20/);
    const grow = () => {
      let type = new PvType({ a: 'int' });
      for (let i = 0; i < 30; i++) type = new PvType({ a: type });
    };
    expect(grow).toThrow(/nested deeper than 20/);
  });

  it('prints as pvinfo does', () => {
    const type = new PvType(
      structure(
        { value: union({ n: 'int' }), dimension: structureArray({ size: 'int' }, 'dimension_t'), any: 'any' },
        'epics:nt/X:1.0',
      ),
    );
    expect(String(type)).toBe(
      [
        'epics:nt/X:1.0',
        '    union value',
        '        int n',
        '    dimension_t[] dimension',
        '        dimension_t',
        '            int size',
        '    any any',
      ].join('\n'),
    );
  });

  it('serves many values', () => {
    const type = new PvType({ a: 'int' });
    const values = [1, 2, 3].map((a) => new PvObject(type, { a }));
    expect(values.map((value) => value.get('a'))).toEqual([1, 2, 3]);
    expect(values.every((value) => value.type === type)).toBe(true);
  });
});
