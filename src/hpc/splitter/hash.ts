import { crc32 } from 'node:zlib';
import { toJsonData } from '../../pva/json.js';

/**
 * The hash by which values are spread over outputs: CRC-32, as zlib and Python's `zlib.crc32` compute it, of the value as text
 * in UTF-8. It depends on nothing else, so that it is the same in every run and on every machine.
 *
 * Numbers are written as JavaScript writes them, whatever their type: 5 for the byte, the long and the double 5; strings stand
 * for themselves, booleans are `true` or `false`. Arrays and structures are written as compact JSON, see `toJsonData`.
 */
export function hashOf(value: unknown): number {
  return crc32(typeof value === 'object' && value !== null ? JSON.stringify(toJsonData(value)) : String(value));
}
