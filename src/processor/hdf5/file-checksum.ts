import { checksumOfFile, type Checksum } from '../../pva/checksum.js';

/** Checksums of files as they stand on the disk, one file at a time: what is written meanwhile needs the other threads. */
export class FileChecksums {
  #last: Promise<unknown> = Promise.resolve();

  constructor(readonly algorithm: Checksum) {}

  of(path: string): Promise<string> {
    const checksum = this.#last.then(() => checksumOfFile(path, this.algorithm));
    this.#last = checksum.catch(() => {});
    return checksum;
  }
}
