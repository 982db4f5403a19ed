import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of lines, each of them JSON, to which one line after the other is added. */
export class Manifest {
  #last: Promise<void> = Promise.resolve();

  /** @param isDurable whether a line counts as written only when the disk has it */
  constructor(
    readonly path: string,
    readonly isDurable: boolean,
  ) {}

  /** Resolves when the line was written, after those before it. */
  add(line: Readonly<Record<string, unknown>>): Promise<void> {
    const added = this.#last.then(() => this.#append(`${JSON.stringify(line)}\n`));
    this.#last = added.catch(() => {}); // whoever added it is told; the next may try
    return added;
  }

  async #append(line: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const handle = await open(this.path, 'a');
    try {
      await handle.appendFile(line);
      if (this.isDurable) await handle.datasync();
    } finally {
      await handle.close();
    }
  }
}
