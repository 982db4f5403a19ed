import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestName } from '../../src/core/nearest-name.js';

test.each([
  ['', '', 0],
  ['level', 'levle', 2],
  ['thresold.ts', 'threshold.ts', 1],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %i changes', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test('a distance is zero for what is equal alone, and never longer than the way over a third', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

test.each([
  ['levle', ['label', 'level', 'lever'], 'level'],
  ['Threshhold', ['PassThrough', 'Threshold'], 'Threshold'],
  ['passthrough', ['PassThrough', 'Threshold'], 'PassThrough'],
  ['zebra', ['PassThrough', 'Threshold'], undefined],
  ['a', [], undefined],
])('%s is taken for the near one of %j', (name, known, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});
