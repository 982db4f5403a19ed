import { describe, expect, it } from 'vitest';
import { parseBytes, parseSeconds } from '../../src/core/units.js';

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['512', 512],
    ['64kB', 64_000],
    ['64KiB', 65_536],
    ['1.5 MiB', 1_572_864],
    ['2GiB', 2 ** 31],
    ['1T', 1e12],
  ])('%s is %d bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each(['', 'many', '-1', '2 foo', '1e3', 'GiB', '2 GiBs'])('"%s" is none', (text) =>
    expect(parseBytes(text)).toBeUndefined(),
  );
});

describe('times', () => {
  it.each([
    ['3', 3],
    ['0.5', 0.5],
    ['250ms', 0.25],
    ['10 s', 10],
    ['2min', 120],
    ['1.5h', 5400],
  ])('%s is %d seconds', (text, seconds) => expect(parseSeconds(text)).toBe(seconds));

  it.each(['', 'soon', '-1s', '2 m', '1 day'])('"%s" is none', (text) => expect(parseSeconds(text)).toBeUndefined());
});
