import {
  AdImageProcessor,
  centroidStatistics,
  checkConfig,
  frameValues,
  histogramStatistics,
  NtScalar,
  NtScalarArray,
  pixelStatistics,
  type FilePixels,
  type NtNdArray,
  type TypeFields,
} from 'pvaflow';

interface StatisticsConfig {
  computeCentroid?: boolean;
  centroidThreshold?: number;
  computeHistogram?: boolean;
  histSize?: number;
  histMin?: number;
  histMax?: number;
}

/**
 * Publishes each image with statistics of its pixels as attributes, under the names that areaDetector's NDPluginStats has for them:
 * `MinValue`, `MinX`, `MinY`, `MaxValue`, `MaxX`, `MaxY`, `MeanValue`, `Sigma`, `Total`; of the centroid `CentroidX`, `CentroidY`,
 * `CentroidTotal`, `SigmaX`, `SigmaY`, `SigmaXY`, `SkewX`, `SkewY`, `KurtosisX`, `KurtosisY`, `Eccentricity`, `Orientation`; of the
 * histogram `Histogram`, `HistBelow`, `HistAbove`, `HistEntropy`. All are doubles, the histogram an array of doubles. Values that
 * are not finite are left out, and `NotFinite` counts them. The figures of the last image are in the status channel, too.
 *
 * Configuration, all of it optional:
 *
 * - `computeCentroid` (true), of pixels that reach `centroidThreshold` (1).
 * - `computeHistogram` (false), with `histSize` (256) bins; the middle of the first is `histMin` (0), of the last `histMax` (255).
 */
export class AdImageStatistics extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      computeCentroid: { type: 'boolean' },
      centroidThreshold: { type: 'number' },
      computeHistogram: { type: 'boolean' },
      histSize: { type: 'integer', minimum: 2, maximum: 1_000_000 },
      histMin: { type: 'number' },
      histMax: { type: 'number' },
    },
  };

  private config: Required<StatisticsConfig> = {
    computeCentroid: true,
    centroidThreshold: 1,
    computeHistogram: false,
    histSize: 256,
    histMin: 0,
    histMax: 255,
  };
  private nFrames = 0;
  private last: Figures = none;

  override async configure(config: StatisticsConfig) {
    await checkConfig(this, config);
    const wanted = { ...this.config, ...config };
    const { histMin, histMax } = wanted;
    if (!(histMax > histMin))
      throw new RangeError(`histMax must be more than histMin, found ${histMax} and ${histMin}`);
    this.config = wanted;
  }

  override process(frame: NtNdArray) {
    const image = frameValues(frame);
    if (image !== undefined) {
      const figures = this.figuresOf(image);
      addAttributes(frame, figures);
      this.last = { ...none, ...figures, UniqueId: frame.uniqueId };
      this.nFrames++;
    }
    this.updateOutputChannel(frame);
    return frame;
  }

  override resetStats() {
    this.nFrames = 0;
    this.last = none;
  }

  override getStats() {
    return { nFrames: this.nFrames, ...this.last };
  }

  override getStatsPvaTypes() {
    const types = Object.entries(none).map(([name, value]) => [
      name,
      typeof value === 'number' ? 'double' : 'double[]',
    ]);
    return { nFrames: 'ulong', ...Object.fromEntries(types), UniqueId: 'int' } as TypeFields;
  }

  private figuresOf(image: FilePixels): Figures {
    const { computeCentroid, centroidThreshold, computeHistogram, histMin, histMax, histSize } = this.config;
    return {
      ...pixelStatistics(image),
      ...(computeCentroid ? centroidStatistics(image, centroidThreshold) : {}),
      ...(computeHistogram ? histogramStatistics(image, histMin, histMax, histSize) : {}),
    };
  }
}

/** Figures by their names. */
type Figures = Readonly<Record<string, number | Float64Array>>;

const pixel: FilePixels = { data: new Uint8Array(1), nx: 1, ny: 1, colorMode: 0, dtype: 'uint8' };

/** All figures there may be, before there was an image. */
const none: Figures = {
  UniqueId: 0,
  ...pixelStatistics(pixel),
  ...centroidStatistics(pixel, 1),
  Histogram: new Float64Array(0),
  HistBelow: 0,
  HistAbove: 0,
  HistEntropy: 0,
};

/** What `joinAttributes` takes times and alarms from: they are those of the frame, and none. */
const ofFrame = NtScalar.from(0);

/** By one call of the addon: to set one attribute after the other takes longer than the statistics of a small image. */
function addAttributes(frame: NtNdArray, figures: Figures) {
  const source = 'AdImageStatistics';
  frame.joinAttributes(
    Object.entries(figures).map(([name, value]) => {
      if (typeof value === 'number') return { name, of: ofFrame, number: value, source };
      return { name, of: NtScalarArray.from(value), source };
    }),
  );
}
