import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MinHeap } from '../../../src/hpc/collector/min-heap.js';

it('gives what was put in, the smallest first', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer())), (steps) => {
      const heap = new MinHeap<number>((one, other) => one < other);
      let sorted: number[] = [];
      for (const step of steps) {
        if (step === null) expect(heap.pop()).toBe(sorted.shift());
        else {
          heap.push(step);
          sorted = [...sorted, step].sort((one, other) => one - other);
        }
        expect(heap.first).toBe(sorted[0]);
        expect(heap.size).toBe(sorted.length);
      }
    }),
  );
});
