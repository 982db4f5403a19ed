import { expect, it } from 'vitest';
import { hashOf } from '../../../src/hpc/splitter/hash.js';

// as Python's zlib.crc32(text.encode()) has them
it.each([
  ['scan-17', 4283613695],
  ['naïve', 3574563174],
  [5, 2226203566],
  [-1, 808273962],
  [2.5, 2233083363],
  [9007199254740993n, 590577463],
  [true, 4261170317],
  [[1, 2, 3], 4251825129],
  [{ a: 1 }, 1444654255],
])('the hash of %s is %d', (value, hash) => {
  expect(hashOf(value)).toBe(hash);
});

it.each([
  [5n, 5],
  [new Uint16Array([1, 2, 3]), [1, 2, 3]],
  [new BigInt64Array([1n, 2n]), new Float64Array([1, 2])],
  [-0, 0],
])('%s and %s are equal, whatever their types', (one, other) => {
  expect(hashOf(one)).toBe(hashOf(other));
});
