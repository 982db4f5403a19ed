import { getSystemErrorName } from 'node:util';
import type { MakeFile } from '../core/files/whole-file.js';
import { native } from './native.js';

/** By one job on a thread of Node's pool, instead of one for each call of the system: small files are written twice as fast. */
export const makeFile: MakeFile = async (temporary, path, parts, isDurable) => {
  const result = await native.writeFile(temporary, path, parts.map(bytesOf), isDurable);
  if (result >= 0) return result;
  const code = getSystemErrorName(result);
  throw Object.assign(new Error(`${code}: ${temporary}`), { code, errno: result });
};

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
