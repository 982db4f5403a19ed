import { NtNdArray, structure, structureArray, union, type TypeFields } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import type { Way } from '../../../src/pva/native-image.js';
import { gatherImage, readDimensions, writeLayout } from '../../../src/pva/normative/image-layout.js';
import { pixelFormats } from '../../../src/pva/normative/pixel-types.js';
import { numbered } from '../../image/frames.js';

const dimension = (size: number, offset = 0) => ({ size, offset, fullSize: 100, binning: 2, reverse: offset > 0 });
const square = [dimension(4), dimension(3)];

/** 0, 1, 2 … in three rows of four. */
function frame(): NtNdArray {
  const value = { ushortValue: Uint16Array.from({ length: 12 }, (_, i) => i) };
  return new NtNdArray(NtNdArray.type(), { uniqueId: 7, value, dimension: square });
}

/** A frame of another type, as servers may have. */
function other(fields: TypeFields): NtNdArray {
  const value = union({ ushortValue: 'ushort[]' });
  const made = new NtNdArray(structure({ value, ...fields }));
  return made.set('value.ushortValue', new Uint16Array(12));
}

/** The upper left corner. */
const corner: Way = [0, 1, 0, 2, 4, 2, 1];
const two = [dimension(2), dimension(2)];
const columns: Way = [3, 1, 0, 4, -1, 3, 4];

describe('dimensions', () => {
  test('are written and read', () => {
    const written = frame();
    const dimensions = [dimension(3, -5), dimension(2 ** 31 - 1, 7), dimension(1)];
    writeLayout(written.native, 2 ** 40, dimensions);
    expect(readDimensions(written.native)).toEqual(dimensions);
    expect(written.get('dimension')).toEqual(dimensions);
    expect(written.header()).toMatchObject({ compressedSize: 2 ** 40, uncompressedSize: 2 ** 40 });
    writeLayout(written.native, 0, []);
    expect(readDimensions(written.native)).toEqual([]);
  });

  test.each<[string, TypeFields]>([
    ['no such field', {}],
    ['no structures', { dimension: 'int[]' }],
    ['without a field', { dimension: structureArray({ size: 'int', offset: 'int', fullSize: 'int', binning: 'int' }) }],
    [
      'texts',
      {
        dimension: structureArray({
          size: 'string',
          offset: 'int',
          fullSize: 'int',
          binning: 'int',
          reverse: 'boolean',
        }),
      },
    ],
  ])('of another kind are left to others: %s', (_, fields) => {
    const unusual = other(fields);
    if (typeof fields['dimension'] === 'object') unusual.set('dimension', [{ offset: 3 }]);
    expect(readDimensions(unusual.native)).toBeUndefined();
  });

  test('that are null, or too many, are left to others', () => {
    expect(readDimensions(frame().set('dimension', [dimension(2), null]).native)).toBeUndefined();
    expect(frame().set('dimension', [dimension(2), null]).dimensions).toEqual([dimension(2)]);
    const many = Array.from({ length: 11 }, (_, i) => dimension(i));
    expect(readDimensions(frame().set('dimension', many).native)).toBeUndefined();
    expect(frame().set('dimension', many).dimensions).toEqual(many);
  });
});

describe('gathered pixels', () => {
  test('take the place of all, and all that is said of them changes with them', () => {
    const made = frame();
    const before = made.clone();
    gatherImage(made.native, columns, [dimension(3), dimension(4)]);
    expect([...(made.data as Uint16Array)]).toEqual([3, 7, 11, 2, 6, 10, 1, 5, 9, 0, 4, 8]);
    expect(made.dimensions).toEqual([dimension(3), dimension(4)]);
    expect(made.header()).toMatchObject({ elements: 12, compressedSize: 24, uncompressedSize: 24, uniqueId: 7 });
    for (const field of ['value', 'dimension', 'compressedSize', 'uncompressedSize'])
      expect(made.isChanged(field)).toBe(true);
    expect([...(before.data as Uint16Array)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test.each(pixelFormats)('$dtype are of their type', ({ dtype, fieldKey }) => {
    const ones = (length: number) => numbered(dtype, Array<number>(length).fill(1));
    const data = ones(40_000); // more than is shown in a copy
    const field = `value.${fieldKey}`;
    const large = new NtNdArray().set(field, dtype === 'boolean' ? Array.from(data, Boolean) : data);
    gatherImage(large.native, [39_999, 1, 0, 2, -5, 2, -1], two);
    expect(large.selected('value')).toBe(fieldKey);
    expect(large.data).toEqual(ones(4));
  });

  test.each([12, 40_000])('are what was written into a view of %i, which goes on to show the old ones', (length) => {
    const written = frame().set('value.ushortValue', new Uint16Array(length));
    const view = written.data as Uint16Array;
    view[5] = 77;
    gatherImage(written.native, corner, two);
    expect([...(written.data as Uint16Array)]).toEqual([0, 0, 0, 77]);
    view[5] = 1;
    expect([...(written.data as Uint16Array)]).toEqual([0, 0, 0, 77]);
    expect([...view.subarray(4, 7)]).toEqual([0, 1, 0]);
  });

  test('need no sizes', () => {
    const made = other({ dimension: structureArray({ size: 'int', offset: 'int', fullSize: 'int', binning: 'int', reverse: 'boolean' }) }); // prettier-ignore
    gatherImage(made.native, corner, two);
    expect(made.data).toEqual(new Uint16Array(4));
    expect(made.dimensions).toEqual(two);
  });

  test('of no way through the frame are refused, and it stays as it was', () => {
    const refused = frame();
    const wanted = refused.toObject();
    const beyond: readonly [Way, typeof two, RegExp][] = [
      [[1, 1, 0, 3, 4, 4, 1], square, /beyond/],
      [[0, 1, 0, 3, 4, 4, -1], square, /beyond/],
      [corner, square, /number of elements/],
      [[0, 1, 0, 2 ** 31 - 1, 0, 4, 0], [dimension(2 ** 31 - 1), dimension(4)], /too many/],
      [[0.5, 1, 0, 2, 4, 2, 1], two, /whole number/],
      [[0, 1, 0, -2, 4, -2, 1], two, /not negative/],
      [corner, [dimension(2), dimension(2, 2 ** 31)], /dimension\.offset: expected an integer/],
      [corner, [dimension(2), dimension(2, NaN)], /dimension\.offset: expected an integer/],
    ];
    for (const [way, dimensions, message] of beyond) {
      expect(() => gatherImage(refused.native, way, dimensions)).toThrow(message);
      expect(refused.toObject()).toEqual(wanted);
    }
  });

  test('need a frame with pixels', () => {
    const fields = { dimension: structureArray({ size: 'int' }) };
    for (const unusual of [new NtNdArray(), other({}), other(fields), new NtNdArray({ value: 'ushort[]' })])
      expect(() => gatherImage(unusual.native, corner, two)).toThrow(
        expect.objectContaining({ code: 'PVAFLOW_FIELD' }),
      );
    const released = frame();
    released.release();
    expect(() => gatherImage(released.native, corner, two)).toThrow(expect.objectContaining({ code: 'PVAFLOW_VALUE_RELEASED' })); // prettier-ignore
  });
});
