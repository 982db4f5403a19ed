import {
  AdImageProcessor,
  checkConfig,
  checksums,
  durabilities,
  existingFileRules,
  frameDataOf,
  Hdf5Writer,
  hdf5Compressions,
  type Hdf5WriterOptions,
  type NtNdArray,
  type ProcessResult,
  type PvObject,
} from 'pvaflow';

interface WriterConfig extends Hdf5WriterOptions {
  readonly maxMegabytesInWork: number;
}

const defaults: WriterConfig = {
  outputDirectory: '.',
  outputFileNameFormat: '{outputFileId:06}.{processorId}.hdf',
  nImagesPerFile: 1000,
  datasetName: 'images',
  compression: 'none',
  flushInterval: 1,
  durability: 'none',
  existingFiles: 'number',
  manifest: '{processorId}.manifest.jsonl',
  checksum: 'xxh64',
  retryInterval: 1,
  maxMegabytesInWork: 16,
};

const text = { type: 'string', minLength: 1 } as const;
const seconds = { type: 'number', minimum: 0 } as const;

/** Frames that are in work at once: so many however large, for each thread that compresses, and not more however small. */
const [FRAMES_AT_ONCE, MAX_FRAMES] = [4, 256];

/**
 * Writes images into HDF5 files, one behind the other, with their ids, times and attributes, and publishes them as they came. A file
 * is readable at every moment with the frames up to the last flush: also when the process is killed, and by readers that
 * follow it.
 *
 * Configuration, all of it optional; the first four as in pvaPy:
 *
 * - `outputDirectory` (`.`), made if it is not there.
 * - `outputFileNameFormat` (`{outputFileId:06}.{processorId}.hdf`), with the fields `outputFileId`, `processorId`, and of the first
 *   frame `uniqueId`, also called `frameId` and `objectId`.
 * - `nImagesPerFile` (1000). A frame of another size, element type or colour, or with an attribute that has no column, begins
 *   a new file as well.
 * - `datasetName` (`images`): where the images are, besides `/entry/instrument/detector/data` and `/entry/data/data`.
 * - `compression` (`none`) and `compressionLevel`: each chunk by itself. Images that came compressed in that way are written as they are.
 * - `chunking` (`[1, 0, 0]`): frames, rows and columns of a chunk; 0 for all. Several frames only without compression.
 * - `flushInterval` (1 s): how often frames are made safe from a crash, and visible to readers.
 * - `durability` (`none`): `file`, if a flush is to wait for the disk, so that power failures do no harm either; `directory`, if also
 *   the names of files are.
 * - `existingFiles` (`number`): what happens when there is a file of that name: the next `outputFileId` is taken, or where the
 *   format has none, `_1`, `_2`, … is added; `overwrite`: it is replaced, as pvaPy does; `refuse`: the frames fail.
 * - `manifest` (`{processorId}.manifest.jsonl`): a file that lists all files, their frames and checksums; empty for none.
 * - `checksum` (`xxh64`), or `sha256` or `none`.
 * - `retryInterval` (1 s): how long after a failure, such as a full disk, a new file is tried.
 * - `maxMegabytesInWork` (16): so much waits to be written, before the source has to wait; four frames may always. More does not
 *   make it faster: what waits here has left the processor's cache by its turn.
 */
export class Hdf5AdImageWriter extends AdImageProcessor {
  static override readonly needsOrder = true;
  static override readonly configSchema = {
    properties: {
      outputDirectory: text,
      outputFileNameFormat: text,
      nImagesPerFile: { type: 'integer', minimum: 1, maximum: 1_000_000 },
      datasetName: text,
      compression: { enum: hdf5Compressions },
      compressionLevel: { type: 'integer' },
      chunking: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 3, maxItems: 3 },
      flushInterval: { type: 'number', exclusiveMinimum: 0 },
      durability: { enum: durabilities },
      existingFiles: { enum: existingFileRules },
      manifest: { type: 'string' },
      checksum: { enum: ['none', ...checksums] },
      retryInterval: seconds,
      maxMegabytesInWork: { type: 'number', exclusiveMinimum: 0 },
    },
  };

  private config = defaults;
  private writer: Hdf5Writer | undefined;
  private nInWork = 0;
  private busySince = 0;
  private busyMs = 0;
  private lastFrameTime = 0;
  /** Frames that were lost in earlier acquisitions. */
  private lostBefore = 0;

  override async configure(config: Partial<WriterConfig>) {
    const all = { ...this.config, ...(await checkConfig(this, config)) };
    this.theWriter().options = all;
    this.config = all;
  }

  override async start() {
    await this.theWriter().prepare();
  }

  override process(frame: NtNdArray): ProcessResult<PvObject> {
    const data = frameDataOf(frame);
    if (data === undefined) return frame;
    const frames = Math.floor((this.config.maxMegabytesInWork * 1e6) / Math.max(1, frame.bytes));
    this.concurrency = Math.max(FRAMES_AT_ONCE, Math.min(MAX_FRAMES, frames));
    frame.retain();
    this.begin();
    return this.theWriter()
      .write(data)
      .then(() => this.updateOutputChannel(frame))
      .then(() => frame)
      .finally(() => this.done(frame));
  }

  override async finishAcquisition() {
    const lostBefore = this.lostBefore;
    await this.theWriter().settle();
    this.lostBefore = this.theWriter().nFramesLost;
    checkNoneLost(this.lostBefore - lostBefore);
  }

  override async stop() {
    await this.writer?.stop();
    checkNoneLost(this.writer?.nFramesLost ?? 0);
  }

  override stopProgress() {
    return this.writer?.stopProgress() ?? '';
  }

  override resetStats() {
    this.busyMs = 0;
    this.busySince = performance.now();
    this.lastFrameTime = 0;
    this.writer?.resetFigures();
  }

  override getStats() {
    const { nFilesSaved, nBytesSaved, nFileErrors, nFramesSaved, nFramesFailed } = this.theWriter().figures;
    const busy = this.nInWork > 0 ? performance.now() - this.busySince : 0;
    const fileProcessingTime = (this.busyMs + busy) / 1000;
    const rate = (count: number) => (fileProcessingTime > 0 ? count / fileProcessingTime : 0);
    return {
      nFilesSaved: nFilesSaved >>> 0,
      nBytesSaved: nBytesSaved,
      fileProcessingTime,
      fileProcessingRate: rate(nFilesSaved),
      dataStorageRateMBps: rate(nBytesSaved) / 1e6,
      lastFileProcessedTime: this.theWriter().lastFileTime,
      lastFrameProcessedTime: this.lastFrameTime,
      nFramesSaved,
      nFramesFailed,
      nFileErrors,
      nFramesInWork: this.nInWork,
      nFilesEnding: this.theWriter().nFilesEnding,
    };
  }

  override getStatsPvaTypes() {
    return {
      nFilesSaved: 'uint',
      nBytesSaved: 'ulong',
      fileProcessingTime: 'double',
      fileProcessingRate: 'double',
      dataStorageRateMBps: 'double',
      lastFileProcessedTime: 'double',
      lastFrameProcessedTime: 'double',
      nFramesSaved: 'ulong',
      nFramesFailed: 'ulong',
      nFileErrors: 'ulong',
      nFramesInWork: 'uint',
      nFilesEnding: 'uint',
    } as const;
  }

  private theWriter() {
    return (this.writer ??= new Hdf5Writer(this.config, this.processorId, this.logger));
  }

  private begin() {
    if (this.nInWork++ === 0) this.busySince = performance.now();
  }

  private done(frame: NtNdArray) {
    frame.release();
    this.lastFrameTime = Date.now() / 1000;
    if (--this.nInWork === 0) this.busyMs += performance.now() - this.busySince;
  }
}

function checkNoneLost(nFramesLost: number) {
  if (nFramesLost === 0) return;
  const [frames, they] = nFramesLost === 1 ? ['1 frame', 'it'] : [`${nFramesLost} frames`, 'they'];
  throw new Error(`${frames} could not be saved after ${they} had been handed on`);
}
