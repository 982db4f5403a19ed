import { messageOf, PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { FrameFile } from '../../image/files/read/frame-file.js';
import { openFrameFile } from '../../image/files/read/open-frame-file.js';
import { frameOf } from '../../image/files/read/to-frame.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { InputFiles, SimInput } from './sim-input.js';

/** The frames of files, one after the other. A file that cannot be read is named, and skipped or the end of all. */
export class FileFrames {
  /** Files that could not be read, or not to their end, and why. */
  readonly bad = new Map<string, string>();

  constructor(
    readonly files: InputFiles,
    readonly input: SimInput,
    readonly logger: Logger,
  ) {}

  /** All of them, once, in their order. @throws {PvaflowError} for a bad file, when these are not skipped */
  async *round(): AsyncGenerator<NtNdArray, undefined> {
    for (const path of this.files.paths) yield* this.#ofFile(path);
  }

  async *#ofFile(path: string): AsyncGenerator<NtNdArray, undefined> {
    let file: FrameFile | undefined;
    try {
      file = await openFrameFile(path, this.files.options);
      for (let index = 0; index < file.length; index++) yield await this.#frame(file, path, index);
    } catch (error) {
      this.#skip(path, error);
    } finally {
      await file?.close();
    }
  }

  async #frame(file: FrameFile, path: string, index: number): Promise<NtNdArray> {
    try {
      const frame = await frameOf(await file.read(index), this.input.keepCompressed);
      return frame.set('descriptor', 'Image read by pvaflow sim-server');
    } catch (error) {
      const known = error instanceof PvaflowError && error.code.startsWith('PVAFLOW_FILE_');
      const message = known ? error.message : `${path}: frame ${index + 1}: ${messageOf(error)}`;
      throw new PvaflowError('PVAFLOW_FILE_CONTENT', message, { cause: error });
    }
  }

  #skip(path: string, error: unknown): void {
    const isNew = !this.bad.has(path);
    this.bad.set(path, messageOf(error));
    if (this.input.onBadFile === 'fail') throw error;
    if (isNew) this.logger.warn(`skipped: ${messageOf(error)}`);
  }
}
