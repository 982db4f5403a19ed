import {
  AdImageProcessor,
  checkConfig,
  frameValues,
  ImageSum,
  outputTypes,
  placeForValues,
  sumType,
  type FilePixels,
  type NtNdArray,
  type OutputType,
} from 'pvaflow';

/** What becomes of a sum when no more images of its group will come. */
const incompleteRules = ['drop', 'publish'] as const;

interface SumConfig {
  n?: number;
  outputType?: OutputType | 'wide';
  incomplete?: (typeof incompleteRules)[number];
  lastFrameAttribute?: string;
}

/**
 * Adds n images up and publishes their sum, one for each n. The sum is the last of these images with other pixels: it has its id, its
 * times and its attributes, and the attributes `NumSummed`, of how many images it is, and `FirstUniqueId`, the id of the first. The
 * others are filtered.
 *
 * Configuration, all of it optional:
 *
 * - `n` (10): how many images.
 * - `outputType` (`wide`): type of the sum: integers of 32 or 64 bits that hold every sum, float64 of floats; or a type of its own, or
 *   `same`: integers are clipped to what they can hold, and `nClipped` counts these.
 * - `incomplete` (`drop`): what becomes of a group that ends before it has n images: it is dropped, or published (`publish`).
 *   `nIncomplete` counts them, `nDropped` the images in those that were dropped.
 * - `lastFrameAttribute`: a group ends with a frame in which this attribute is set.
 *
 * A group ends early with that attribute, before an image of another size, type or colour mode, or one whose id is not higher than the
 * first of the group (the detector counts from the start again), and when the processor stops. When statistics are reset it is dropped.
 * Another `n` holds from the next group on.
 */
export class AdImageSum extends AdImageProcessor {
  static override readonly needsOrder = true;
  static override readonly configSchema = {
    properties: {
      n: { type: 'integer', minimum: 1, maximum: 1_000_000 },
      outputType: { enum: ['wide', ...outputTypes] },
      incomplete: { enum: incompleteRules },
      lastFrameAttribute: { type: 'string' },
    },
  };

  private config = { n: 10, outputType: 'wide', incomplete: 'drop', lastFrameAttribute: '' } as Required<SumConfig>;
  private sum: ImageSum | undefined;
  private firstId = 0;
  /** The last image of a group that is not complete, kept in case that it is to be published. */
  private lastFrame: NtNdArray | undefined;
  private figures = newFigures();

  override async configure(config: SumConfig) {
    await checkConfig(this, config);
    this.config = { ...this.config, ...config };
  }

  override process(frame: NtNdArray) {
    const image = frameValues(frame);
    const isLast = this.isLast(frame);
    if (image === undefined) {
      if (isLast) this.endEarly();
      this.updateOutputChannel(frame); // a record without pixels
      return frame;
    }
    const sum = this.sumFor(image, frame.uniqueId);
    sum.add(image);
    this.figures.nFrames++;
    if (sum.count === sum.n) return this.publish(sum, frame);
    this.keep(frame);
    return isLast ? this.endEarly() : null;
  }

  /** When nothing can be published any more the images of the group are dropped, and it is told. */
  override stop() {
    const count = this.sum?.count ?? 0;
    try {
      this.endEarly();
    } catch (error) {
      this.figures.nDropped += count;
      this.keep(undefined);
      throw error;
    }
  }

  /** The type alone: the pixels of what clients see first are to be a sum. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.figures = newFigures();
    this.sum?.reset();
    this.keep(undefined);
  }

  override getStats() {
    return { ...this.figures, nInGroup: this.sum?.count ?? 0 };
  }

  override getStatsPvaTypes() {
    const count = 'ulong';
    return {
      nFrames: count,
      nSums: count,
      nIncomplete: count,
      nDropped: count,
      nClipped: count,
      nInGroup: count,
    } as const;
  }

  /** The sum that an image belongs to, of the group that goes on or of a new one. */
  private sumFor(image: FilePixels, id: number): ImageSum {
    const { n } = this.config;
    if (this.sum !== undefined && this.sum.count > 0) {
      if (this.sum.accepts(image) && id > this.firstId) return this.sum;
      this.endEarly();
    }
    this.firstId = id;
    if (this.sum?.n !== n || !this.sum.accepts(image)) this.sum = new ImageSum(image, n);
    return this.sum;
  }

  private publish(sum: ImageSum, frame: NtNdArray) {
    const { outputType } = this.config;
    const type = outputType === 'wide' ? sumType(sum.of.dtype, sum.n) : outputType;
    const { count } = sum;
    this.figures.nClipped += sum.take(placeForValues(frame, frameValues(frame) as FilePixels, type));
    frame.setAttribute('NumSummed', { type: 'int', value: count });
    frame.setAttribute('FirstUniqueId', { type: 'int', value: this.firstId });
    this.updateOutputChannel(frame);
    this.figures.nSums++;
    this.keep(undefined);
    return frame;
  }

  /** The sum of a group that is not complete, if there is one and it is to be published. */
  private endEarly() {
    const { sum, lastFrame } = this;
    if (sum === undefined || sum.count === 0) return null;
    this.figures.nIncomplete++;
    if (lastFrame !== undefined) return this.publish(sum, lastFrame);
    this.figures.nDropped += sum.count;
    sum.reset();
    return null;
  }

  private keep(frame: NtNdArray | undefined) {
    this.lastFrame?.release();
    this.lastFrame = this.config.incomplete === 'publish' ? frame?.retain() : undefined;
  }

  private isLast(frame: NtNdArray): boolean {
    const { lastFrameAttribute: name } = this.config;
    if (name === '') return false;
    const value = frame.attribute(name);
    return value !== undefined && value !== null && value !== '' && value !== 'false' && Number(value) !== 0;
  }
}

function newFigures() {
  return { nFrames: 0, nSums: 0, nIncomplete: 0, nDropped: 0, nClipped: 0 };
}
