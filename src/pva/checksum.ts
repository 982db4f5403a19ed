import { native } from './native.js';

/** Checksums that programs of these names make and check, too: `xxh64sum` and `sha256sum`. */
export const checksums = ['xxh64', 'sha256'] as const;
export type Checksum = (typeof checksums)[number];

/** How far a checksum is. */
export class ChecksumProgress {
  /** Written by the thread that makes it. */
  readonly pieces = new Int32Array(new ArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  /** Bytes of the file that were read. */
  get bytes(): number {
    return Atomics.load(this.pieces, 0) * PIECE_BYTES;
  }
}

/** As in native/files/checksum.cpp. */
const PIECE_BYTES = 256 * 1024;

/**
 * The checksum of a file as it stands, in hexadecimal digits, computed on a thread of Node's pool.
 *
 * @throws {PvaflowError} PVAFLOW_FILE_CHECKSUM when it cannot be read
 */
export async function checksumOfFile(
  path: string,
  algorithm: Checksum,
  progress = new ChecksumProgress(),
): Promise<string> {
  return native.checksumOfFile(path, algorithm, progress.pieces);
}
