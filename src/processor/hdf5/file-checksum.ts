import { checksumOfFile, ChecksumProgress, type Checksum } from '../../pva/checksum.js';

/** Checksums of files as they stand on the disk, one file at a time: what is written meanwhile needs the other threads. */
export class FileChecksums {
  #last: Promise<unknown> = Promise.resolve();
  #progress = new ChecksumProgress();

  constructor(readonly algorithm: Checksum) {}

  /** Of the file whose checksum is made, or was last. */
  get bytesRead(): number {
    return this.#progress.bytes;
  }

  of(path: string): Promise<string> {
    const checksum = this.#last.then(() => {
      this.#progress = new ChecksumProgress();
      return checksumOfFile(path, this.algorithm, this.#progress);
    });
    this.#last = checksum.catch(() => {});
    return checksum;
  }
}
