import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../../core/files/file-error.js';

const NEWLINE = 10;

/** A file of lines, each of them JSON, to which one line after the other is added. */
export class Manifest {
  #last: Promise<void> = Promise.resolve();

  /** @param isDurable whether a line counts as written only when the disk has it */
  constructor(
    readonly path: string,
    readonly isDurable: boolean,
  ) {}

  /**
   * Resolves when the line was written, after those before it.
   *
   * @throws {PvaflowError} PVAFLOW_FILE_…
   */
  add(line: Readonly<Record<string, unknown>>): Promise<void> {
    const added = this.#last.then(() => this.#add(`${JSON.stringify(line)}\n`));
    this.#last = added.catch(() => {}); // whoever added it is told; the next may try
    return added;
  }

  async #add(line: string): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await using handle = await open(this.path, 'a+');
      await this.#append(handle, line);
    } catch (error) {
      throw fileError('cannot write', this.path, error);
    }
  }

  /** What a full disk, or a process that was killed, left of a line stands alone. */
  async #append(handle: FileHandle, line: string): Promise<void> {
    const { size } = await handle.stat();
    const isTorn = size > 0 && (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== NEWLINE;
    await handle.appendFile(isTorn ? `\n${line}` : line);
    if (this.isDurable) await handle.datasync();
  }
}
