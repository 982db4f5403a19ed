import { writeWholeFile, type WholeFileOptions, type WrittenFile } from './whole-file.js';

/**
 * Writes files at the same time, but those of one name one after the other, so that the last one stays. How many are begun is up to
 * the caller.
 */
export class FileWriter {
  /** The last write of each name that is not over. */
  readonly #writes = new Map<string, Promise<unknown>>();

  /** @throws {PvaflowError} as `writeWholeFile` does */
  write(path: string, parts: readonly NodeJS.ArrayBufferView[], options?: WholeFileOptions): Promise<WrittenFile> {
    const before = this.#writes.get(path);
    const begin = () => writeWholeFile(path, parts, options);
    const written = before === undefined ? begin() : before.then(begin, begin);
    this.#writes.set(path, written);
    const over = () => {
      if (this.#writes.get(path) === written) this.#writes.delete(path);
    };
    written.then(over, over);
    return written;
  }

  /** Resolves when all that was begun is over, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes.values());
  }
}
