import { plural } from '../../core/figures.js';
import { join, resolve } from 'node:path';
import { fileError } from '../../core/files/file-error.js';
import { removeLeftovers } from '../../core/files/leftovers.js';
import { messageOf, type PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { AttributeSchema } from './attribute-schema.js';
import { checkChunking, type Chunking } from './chunk-grid.js';
import { compressorNamed } from './compression.js';
import type { Checksum } from '../../pva/checksum.js';
import { EndProgress } from './end-progress.js';
import { FileChecksums } from './file-checksum.js';
import { checkFileNameFormat, FilePlace, formatFileName, type FilePlaceOptions } from './file-place.js';
import { isSameFormat, type FrameData, type FrameFormat } from './frame-format.js';
import { Manifest } from './manifest.js';
import { checkDatasetName } from './nexus.js';
import { OutputFile } from './output-file.js';

export interface Hdf5WriterOptions extends FilePlaceOptions {
  readonly nImagesPerFile: number;
  readonly datasetName: string;
  readonly compression: string;
  readonly compressionLevel?: number | undefined;
  /** Frames, rows and columns of a chunk; 0 for all rows or columns of an image. Absent: each image is a chunk. */
  readonly chunking?: Chunking | undefined;
  /** Seconds between two flushes, after which a reader sees what was written. */
  readonly flushInterval: number;
  /** Name of the manifest, with the field `processorId`; empty for none. */
  readonly manifest: string;
  /** Of complete files, in the manifest. */
  readonly checksum: 'none' | Checksum;
  /** Seconds after a failure until another file is tried. */
  readonly retryInterval: number;
}

/** The file that is open. */
interface Part {
  readonly file: OutputFile;
  readonly format: FrameFormat;
  readonly schema: AttributeSchema;
  /** Frames that the figures have already. */
  counted: number;
  /** Whether people were told what made it fail. */
  isTold: boolean;
}

/** Attributes that are arrays have so much room in a file at most: there are fewer images in it than asked for, if need be. */
const MAX_ARRAY_BYTES = 2 ** 28;

/** So many files may wait for their checksums: one by one they are read again. */
const MAX_ENDING = 8;

/** Writes frames into HDF5 files, one after the other. */
export class Hdf5Writer {
  /**
   * Complete files and their bytes; files that could not be completed, or not be entered in the manifest; frames that every reader
   * can see, whatever happens; frames that were not saved because of a failure.
   */
  figures = noFigures();
  /** Frames that failed after `write` had said that they were written. */
  nFramesLost = 0;
  /** When the last file was complete, in seconds since 1970. */
  lastFileTime = 0;
  #schema = new AttributeSchema();
  #part: Part | undefined;
  #outputFileId = 0;
  #manifest: Manifest | undefined;
  #checksums: FileChecksums | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: { readonly error: PvaflowError; readonly until: number } | undefined;
  /** Files that are being closed, and those that are closed or not, but not in the manifest yet. */
  readonly #closing = new Set<Promise<void>>();
  readonly #ending = new Set<Promise<void>>();
  readonly #endProgress = new EndProgress();

  #options!: Hdf5WriterOptions;

  /** @throws {PvaflowError} PVAFLOW_FORMAT, PVAFLOW_OPTION when the options cannot be used */
  constructor(
    options: Hdf5WriterOptions,
    readonly processorId: number,
    readonly logger: Logger,
  ) {
    this.options = options;
  }

  get options(): Hdf5WriterOptions {
    return this.#options;
  }

  /** Other options hold from the next file on. */
  set options(options: Hdf5WriterOptions) {
    checkFileNameFormat(options.outputFileNameFormat);
    if (options.manifest !== '') formatFileName(options.manifest, { processorId: 0 });
    checkDatasetName(options.datasetName);
    compressorNamed(options.compression, options.compressionLevel);
    if (options.chunking !== undefined) checkChunking(options.chunking, options.compression);
    this.#options = options;
    if (this.#timer !== undefined) this.#startTimer();
  }

  /** Files that are not in the manifest yet, but for the one that is open. */
  get nFilesEnding(): number {
    return this.#ending.size;
  }

  /**
   * Resolves, in the order of the calls, when the pixels of the frame were written; a reader sees them after the next flush.
   *
   * @throws {PvaflowError} PVAFLOW_FILE_… with the system's name of what went wrong
   * @throws {FrameError} when the frame came compressed, and is damaged: it fails alone
   */
  async write(frame: FrameData): Promise<void> {
    let part;
    try {
      part = this.#partFor(frame);
      await part.file.add(frame);
    } catch (error) {
      this.figures.nFramesFailed += 1;
      throw part?.file.error === undefined ? error : this.#failed(part, error);
    }
  }

  /** Counts anew. */
  resetFigures(): void {
    this.figures = noFigures();
    this.lastFileTime = 0;
  }

  /** Makes what was written visible to readers. */
  async flush(): Promise<void> {
    const part = this.#part;
    if (part === undefined) return;
    try {
      await part.file.flush();
      this.#count(part);
    } catch (error) {
      this.#failed(part, error);
    }
  }

  /** Resolves when all frames that were written are in their files for every reader, or counted as lost. */
  async settle(): Promise<void> {
    await this.flush();
    await Promise.all(this.#closing);
  }

  /** Removes what killed processes began in the directory. */
  async prepare(): Promise<void> {
    const { removed } = await removeLeftovers(this.options.outputDirectory);
    if (removed.length > 0)
      this.logger.info(`removed ${removed.length} ${plural(removed.length, 'file')} that killed processes began`);
  }

  /** Ends the file that is open, and waits until all are complete. */
  async stop(): Promise<void> {
    this.#endFile();
    clearInterval(this.#timer);
    this.#timer = undefined;
    await Promise.all(this.#ending);
  }

  /** What `stop` waits for: words that change as long as it comes further, or while the disk may still be waited for. */
  stopProgress(): string {
    return this.#endProgress.textOf(this.#ending.size, this.#checksums?.bytesRead ?? 0);
  }

  #partFor(frame: FrameData): Part {
    const part = this.#part;
    const isFit = part !== undefined && isSameFormat(part.format, frame) && part.schema.fits(frame.attributes);
    if (isFit && !part.file.isFull && part.file.error === undefined) return part;
    const before = this.#endFile();
    if (this.#failure !== undefined && performance.now() < this.#failure.until) throw this.#failure.error;
    this.#schema = this.#schema.with(frame.attributes);
    if (this.#timer === undefined) this.#startTimer();
    return (this.#part = this.#newPart(frame, before));
  }

  #startTimer(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.flush(), this.options.flushInterval * 1000);
  }

  /** Resolves when no more than so many files are ending. */
  async #room(): Promise<void> {
    await [...this.#ending].at(-MAX_ENDING);
  }

  /** @param before the file that must have all its frames first, so that they are written in their order */
  #newPart({ dtype, shape, uniqueId, timeStamp }: FrameData, before: OutputFile | undefined): Part {
    const { options, processorId } = this;
    const format = { dtype, shape };
    const file = new OutputFile({
      format,
      capacity: Math.max(1, Math.min(options.nImagesPerFile, Math.floor(MAX_ARRAY_BYTES / this.#schema.arrayBytes))),
      datasetName: options.datasetName,
      attributes: this.#schema,
      compressor: compressorNamed(options.compression, options.compressionLevel),
      chunking: options.chunking,
      isDurable: options.durability !== 'none',
      startTime: new Date(Number((timeStamp ?? 0n) / 1_000_000n)),
      place: new FilePlace(options, { processorId, uniqueId }, { next: () => ++this.#outputFileId }),
      before: Promise.all([before?.idle(), this.#room()]),
      manifest: this.#manifestOf(options),
      checksums: this.#checksumsOf(options),
    });
    return { file, format, schema: this.#schema, counted: 0, isTold: false };
  }

  #manifestOf({ manifest, outputDirectory, durability }: Hdf5WriterOptions): Manifest | undefined {
    if (manifest === '') return undefined;
    const path = resolve(join(outputDirectory, formatFileName(manifest, { processorId: this.processorId })));
    if (this.#manifest?.path !== path) this.#manifest = new Manifest(path, durability !== 'none');
    return this.#manifest;
  }

  #checksumsOf({ checksum }: Hdf5WriterOptions): FileChecksums | undefined {
    if (checksum === 'none') return undefined;
    if (this.#checksums?.algorithm !== checksum) this.#checksums = new FileChecksums(checksum);
    return this.#checksums;
  }

  #endFile(): OutputFile | undefined {
    const part = this.#part;
    if (part === undefined) return undefined;
    this.#part = undefined;
    const closing = this.#close(part).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    const ending = closing.then(() => this.#record(part.file)).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    return part.file;
  }

  async #close(part: Part): Promise<void> {
    const { file } = part;
    await file.end();
    if (file.isDoubtful) this.#discount(part);
    else this.#count(part);
    if (file.error !== undefined) this.#incomplete(part);
    else if (file.saved > 0) this.#complete(file);
  }

  async #record(file: OutputFile): Promise<void> {
    try {
      await file.record();
    } catch (error) {
      this.figures.nFileErrors += 1;
      this.logger.error(`the manifest does not say that ${file.path} is complete: ${messageOf(error)}`);
    }
  }

  #complete({ bytes, path, saved }: OutputFile): void {
    this.figures.nFilesSaved += 1;
    this.figures.nBytesSaved += bytes;
    this.lastFileTime = Date.now() / 1000;
    this.logger.debug(`${path}: ${saved} ${plural(saved, 'frame')}, ${bytes} bytes`);
  }

  /** Frames that it had taken may be lost. */
  #incomplete({ file, isTold }: Part): void {
    const { lost } = file;
    this.figures.nFileErrors += 1;
    this.figures.nFramesFailed += lost;
    this.nFramesLost += lost;
    const what = lost > 0 ? `${lost} ${plural(lost, 'frame')} that had been handed on may be lost: ` : '';
    if (lost > 0 || !isTold) this.logger.error(`${what}${this.#errorOf(file, file.error).message}`);
  }

  #count(part: Part): void {
    this.figures.nFramesSaved += part.file.saved - part.counted;
    part.counted = part.file.saved;
  }

  /** Nothing that it counted for is certain. */
  #discount(part: Part): void {
    this.figures.nFramesSaved -= Math.min(this.figures.nFramesSaved, part.counted); // they may have been counted anew since
  }

  /** Nothing more goes into the file, and no other is begun for a while. */
  #failed(part: Part, cause: unknown): PvaflowError {
    const { retryInterval } = this.options;
    const error = this.#errorOf(part.file, cause);
    if (this.#part === part) {
      part.isTold = true;
      this.#failure = { error, until: performance.now() + retryInterval * 1000 };
      this.#endFile();
      this.logger.error(`${error.message}. A new file is tried after ${retryInterval} s`);
    }
    return error;
  }

  #errorOf({ path }: OutputFile, cause: unknown): PvaflowError {
    return fileError('cannot write', path === '' ? this.options.outputDirectory : path, cause);
  }
}

function noFigures() {
  return { nFilesSaved: 0, nBytesSaved: 0, nFileErrors: 0, nFramesSaved: 0, nFramesFailed: 0 };
}
