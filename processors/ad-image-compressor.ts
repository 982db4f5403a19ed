import {
  AdImageProcessor,
  bloscCompressors,
  bloscShuffles,
  checkConfig,
  checkCompressOptions,
  codecNames,
  compressNtNdArray,
  imageHeader,
  InOrder,
  type CompressOptions,
  type NtNdArray,
} from 'pvaflow';

interface CompressorConfig extends Partial<CompressOptions> {
  concurrency?: number;
}

/**
 * Compresses the data of each frame and publishes it, as areaDetector's NDPluginCodec does. Ids, attributes and time stamps stay.
 * Frames that are compressed already, and those without data, are published as they are.
 *
 * The work is done on other threads, several frames at a time; frames are published in their order. See `AdImageDecompressor`.
 *
 * Configuration: `{ "codec": "blosc" }`, or `jpeg` (with `quality`), `zlib` (`level`), `lz4`, `lz4hdf5` (`blockSize`), `bslz4`; of
 * `blosc` also `compressor`, `level`, `shuffle` and `threads`. `concurrency`: frames in work at a time, 2. The settings of a
 * codec are given together: those that are not given have their defaults.
 */
export class AdImageCompressor extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      codec: { enum: [...codecNames] },
      quality: { type: 'integer', minimum: 1, maximum: 100 },
      level: { type: 'integer', minimum: 0, maximum: 9 },
      blockSize: { type: 'integer', minimum: 0 },
      compressor: { enum: [...bloscCompressors] },
      shuffle: { enum: [...bloscShuffles] },
      threads: { type: 'integer', minimum: 1, maximum: 256 },
      concurrency: { type: 'integer', minimum: 1, maximum: 64 },
    },
  };

  override concurrency = 2;
  private options: CompressOptions = { codec: 'blosc' };
  private readonly order = new InOrder();
  private figures = newFigures();

  override async configure(config: CompressorConfig) {
    const { concurrency = this.concurrency, ...options } = await checkConfig(this, config);
    if (Object.keys(options).length > 0) {
      const wanted = { codec: this.options.codec, ...options };
      checkCompressOptions(wanted);
      this.options = wanted;
    }
    this.concurrency = concurrency;
  }

  override process(frame: NtNdArray) {
    return this.order.run(this.compress(frame), async () => {
      await this.updateOutputChannel(frame);
      return frame;
    });
  }

  /** The type alone: what clients see first is to be compressed. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.figures = newFigures();
  }

  override getStats() {
    const { nBytesIn, nBytesOut } = this.figures;
    return { ...this.figures, compressionFactor: nBytesOut === 0 ? 1 : nBytesIn / nBytesOut };
  }

  override getStatsPvaTypes() {
    return {
      nFrames: 'ulong',
      nCompressed: 'ulong',
      nBytesIn: 'ulong',
      nBytesOut: 'ulong',
      compressionFactor: 'double',
    } as const;
  }

  private async compress(frame: NtNdArray): Promise<void> {
    this.figures.nFrames++;
    if (imageHeader(frame).codec !== '') return;
    await compressNtNdArray(frame, this.options);
    const { codec, compressedSize = 0, uncompressedSize = 0 } = frame.header();
    if (codec === '') return;
    this.figures.nCompressed++;
    this.figures.nBytesIn += uncompressedSize;
    this.figures.nBytesOut += compressedSize;
  }
}

function newFigures() {
  return { nFrames: 0, nCompressed: 0, nBytesIn: 0, nBytesOut: 0 };
}
