import { AdImageProcessor, checkConfig, decompressNtNdArray, imageHeader, InOrder, type NtNdArray } from 'pvaflow';

interface DecompressorConfig {
  maxBytes?: number;
  threads?: number;
  concurrency?: number;
}

/**
 * Decodes the data of each frame that is compressed and publishes it, as areaDetector's NDPluginCodec does. Ids, attributes and
 * time stamps stay. A frame that cannot be decoded fails, with what is wrong with it; nothing is published of it.
 *
 * The work is done on other threads, several frames at a time; frames are published in their order. A processor behind this
 * one gets at its image without decoding it on the thread that runs all processors.
 *
 * Configuration: `maxBytes`, how large a decoded frame may be (1 GiB); `threads` for one frame of blosc (1); `concurrency`, frames in
 * work at a time (2).
 */
export class AdImageDecompressor extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      maxBytes: { type: 'integer', minimum: 1 },
      threads: { type: 'integer', minimum: 1, maximum: 256 },
      concurrency: { type: 'integer', minimum: 1, maximum: 64 },
    },
  };

  override concurrency = 2;
  private options: { maxBytes?: number; threads?: number } = {};
  private readonly order = new InOrder();
  private figures = newFigures();

  override async configure(config: DecompressorConfig) {
    const { concurrency = this.concurrency, ...options } = await checkConfig(this, config);
    this.concurrency = concurrency;
    this.options = { ...this.options, ...options };
  }

  override process(frame: NtNdArray) {
    return this.order.run(this.decompress(frame), async () => {
      await this.updateOutputChannel(frame);
      return frame;
    });
  }

  /** The type alone: what clients see first is not to be compressed. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.figures = newFigures();
  }

  override getStats() {
    return { ...this.figures };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nDecompressed: 'ulong', nBytesIn: 'ulong', nBytesOut: 'ulong' } as const;
  }

  private async decompress(frame: NtNdArray): Promise<void> {
    this.figures.nFrames++;
    const { codec, elements, compressedSize } = imageHeader(frame);
    if (codec === '') return;
    await decompressNtNdArray(frame, this.options);
    this.figures.nDecompressed++;
    this.figures.nBytesIn += compressedSize || elements;
    this.figures.nBytesOut += frame.header().uncompressedSize ?? 0;
  }
}

function newFigures() {
  return { nFrames: 0, nDecompressed: 0, nBytesIn: 0, nBytesOut: 0 };
}
