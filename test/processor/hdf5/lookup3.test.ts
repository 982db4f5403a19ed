import { expect, it } from 'vitest';
import { lookup3 } from '../../../src/processor/hdf5/lookup3.js';

// From the driver of lookup3.c.
it.each([
  ['', 0xdeadbeef],
  ['Four score and seven years ago', 0x17770551],
])('is that of lookup3.c: %j', (text, expected) => {
  const bytes = Buffer.from(`xx${text}`);
  expect(lookup3(bytes, 2)).toBe(expected);
});
