import { expect, it } from 'vitest';
import { PvObject } from '../../src/index.js';

it('writes what JSON has no word for as text, and everything else as it is', () => {
  const type = {
    small: 'long',
    large: 'ulong',
    reals: 'double[]',
    held: 'any',
    flags: 'boolean[]',
    bytes: 'ubyte[]',
  } as const;
  const object = new PvObject(type, {
    small: -5n,
    large: 2n ** 64n - 1n,
    reals: [1.5, NaN, Infinity, -Infinity],
    held: new BigInt64Array([1n, 2n ** 60n]),
    flags: [true, false],
    bytes: [1, 2],
  });
  expect(JSON.parse(JSON.stringify(object))).toEqual({
    small: -5,
    large: '18446744073709551615',
    reals: [1.5, 'NaN', 'Infinity', '-Infinity'],
    held: [1, '1152921504606846976'],
    flags: [true, false],
    bytes: [1, 2],
  });
});
