import ndarray from 'ndarray';
import { Decryptor, Encryptor, generateNtNdArray2D, type DecryptorConfig, type EncryptorConfig } from 'pvaflow';
import type { NtNdArray, PvObject, RefusedError } from 'pvaflow';
import { randomBytes } from 'node:crypto';
import { getLogger } from '../../../src/core/logger.js';
import { newKeyFiles } from './keys.js';

const logger = getLogger('test');

/** Of the recipient. */
export const own = newKeyFiles();

export class Clock {
  ms = 1_700_000_000_000;
}

export function newEncryptor(config: EncryptorConfig = {}, clock = new Clock()): Encryptor {
  const encryptor = new Encryptor(logger, { random: randomBytes, now: () => clock.ms });
  encryptor.configure({ publicKeyFilePath: own.publicKeyFilePath, ...config });
  return encryptor;
}

export function newDecryptor(config: DecryptorConfig = {}, clock = new Clock()): Decryptor {
  const decryptor = new Decryptor(logger, () => clock.ms);
  decryptor.configure({ privateKeyFilePath: own.privateKeyFilePath, ...config });
  return decryptor;
}

export function frameOf(id: number): NtNdArray {
  return generateNtNdArray2D(id, ndarray(Uint16Array.of(1, 2, 3, 4, 5, id), [2, 3]));
}

/** Why a record is refused; undefined when it is not. */
export function refusalOf(decryptor: Decryptor, record: PvObject): string | undefined {
  try {
    decryptor.decrypt(record)?.release();
    return undefined;
  } catch (error) {
    return (error as RefusedError).reason;
  }
}

/** A copy of a record of which one bit of a field is the other way round. */
export function flipped(record: PvObject, field: string, bit: number): PvObject {
  const bytes = record.get<Uint8Array>(field).slice();
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  return record.clone().set(field, bytes);
}
