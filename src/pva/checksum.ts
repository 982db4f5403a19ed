import { native } from './native.js';

/** Checksums that programs of these names make and check, too: `xxh64sum` and `sha256sum`. */
export const checksums = ['xxh64', 'sha256'] as const;
export type Checksum = (typeof checksums)[number];

/**
 * The checksum of a file as it stands, in hexadecimal digits, computed on a thread of Node's pool.
 *
 * @throws {PvaflowError} PVAFLOW_FILE_CHECKSUM when it cannot be read
 */
export async function checksumOfFile(path: string, algorithm: Checksum): Promise<string> {
  return native.checksumOfFile(path, algorithm);
}
