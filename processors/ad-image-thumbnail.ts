import {
  AdImageProcessor,
  checkConfig,
  checkThumbnailOptions,
  compressNtNdArray,
  conversions,
  imageHeader,
  InOrder,
  thumbnailNtNdArray,
  thumbnailTypes,
  type NtNdArray,
  type ThumbnailOptions,
} from 'pvaflow';

interface Config extends ThumbnailOptions {
  readonly codec: 'jpeg' | 'none';
  readonly quality: number;
}

/**
 * Publishes a small image of each, for displays: squares of pixels become their mean, values of other types are scaled to 8 bits,
 * and the image is compressed as JPEG, as areaDetector's NDPluginCodec does. With the codec `none` it is not compressed: put
 * `AdOutputFileProcessor` behind it for files, and `EveryNth` in front for fewer of them.
 *
 * Configuration, all of it optional: `{ "size": 256 }`, which neither columns nor rows exceed; `codec`: `jpeg` or `none`;
 * `quality` of the JPEG, 1 to 100 (75); `outputType`: `uint8`, or `uint16` with the codec `none`; `convert`: `scale`, or `clip`; `convertRange`: the
 * values that become the smallest and the largest, such as `[0, 4095]`, by default those of each image.
 */
export class AdImageThumbnail extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      size: { type: 'integer', minimum: 1 },
      codec: { enum: ['jpeg', 'none'] },
      quality: { type: 'integer', minimum: 1, maximum: 100 },
      outputType: { enum: [...thumbnailTypes] },
      convert: { enum: [...conversions] },
      convertRange: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    },
  };

  override concurrency = 2;
  private config: Config = { size: 256, codec: 'jpeg', quality: 75 };
  private readonly order = new InOrder();
  private figures = newFigures();

  override async configure(config: Partial<Config>) {
    const all = { ...this.config, ...(await checkConfig(this, config)) };
    checkThumbnailOptions(all);
    if (all.codec === 'jpeg' && all.outputType === 'uint16')
      throw new RangeError('a JPEG has 8 bits: configure "codec": "none" for uint16');
    this.config = all;
  }

  override process(frame: NtNdArray): Promise<NtNdArray | null> {
    return this.order.run(this.reduce(frame), async () => {
      await this.updateOutputChannel(frame);
      return frame;
    });
  }

  /** The type alone: what clients see first is to be small. */
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
    return { nFrames: 'ulong', nBytesIn: 'ulong', nBytesOut: 'ulong' } as const;
  }

  private async reduce(frame: NtNdArray): Promise<void> {
    const { codec, quality } = this.config;
    this.figures.nFrames++;
    this.figures.nBytesIn += bytesOf(frame);
    thumbnailNtNdArray(frame, this.config);
    if (codec === 'jpeg') await compressNtNdArray(frame, { codec, quality });
    this.figures.nBytesOut += bytesOf(frame);
  }
}

function bytesOf(frame: NtNdArray): number {
  const { elements, format } = imageHeader(frame);
  return elements * (format?.bytes ?? 0);
}

function newFigures() {
  return { nFrames: 0, nBytesIn: 0, nBytesOut: 0 };
}
