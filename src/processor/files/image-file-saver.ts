import { plural } from '../../core/figures.js';
import { dirname, join, resolve } from 'node:path';
import type { Logger } from '../../core/logger.js';
import { FileWriter } from '../../core/files/file-writer.js';
import { removeLeftovers } from '../../core/files/leftovers.js';
import { makeDirectory, type WholeFileOptions, type WrittenFile } from '../../core/files/whole-file.js';
import type { FilePixels } from '../../image/files/file-pixels.js';
import {
  encodeImage,
  imageFileFormat,
  type EncodeOptions,
  type ImageFileFormat,
} from '../../image/files/image-file-format.js';
import { makeFile } from '../../pva/make-file.js';
import { rawDescription, rawDescriptionName } from '../../image/files/raw-description.js';

/** Where and how image files are written. */
export interface ImageFileOptions extends EncodeOptions, Pick<WholeFileOptions, 'durability' | 'existing'> {
  readonly directory: string;
}

/** So many subdirectories are remembered as tidy. */
const MAX_TIDY = 1000;

/**
 * Writes images as files into a directory: TIFF, PNG, JPEG, NPY or raw, by the extension of the name. Several at a time, each whole
 * or not at all.
 */
export class ImageFileSaver {
  readonly directory: string;
  readonly #writer = new FileWriter();
  readonly #options: ImageFileOptions;
  readonly #file: WholeFileOptions;
  readonly #tidy = new Set<string>();
  /** Descriptions of bare files, written or being written. */
  readonly #described = new Map<string, Promise<unknown>>();

  constructor(
    options: ImageFileOptions,
    readonly logger: Logger,
  ) {
    this.#options = options;
    this.directory = resolve(options.directory);
    const { durability = 'none', existing = 'overwrite' } = options;
    this.#file = { durability, existing, root: this.directory, make: makeFile };
  }

  /**
   * Makes the directory, removes what killed processes left in it, and loads what the format needs.
   *
   * @throws {PvaflowError} PVAFLOW_FILE_…, PVAFLOW_CODEC_MODULE
   */
  async prepare(format: ImageFileFormat): Promise<void> {
    await makeDirectory(this.directory, this.#file.durability);
    await this.#tidyUp(this.directory);
    await format.load?.();
  }

  /**
   * Writes an image. Its pixels must stay as they are until the promise settles.
   *
   * @param name relative to the directory
   * @throws {PvaflowError} PVAFLOW_FILE_…, PVAFLOW_CODEC_MODULE
   */
  async save(name: string, pixels: FilePixels): Promise<WrittenFile> {
    const format = imageFileFormat(name);
    const path = join(this.directory, name);
    const parts = await encodeImage(format, pixels, this.#options);
    if (!this.#tidy.has(dirname(path))) await this.#tidyUp(dirname(path));
    if (format.isBare) await this.#describe(dirname(path), pixels);
    return this.#writer.write(path, parts, this.#file);
  }

  /** Resolves when all that was begun is over, well or not. */
  settled(): Promise<void> {
    return this.#writer.settled();
  }

  async #tidyUp(directory: string): Promise<void> {
    if (this.#tidy.size >= MAX_TIDY) this.#tidy.clear();
    this.#tidy.add(directory);
    const { removed, others } = await removeLeftovers(directory);
    if (removed.length > 0)
      this.logger.info(
        `${directory}: removed ${removed.length} ${plural(removed.length, 'file')} that killed processes began`,
      );
    if (others.length > 0) this.logger.info(`${directory}: other processes have begun ${others.join(', ')}`);
  }

  #describe(directory: string, pixels: FilePixels): Promise<unknown> {
    const path = join(directory, rawDescriptionName(pixels));
    const begun = this.#described.get(path);
    if (begun !== undefined) return begun;
    if (this.#described.size >= MAX_TIDY) this.#described.clear();
    const text = Buffer.from(rawDescription(pixels));
    const written = this.#writer.write(path, [text], { ...this.#file, existing: 'overwrite' });
    this.#described.set(path, written);
    written.catch(() => this.#described.delete(path)); // the next image tries again
    return written;
  }
}
