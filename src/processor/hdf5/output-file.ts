import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf } from '../../core/errors.js';
import type { FileChecksums } from './file-checksum.js';
import type { FilePlace } from './file-place.js';
import { FrameFile, type FrameFileOptions } from './frame-file.js';
import type { FrameData } from './frame-format.js';
import { IdRuns } from './id-runs.js';
import type { Manifest } from './manifest.js';

export interface OutputFileOptions extends Omit<FrameFileOptions, 'open' | 'opened'> {
  readonly place: FilePlace;
  /** The file must wait until this is resolved: the one before has all its frames, and there are not too many that end. */
  readonly before: Promise<unknown>;
  readonly manifest: Manifest | undefined;
  readonly checksums: FileChecksums | undefined;
}

/** A file of frames under its name, and what the manifest says about it. */
export class OutputFile {
  /** Its size when it is complete. */
  bytes = 0;
  readonly #file: FrameFile;
  readonly #ids = new IdRuns();
  readonly #options: OutputFileOptions;
  #isOpen = false;
  #endError: unknown;

  constructor(options: OutputFileOptions) {
    this.#options = options;
    this.#file = new FrameFile({ ...options, open: () => this.#open(), opened: () => this.#opened() });
  }

  get path(): string {
    return this.#options.place.path;
  }

  get isFull(): boolean {
    return this.#file.isFull;
  }

  /** What made it fail, while it was written or at its end. */
  get error(): unknown {
    return this.#file.error ?? this.#endError;
  }

  /** Frames that every reader can see. */
  get saved(): number {
    return this.#file.saved;
  }

  /** After its end: frames that were taken, and are not in the file, or perhaps not. */
  get lost(): number {
    const { written, saved, isDoubtful } = this.#file;
    return isDoubtful ? written : written - saved;
  }

  /** Whether that holds for all frames. */
  get isDoubtful(): boolean {
    return this.#file.isDoubtful;
  }

  /** See {@link FrameFile.add}. */
  async add(frame: FrameData): Promise<void> {
    await this.#file.add(frame);
    this.#ids.add(frame.uniqueId);
  }

  /** Resolves when nothing is left of what it was given. */
  idle(): Promise<void> {
    return this.#file.idle();
  }

  flush(): Promise<void> {
    return this.#file.flush();
  }

  /** Waits for what it was given, and completes the file. One without frames is removed. Afterwards `error` tells whether all went well. */
  async end(): Promise<void> {
    await this.#file.end();
    if (this.#file.isGone) return;
    try {
      if (this.saved === 0) await this.#options.place.remove();
      else this.bytes = (await stat(this.path)).size;
    } catch (error) {
      this.#endError = error;
    }
  }

  /** Adds to the manifest what became of it, with its checksum. To be called after its end. */
  async record(): Promise<void> {
    const { manifest, checksums } = this.#options;
    if (!this.#isOpen || manifest === undefined) return;
    const isThere = this.path !== '';
    const checksum =
      checksums && isThere && !this.isDoubtful ? { [checksums.algorithm]: await checksums.of(this.path) } : {};
    await manifest.add({
      event: this.error === undefined ? 'complete' : 'failed',
      ...(isThere && { file: basename(this.path) }),
      frames: this.saved,
      ids: this.#ids.toString(),
      bytes: this.bytes,
      ...checksum,
      ...(this.error !== undefined && { error: messageOf(this.error) }),
      time: new Date().toISOString(),
    });
  }

  async #open() {
    const { before, place } = this.#options;
    await before;
    return open(await place.temporary(), 'wx');
  }

  /** It is a complete file without frames: others may find it now. */
  async #opened(): Promise<void> {
    const { place, manifest, format, capacity } = this.#options;
    await place.settle();
    this.#isOpen = true;
    const { dtype, shape } = format;
    const time = new Date().toISOString();
    await manifest?.add({ event: 'open', file: basename(place.path), dtype, shape, capacity, time });
  }
}
