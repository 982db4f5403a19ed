import { expect, test } from 'vitest';
import { lzfDecoded } from '../../../../../src/image/files/read/hdf5/lzf.js';

const text = (bytes: readonly number[], size: number) => lzfDecoded(Uint8Array.from(bytes), size).toString('latin1');

test('bytes as they are, and what came before', () => {
  expect(text([2, 0x61, 0x62, 0x63], 3)).toBe('abc');
  expect(text([2, 0x61, 0x62, 0x63, 1 << 5, 2, 0, 0x64], 7)).toBe('abcabcd');
  expect(text([0, 0x61, 7 << 5, 3, 0], 13)).toBe('a'.repeat(13)); // it repeats what it writes
});

test.each([
  ['ends within bytes', [3, 0x61], 4],
  ['ends within a repetition', [0, 0x61, 1 << 5], 4],
  ['ends within a long one', [0, 0x61, 7 << 5], 4],
  ['goes back before the beginning', [0, 0x61, 1 << 5, 1], 4],
  ['makes more', [2, 0x61, 0x62, 0x63], 2],
  ['repeats too much', [0, 0x61, 1 << 5, 0], 3],
  ['makes less', [0, 0x61], 2],
])('what %s is refused', (_, bytes, size) => {
  expect(() => text(bytes, size)).toThrow('LZF data is damaged');
});
