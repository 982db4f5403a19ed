import { expect, test } from 'vitest';
import { specialized } from '../../../src/image/kernels/specialized.js';

function sum(source: ArrayLike<number>, factor: number): number {
  let all = 0;
  for (let i = 0; i < source.length; i++) all += (source[i] as number) * factor;
  return all;
}

test('each type has a copy that does the same', () => {
  const kernel = specialized(sum);
  for (const type of [Uint8Array, Int16Array, Float32Array, Float64Array, Uint8Array])
    expect(kernel(type.of(1, 2, 3), 2)).toBe(12);
});

test('what a copy throws is thrown', () => {
  const kernel = specialized((source: Uint8Array) => {
    throw new RangeError(`${source.length} pixels`);
  });
  expect(() => kernel(new Uint8Array(3))).toThrow(new RangeError('3 pixels'));
});
