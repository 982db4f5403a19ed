import { describe, expect, it } from 'vitest';
import { NtEnum } from '../../src/pva/normative/nt-enum.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import { NtScalarArray } from '../../src/pva/normative/nt-scalar-array.js';
import { PvObject } from '../../src/pva/pv-object.js';
import { PvType } from '../../src/pva/pv-type.js';

const time = { secondsPastEpoch: 1_800_000_000n, nanoseconds: 5, userTag: 7 };

/** The type of what the attribute holds. */
function typeOf(frame: NtNdArray, index: number): string {
  return /any value\n +(\S+) /.exec(String(frame).split('NTAttribute:1.0\n')[index + 1] ?? '')?.[1] ?? '';
}

describe('NtNdArray.joinAttributes', () => {
  it.each([
    ['double', NtScalar.from(0.1), 0.1],
    ['long', NtScalar.from(2n ** 62n), 2n ** 62n],
    ['ushort', NtScalar.from(65535, { type: 'ushort' }), 65535],
    ['string', NtScalar.from('open'), 'open'],
    ['boolean', NtScalar.from(true), true],
    ['double[]', NtScalarArray.from([1.5, 2.5]), Float64Array.of(1.5, 2.5)],
  ])('keeps a %s what it is', (type, of, value) => {
    const frame = new NtNdArray().joinAttributes([{ name: 'x', of }]);
    expect(frame.attribute('x')).toEqual(value);
    expect(typeOf(frame, 0)).toBe(type);
  });

  it('keeps an enum with its choices', () => {
    const frame = new NtNdArray().joinAttributes([{ name: 'shutter', of: NtEnum.from('open', ['closed', 'open']) }]);
    expect(frame.attribute('shutter')).toEqual({ index: 1, choices: ['closed', 'open'] });
  });

  it('says where it is from, when it was and how it is', () => {
    const of = NtScalar.from(5, { alarm: true, descriptor: true });
    of.set('', { descriptor: 'ring current', timeStamp: time, alarm: { severity: 2, status: 1, message: 'low' } });
    const tags = ['timeDifference=0.000000001'];
    const frame = new NtNdArray().joinAttributes([{ name: 'current', of, source: 'SR:current', tags }]);
    expect(frame.attributes).toEqual([
      {
        name: 'current',
        value: 5,
        tags,
        descriptor: 'ring current',
        alarm: { severity: 2, status: 1, message: 'low' },
        timeStamp: time,
        sourceType: 2,
        source: 'SR:current',
      },
    ]);
    frame.joinAttributes([{ name: 'current', of, descriptor: 'mine' }]);
    expect(frame.attributes[0]?.descriptor).toBe('mine');
  });

  it('takes a number in the place of the value, with the time of the frame', () => {
    const frame = new NtNdArray().set('timeStamp', time);
    frame.joinAttributes([{ name: 'x', of: NtScalar.from(5, { type: 'int' }), number: 4.25 }]);
    expect(frame.attributes[0]).toMatchObject({ value: 4.25, timeStamp: time });
    expect(typeOf(frame, 0)).toBe('double');
  });

  it('replaces what has the name, adds what is new, and leaves the rest', () => {
    const frame = new NtNdArray();
    for (const name of ['ColorMode', 'x', 'gain']) frame.setAttribute(name, 1);
    frame.joinAttributes(['y', 'x', 'z'].map((name, i) => ({ name, of: NtScalar.from(i + 10) })));
    expect(frame.attributes.map(({ name, value }) => [name, value])).toEqual([
      ['ColorMode', 1],
      ['x', 11],
      ['gain', 1],
      ['y', 10],
      ['z', 12],
    ]);
    expect(frame.isChanged('attribute')).toBe(true);
    expect(frame.joinAttributes([]).attributes).toHaveLength(5);
  });

  it('is independent of what it was made of', () => {
    const of = NtScalarArray.from([1, 2]);
    const view = of.value as Float64Array;
    const frame = new NtNdArray().joinAttributes([{ name: 'x', of }]);
    view[0] = 99;
    of.release();
    expect(frame.attribute('x')).toEqual(Float64Array.of(1, 2));
  });

  it('takes values of any structure with a field value', () => {
    const of = new PvObject(new PvType({ value: 'double' }), { value: 3 });
    expect(new NtNdArray().joinAttributes([{ name: 'x', of }]).attribute('x')).toBe(3);
  });

  it('refuses what cannot be', () => {
    const frame = new NtNdArray();
    const gone = NtScalar.from(1);
    gone.release();
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return undefined;
    };
    expect(code(() => frame.joinAttributes([{ name: 'x', of: gone }]))).toBe('PVAFLOW_VALUE_RELEASED');
    expect(code(() => frame.joinAttributes([{ name: 'x', of: new PvObject({ other: 'int' }) }]))).toBe('PVAFLOW_FIELD');
    expect(() => frame.joinAttributes([{ name: 'x', of: {} as PvObject }])).toThrow(TypeError);
    expect(() => frame.joinAttributes([5 as never])).toThrow(TypeError);
    expect(frame.attributes).toEqual([]);
    frame.release();
    expect(code(() => frame.joinAttributes([]))).toBe('PVAFLOW_VALUE_RELEASED');
  });
});

describe('NtNdArray.removeAttributes', () => {
  const frame = () =>
    new NtNdArray().joinAttributes([
      { name: 'mode', of: NtScalar.from(2, { type: 'int' }) },
      { name: 'operator', of: NtScalar.from('me') },
      { name: 'count', of: NtScalar.from(7n) },
    ]);

  it('takes those of these names out, and leaves the others what they are', () => {
    const one = frame();
    expect(one.removeAttributes(['operator', 'nobody'])).toBe(1);
    expect(one.attributes.map(({ name, value }) => [name, value])).toEqual([
      ['mode', 2],
      ['count', 7n],
    ]);
    expect([typeOf(one, 0), typeOf(one, 1)]).toEqual(['int', 'long']);
    expect(one.attributes.every(({ sourceType }) => sourceType === frame().attributes[0]?.sourceType)).toBe(true);
  });

  it('changes nothing where there is none, and a copy stays as it was', () => {
    const one = frame();
    const copy = one.clone();
    expect(one.removeAttributes([])).toBe(0);
    expect(one.removeAttributes(['mode', 'operator', 'count'])).toBe(3);
    expect(one.attributes).toEqual([]);
    expect(copy.attributes).toHaveLength(3);
  });

  it('refuses what is no frame and what are no names', () => {
    expect(() => frame().removeAttributes('mode' as never)).toThrow(TypeError);
    const released = frame();
    released.release();
    expect(() => released.removeAttributes(['mode'])).toThrow();
  });
});
