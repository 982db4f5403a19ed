import { open, type FileHandle } from 'node:fs/promises';
import { PvaflowError } from '../../../core/errors.js';
import { fileError } from '../../../core/files/file-error.js';

/** No frame is larger: nothing larger goes through pvAccess in one message. */
const MAX_PIECE = 2 ** 31 - 1;

/** A file of which pieces are read. */
export class OpenFile {
  private constructor(
    readonly path: string,
    readonly size: number,
    readonly handle: FileHandle,
  ) {}

  /** @throws {PvaflowError} PVAFLOW_FILE_ and the code of the operating system */
  static async open(path: string): Promise<OpenFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'r');
      return new OpenFile(path, (await handle.stat()).size, handle);
    } catch (error) {
      await handle?.close();
      throw fileError('cannot read', path, error);
    }
  }

  /**
   * Bytes of the file, in memory of their own.
   *
   * @throws {PvaflowError} PVAFLOW_FILE_CONTENT when the file ends before them
   */
  async read(offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size))
      throw this.damaged(`ends early: it has ${this.size} bytes, and must have ${offset + length}`);
    if (length > MAX_PIECE) throw this.damaged(`has a frame of ${length} bytes: at most 2 GiB can be sent`);
    const bytes = Buffer.from(new ArrayBuffer(length));
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#read(bytes, done, offset + done);
      if (bytesRead === 0) throw this.damaged(`ends early, at ${offset + done} bytes: it was cut while it was read`);
      done += bytesRead;
    }
    return bytes;
  }

  /** As read(), of a file that may end before: then there is less. */
  readSome(offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
    return this.read(offset, Math.max(0, Math.min(length, this.size - offset)));
  }

  /** An error that names the file. */
  damaged(what: string): PvaflowError {
    return new PvaflowError('PVAFLOW_FILE_CONTENT', `${this.path} ${what}`);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  async #read(bytes: Buffer, done: number, position: number) {
    try {
      return await this.handle.read(bytes, done, bytes.length - done, position);
    } catch (error) {
      throw fileError('cannot read', this.path, error);
    }
  }
}
