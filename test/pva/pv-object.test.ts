import { describe, expect, it } from 'vitest';
import { PvObject, PvaflowError, structureArray, union } from '../../src/index.js';

const type = {
  value: union({ ubyteValue: 'ubyte[]', doubleValue: 'double[]' }),
  dimension: structureArray({ size: 'int' }, 'dimension_t'),
  id: 'long',
} as const;

describe('PvObject', () => {
  it('gives back what was set', () => {
    const object = new PvObject(type, {
      value: { ubyteValue: new Uint8Array([1, 2]) },
      id: 7n,
      dimension: [{ size: 2 }],
    });
    expect(object.toObject()).toEqual({ value: new Uint8Array([1, 2]), id: 7n, dimension: [{ size: 2 }] });
    expect(object.selected('value')).toBe('ubyteValue');
    expect(object.get('dimension[0].size')).toBe(2);
  });

  it('names the field that does not fit', () => {
    const object = new PvObject(type);
    expect(() => object.set('dimension', [{ size: 2 ** 31 }])).toThrow(PvaflowError);
    expect(() => object.set('dimension', [{ size: 2 ** 31 }])).toThrow(/dimension\[0\]\.size.*2147483648/);
  });
});
