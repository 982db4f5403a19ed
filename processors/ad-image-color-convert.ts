import {
  AdImageProcessor,
  checkConvertColorOptions,
  convertColorNtNdArray,
  luminanceRules,
  outputColorModes,
  type ConvertColorOptions,
  type NtNdArray,
} from 'pvaflow';

/**
 * Publishes each image in one colour mode, whichever it came in. Images that have it already are published as they are.
 *
 * Configuration: `{ "colorMode": "Mono" }`, or `RGB1`, `RGB2`, `RGB3`; `luminance` says how three colours become one value: `mean`, as areaDetector's
 * NDPluginColorConvert does, or by the weights of `bt601` or `bt709`.
 */
export class AdImageColorConvert extends AdImageProcessor {
  static override readonly configSchema = {
    properties: { colorMode: { enum: [...outputColorModes] }, luminance: { enum: [...luminanceRules] } },
  };

  private options: ConvertColorOptions = { colorMode: 'Mono' };
  private nFrames = 0;
  private nConverted = 0;

  override configure(config: Partial<ConvertColorOptions>) {
    const options = { ...this.options, ...config };
    checkConvertColorOptions(options);
    this.options = options;
  }

  override process(frame: NtNdArray) {
    this.nFrames++;
    if (convertColorNtNdArray(frame, this.options)) this.nConverted++;
    this.updateOutputChannel(frame);
    return frame;
  }

  /** The type alone: what clients see first is to have the colour mode. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.nFrames = this.nConverted = 0;
  }

  override getStats() {
    return { nFrames: this.nFrames, nConverted: this.nConverted };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nConverted: 'ulong' } as const;
  }
}
