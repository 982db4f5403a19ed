import {
  AdImageProcessor,
  averageModes,
  checkConfig,
  frameValues,
  MovingAverage,
  outputTypes,
  placeForValues,
  type AverageMode,
  type NtNdArray,
  type OutputType,
} from 'pvaflow';

interface AverageConfig {
  n?: number;
  mode?: AverageMode;
  outputType?: OutputType;
  maxMegabytes?: number;
}

/**
 * Publishes for each image the average of the last ones: with the id, the times and the attributes of the image, and with the attribute
 * `NumAveraged`, of how many it is.
 *
 * Configuration, all of it optional:
 *
 * - `n` (10): how many images.
 * - `mode` (`window`): the mean of the last n; `exponential`: of all, the newest with the weight 1/n.
 * - `outputType` (`float32`): type of the result, or `same`. Integers are rounded.
 * - `maxMegabytes` (1024): so much a window may take.
 *
 * The average begins anew with an image of another size, type or colour mode, with one whose id is not higher than that of the oldest
 * in the window (the detector counts from the start again), when `n` or `mode` change, and when statistics are reset. `nRestarts`
 * counts the first two.
 */
export class AdImageMovingAverage extends AdImageProcessor {
  static override readonly needsOrder = true;
  static override readonly configSchema = {
    properties: {
      n: { type: 'integer', minimum: 1, maximum: 10_000 },
      mode: { enum: averageModes },
      outputType: { enum: outputTypes },
      maxMegabytes: { type: 'number', exclusiveMinimum: 0 },
    },
  };

  private config = { n: 10, mode: 'window', outputType: 'float32', maxMegabytes: 1024 } as Required<AverageConfig>;
  private average: MovingAverage | undefined;
  private figures = newFigures();

  override async configure(config: AverageConfig) {
    await checkConfig(this, config);
    const before = this.config;
    this.config = { ...before, ...config };
    if (this.config.n !== before.n || this.config.mode !== before.mode) this.average = undefined;
  }

  override process(frame: NtNdArray) {
    const image = frameValues(frame);
    if (image !== undefined) {
      const average = this.averageFor(image, frame.uniqueId);
      const target = placeForValues(frame, image, this.config.outputType);
      this.figures.nClipped += average.add(image, frame.uniqueId, target);
      this.figures.nFrames++;
      frame.setAttribute('NumAveraged', { type: 'int', value: average.count });
    }
    this.updateOutputChannel(frame);
    return frame;
  }

  /** The type alone: the pixels of what clients see first are to be an average. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.figures = newFigures();
    this.average = undefined;
  }

  override getStats() {
    return { ...this.figures, nAveraged: this.average?.count ?? 0 };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nClipped: 'ulong', nRestarts: 'ulong', nAveraged: 'uint' } as const;
  }

  private averageFor(image: ReturnType<typeof frameValues> & object, id: number) {
    if (this.average?.continues(image, id) === true) return this.average;
    if (this.average !== undefined) this.figures.nRestarts++;
    const { n, mode, maxMegabytes } = this.config;
    this.average = undefined;
    return (this.average = new MovingAverage(image, { n, mode, maxBytes: maxMegabytes * 1e6 }));
  }
}

function newFigures() {
  return { nFrames: 0, nClipped: 0, nRestarts: 0 };
}
