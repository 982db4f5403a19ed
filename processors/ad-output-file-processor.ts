import {
  AdImageProcessor,
  checkConfig,
  conversions,
  decompressNtNdArray,
  durabilities,
  existingFileRules,
  FileNames,
  filePixels,
  imageFileFormat,
  imageHeader,
  ImageFileSaver,
  InOrder,
  type FilePixels,
  type ImageFileOptions,
  type NtNdArray,
} from 'pvaflow';

interface Config {
  outputDirectory: string;
  outputFileNameFormat: string;
  maxWrites: number;
  durability: NonNullable<ImageFileOptions['durability']>;
  existingFiles: NonNullable<ImageFileOptions['existing']>;
  convert?: ImageFileOptions['convert'];
  convertRange?: [number, number];
  jpegQuality?: number;
  pngCompression?: number;
}

const defaults: Config = {
  outputDirectory: '.',
  outputFileNameFormat: '{uniqueId:06}.{processorId}.tiff',
  maxWrites: 4,
  durability: 'none',
  existingFiles: 'overwrite',
};

/** Fields of a file name, with values of the types that they may have. */
const fields = {
  uniqueId: [1],
  frameId: [1],
  objectId: [1],
  processorId: [1],
  inputChannel: ['x'],
  attribute: [1, 1.5, 'x'],
};

/**
 * Saves each image to a file, and publishes it when it is saved. The extension says the format: TIFF and NPY hold every type of
 * pixels, `.raw` and `.bin` are the bare pixels with a description beside them, PNG holds uint8 and uint16, JPEG uint8.
 *
 * A file has its name only when it is complete. A frame that cannot be saved has failed, and is not published; the next is tried
 * again.
 *
 * Configuration, all of it optional:
 *
 * - `outputDirectory` (`.`): made when it is not there.
 * - `outputFileNameFormat` (`{uniqueId:06}.{processorId}.tiff`): the fields are `uniqueId`, also called `frameId` and `objectId`,
 *   `processorId`, `inputChannel`, and `attribute[NAME]`.
 * - `maxWrites` (4): so many files are written at a time.
 * - `durability`: `none`, or before the frame counts as saved a `file`'s contents are on the disk, or its name in the `directory`, too.
 * - `existingFiles`: `overwrite`, `refuse`, or `number` the new one (`000001.1_1.tiff`).
 * - `convert`: `clip` or `scale` pixels that the format cannot hold, instead of refusing them; `convertRange`, for `scale`: the
 *   values that become the smallest and the largest, by default those of each image.
 * - `jpegQuality` (75), `pngCompression` (1; 0 to 9).
 */
export class AdOutputFileProcessor extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      outputDirectory: { type: 'string', minLength: 1 },
      outputFileNameFormat: { type: 'string', minLength: 1 },
      maxWrites: { type: 'integer', minimum: 1, maximum: 1000 },
      durability: { enum: durabilities },
      existingFiles: { enum: existingFileRules },
      convert: { enum: conversions },
      convertRange: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
      jpegQuality: { type: 'integer', minimum: 1, maximum: 100 },
      pngCompression: { type: 'integer', minimum: 0, maximum: 9 },
    },
  };

  override concurrency = defaults.maxWrites;
  private config = defaults;
  private names = new FileNames(defaults.outputFileNameFormat, fields);
  private saver = new ImageFileSaver({ directory: defaults.outputDirectory }, this.logger);
  private readonly order = new InOrder();
  private readonly busy = new BusyTime();
  private saved = { files: 0, bytes: 0, errors: 0 };
  private lastError = '';

  override async configure(config: Partial<Config>) {
    const all = { ...this.config, ...(await checkConfig(this, config)) };
    checkRange(all.convertRange);
    const names = new FileNames(all.outputFileNameFormat, fields);
    const format = imageFileFormat(names.format);
    const saver = new ImageFileSaver(
      { ...all, directory: all.outputDirectory, existing: all.existingFiles },
      this.logger,
    );
    await saver.prepare(format);
    const before = this.saver;
    Object.assign(this, { config: all, names, saver, concurrency: all.maxWrites });
    await before.settled();
  }

  override async start() {
    if (this.config === defaults) await this.configure({});
  }

  override process(frame: NtNdArray): NtNdArray | null | Promise<NtNdArray | null> {
    const { nDimensions, elements } = imageHeader(frame);
    if (nDimensions === 0 && elements === 0) return frame; // the record that a server begins with
    return this.order.run(this.write(frame), () => {
      this.updateOutputChannel(frame);
      return frame;
    });
  }

  override async stop() {
    await this.saver.settled();
  }

  override resetStats() {
    this.saved = { files: 0, bytes: 0, errors: 0 };
    this.busy.reset();
  }

  override getStats() {
    const { files, bytes, errors } = this.saved;
    const seconds = this.busy.seconds;
    const rate = (amount: number) => (seconds > 0 ? amount / seconds : 0);
    return {
      nFilesSaved: files >>> 0,
      nBytesSaved: bytes,
      fileProcessingTime: seconds,
      fileProcessingRate: rate(files),
      dataStorageRateMBps: rate(bytes) / 1e6,
      nFileErrors: errors,
      nWritesInFlight: this.busy.count,
      lastFileError: this.lastError,
    };
  }

  override getStatsPvaTypes() {
    return {
      nFilesSaved: 'uint',
      nBytesSaved: 'ulong',
      fileProcessingTime: 'double',
      fileProcessingRate: 'double',
      dataStorageRateMBps: 'double',
      nFileErrors: 'ulong',
      nWritesInFlight: 'uint',
      lastFileError: 'string',
    } as const;
  }

  private async write(frame: NtNdArray) {
    this.busy.begin();
    frame.retain(); // the pixels are read while they are written, whatever becomes of the frame
    try {
      if (frame.header().codec !== '') await decompressNtNdArray(frame);
      const pixels = filePixels(this.reshapeNtNdArray(frame)) as FilePixels;
      const { path, bytes } = await this.saver.save(this.nameOf(frame), pixels);
      this.saved.files += 1;
      this.saved.bytes += bytes;
      if (this.lastError !== '') this.logger.warn(`files are written again: ${path}`);
      this.lastError = '';
    } catch (error) {
      this.saved.errors += 1;
      this.lastError = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      frame.release();
      this.busy.end();
    }
  }

  private nameOf(frame: NtNdArray): string {
    return this.names.nameOf(({ name, key = '' }) => {
      if (name === 'attribute') return textOrNumber(frame.attribute(key));
      if (name === 'processorId') return this.processorId;
      return name === 'inputChannel' ? this.inputChannel : frame.uniqueId;
    });
  }
}

function checkRange(range: Config['convertRange']) {
  if (range === undefined || (range[0] < range[1] && Number.isFinite(range[1] - range[0]))) return;
  throw new RangeError(`convertRange must be a smaller and a larger number, found ${JSON.stringify(range)}`);
}

function textOrNumber(value: unknown): string | number | bigint | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** The time in which at least one write was going on. */
class BusyTime {
  count = 0;
  #since = 0;
  #milliseconds = 0;

  begin() {
    if (this.count++ === 0) this.#since = performance.now();
  }

  end() {
    if (--this.count === 0) this.#milliseconds += performance.now() - this.#since;
  }

  reset() {
    this.#milliseconds = 0;
    this.#since = performance.now();
  }

  get seconds() {
    return (this.#milliseconds + (this.count > 0 ? performance.now() - this.#since : 0)) / 1000;
  }
}
