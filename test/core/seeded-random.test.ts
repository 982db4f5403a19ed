import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeededRandom } from '../../src/core/seeded-random.js';

const numbers = (seed: number, count = 8) => {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

test('gives the same numbers for the same seed, from 0 to below 1, and others for the next seed', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(numbers(seed)).toEqual(numbers(seed));
      expect(numbers(seed).every((number) => number >= 0 && number < 1)).toBe(true);
      expect(numbers(seed + 1)).not.toEqual(numbers(seed));
    }),
  );
});

test('spreads them evenly', () => {
  const counts = new Array<number>(10).fill(0);
  for (const number of numbers(5, 10_000)) counts[Math.floor(number * 10)]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1150);
});
