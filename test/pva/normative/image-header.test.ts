import { NtNdArray } from 'pvaflow';
import { expect, test } from 'vitest';
import { native } from '../../../src/pva/native.js';

const frame = new NtNdArray().native;
const SLOTS = 21;

test.each([
  ['no array', undefined],
  ['an array of another type', new Float32Array(SLOTS)],
  ['plain numbers', Array<number>(SLOTS).fill(0)],
  ['too short an array', new Float64Array(SLOTS - 1)],
])('the addon refuses to write figures to %s', (_, figures) => {
  expect(() => native.readImageHeader(frame, figures as Float64Array)).toThrow(TypeError);
});

test.each([['nothing', undefined], ['a plain object', {}], ['a number', 3], ['an array of bytes', new Uint8Array(4)]])(
  'and to read them from %s',
  (_, value) => {
    expect(() => native.readImageHeader(value as never, new Float64Array(SLOTS))).toThrow(TypeError);
  },
); // prettier-ignore

test('every figure is written anew, and no more than these', () => {
  const figures = new Float64Array(SLOTS + 2).fill(12345);
  expect(native.readImageHeader(frame, figures)).toBe('');
  expect(figures.subarray(0, SLOTS)).not.toContain(12345);
  expect(figures.subarray(SLOTS)).toEqual(Float64Array.of(12345, 12345));
});

test('a view with an offset is written where it lies', () => {
  const all = new Float64Array(SLOTS + 3).fill(7);
  native.readImageHeader(frame, all.subarray(3));
  expect(all.subarray(0, 3)).toEqual(Float64Array.of(7, 7, 7));
  expect(all[4]).toBeNaN(); // no elements
});
