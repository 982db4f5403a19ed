import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShort, formatStructure, PvObject, PvType, structure } from '../../src/index.js';
import { native } from '../../src/pva/native.js';
import { anyStructure, arrayOf, scalarCodes, scalars, type TypedSample } from './arbitraries.js';

const make = ({ type, input }: TypedSample) => new PvObject(type, input as Record<string, unknown>);

/** Values of the same contents whose type instances differ, as after a reconnect. */
function pair(sample: TypedSample): [PvObject, PvObject] {
  return [make(sample), new PvObject(PvType.of(sample.type))];
}

describe('random values of random types', () => {
  it('come back as they were set', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        expect(make(sample).toObject()).toEqual(sample.expected);
      }),
      { numRuns: 500 },
    );
  });

  it('come back field by field', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const object = make(sample);
        for (const [name, expected] of Object.entries(sample.expected as object))
          expect(object.get(name)).toEqual(expected);
      }),
    );
  });

  it('keep their type through its specification', () => {
    fc.assert(
      fc.property(anyStructure, ({ type }) => {
        const made = PvType.of(type);
        expect(new PvType(made.spec).spec).toEqual(made.spec);
        expect(new PvType(made.spec).equals(made)).toBe(true);
        expect(new PvObject(made).type.spec).toEqual(made.spec);
      }),
    );
  });

  it('are the same in a clone, which changes of the original do not reach', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const original = make(sample);
        const clone = original.clone();
        expect(clone.changedFields()).toEqual(original.changedFields());
        original.release();
        expect(clone.toObject()).toEqual(sample.expected);
      }),
    );
  });

  it('are the same in a clone of a value that is looked at', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const original = make(sample);
        original.toObject();
        const clone = original.clone();
        original.release();
        expect(clone.toObject()).toEqual(sample.expected);
      }),
    );
  });

  it('are assigned to a value of another instance of the type', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const [source, target] = pair(sample);
        target.set('', source);
        expect(target.toObject()).toEqual(sample.expected);
      }),
    );
  });

  it('are assigned by name to a value that has more fields in another order', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const source = make(sample);
        const { fields, id } = PvType.of(sample.type);
        const reversed = Object.fromEntries(Object.entries(fields).reverse());
        const target = new PvObject(structure({ zzzzzzzzzz: 'int', ...reversed }, id));
        target.set('', source);
        expect(target.toObject()).toEqual({ zzzzzzzzzz: 0, ...(sample.expected as object) });
      }),
    );
  });

  it('are held by an any', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const holder = new PvObject({ held: 'any', many: 'any[]' });
        holder.set('held', make(sample)).set('many', [make(sample), null]);
        expect(holder.toObject()).toEqual({ held: sample.expected, many: [sample.expected, null] });
      }),
    );
  });

  it('print as text and JSON', () => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const object = make(sample);
        expect(formatStructure(object)).toContain(object.typeId || 'structure');
        expect(formatShort(object).length).toBeGreaterThan(0);
        expect(() => void JSON.parse(JSON.stringify(object))).not.toThrow();
      }),
    );
  });
});

describe.each(scalarCodes)('%s', (code) => {
  it('comes back alone', () => {
    fc.assert(
      fc.property(scalars[code], (value) => {
        expect(new native.Value(code, value).get()).toEqual(value);
      }),
    );
  });

  it('comes back in arrays of any length', () => {
    fc.assert(
      fc.property(fc.array(scalars[code], { maxLength: 5000, size: 'max' }), (values) => {
        const object = new PvObject({ value: `${code}[]` }, { value: values });
        expect(object.get('value')).toEqual(arrayOf(code, values));
        expect(object.clone().get('value')).toEqual(arrayOf(code, values));
      }),
      { numRuns: 20 },
    );
  });
});
