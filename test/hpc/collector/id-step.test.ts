import { describe, expect, it } from 'vitest';
import { idStep } from '../../../src/hpc/collector/id-step.js';

const int = { bits: 32, signed: true };
const uint = { bits: 32, signed: false };
const byte = { bits: 8, signed: true };
const max = 2 ** 31 - 1;

describe('the step between two ids', () => {
  it.each([
    ['ahead', 5, 9, int, 4],
    ['behind', 9, 5, int, -4],
    ['a far gap', 1, 2_000_000_000, int, 1_999_999_999],
    ['a far restart', 2_000_000_000, 1, int, -1_999_999_999],
    ['over the end', max, -(2 ** 31), int, 1],
    ['over the end with a gap', max - 2, -(2 ** 31) + 3, int, 6],
    ['back over the end', -(2 ** 31), max, int, -1],
    ['over the end to 0', max, 0, int, 1],
    ['back over the end from 0', 1, max, int, -2],
    ['over the end, unsigned', 2 ** 32 - 1, 0, uint, 1],
    ['half the range, unsigned', 2 ** 31 - 1, 0, uint, -(2 ** 31 - 1)],
    ['over the end of a byte', 127, -128, byte, 1],
    ['a gap in a byte that is no end', 100, 50, byte, -50],
  ])('%s', (_what, from, to, type, step) => {
    expect(idStep(from, to, type)).toBe(step);
  });
});
