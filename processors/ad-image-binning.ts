import {
  AdImageProcessor,
  binMethods,
  binNtNdArray,
  binTypes,
  checkBinOptions,
  overflowRules,
  type BinOptions,
  type NtNdArray,
} from 'pvaflow';

const factor = { type: 'integer', minimum: 1, maximum: 512 };

/**
 * Makes one pixel of each rectangle of pixels, their sum or mean, and publishes the smaller image. What is left over at the right and
 * at the lower edge is left out. The `binning` in the dimensions becomes larger.
 *
 * No sum overflows in silence: by default the pixels get a type that holds all sums. With a type that does not, values become the
 * nearest that it holds, and `nSaturated` counts them; with `"onOverflow": "refuse"` such a frame fails.
 *
 * Configuration: `{ "binX": 2, "binY": 2, "method": "sum" }`, or `mean`; `outputType`: `wide` (of sums the default), `same` (of means), or a type
 * such as `uint16`.
 */
export class AdImageBinning extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      binX: factor,
      binY: factor,
      method: { enum: [...binMethods] },
      outputType: { enum: [...binTypes] },
      onOverflow: { enum: [...overflowRules] },
    },
  };

  private options: BinOptions = { binX: 2, binY: 2 };
  private nFrames = 0;
  private nSaturated = 0;

  override configure(config: Partial<BinOptions>) {
    const options = { ...this.options, ...config };
    checkBinOptions(options);
    this.options = options;
  }

  override process(frame: NtNdArray) {
    this.nFrames++;
    this.nSaturated += binNtNdArray(frame, this.options);
    this.updateOutputChannel(frame);
    return frame;
  }

  /** The type alone: what clients see first is to be binned. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.nFrames = this.nSaturated = 0;
  }

  override getStats() {
    return { nFrames: this.nFrames, nSaturated: this.nSaturated };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nSaturated: 'ulong' } as const;
  }
}
