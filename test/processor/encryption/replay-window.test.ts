import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReplayWindow } from '../../../src/processor/encryption/replay-window.js';

it('takes counters that rise, with gaps, and each once', () => {
  const window = new ReplayWindow(0);
  expect([1, 2, 2, 5, 4, 5, 1, 6].map((counter) => window.take(counter))).toEqual([
    ...[undefined, undefined, 'replayed', undefined, 'reordered', 'replayed', 'replayed', undefined],
  ]);
  expect(window.take(1e15)).toBeUndefined();
  expect(window.take(1e15 - 1)).toBe('reordered');
  expect(window.take(7)).toBe('replayed'); // nobody remembers so much
});

it('takes late ones within its tolerance, each once', () => {
  const counters = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 300 });
  fc.assert(
    fc.property(counters, fc.integer({ min: 0, max: 2000 }), (all, tolerance) => {
      const window = new ReplayWindow(tolerance);
      const taken = new Set<number>();
      let highest = 0;
      for (const counter of all) {
        const refusal = window.take(counter);
        expect(refusal === undefined).toBe(!taken.has(counter) && counter >= highest - tolerance);
        if (taken.has(counter)) expect(refusal).toBe('replayed');
        if (refusal === undefined) taken.add(counter);
        highest = Math.max(highest, ...taken);
      }
    }),
  );
});
