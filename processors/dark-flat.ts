import {
  AdImageProcessor,
  checkConfig,
  DarkFlatCorrection,
  frameValues,
  outputTypes,
  placeForValues,
  readImageFile,
  zeroFlatRules,
  type NtNdArray,
  type OutputType,
  type ReferenceImage,
  type ZeroFlatRule,
} from 'pvaflow';

interface DarkFlatConfig {
  dark?: string;
  flat?: string;
  scale?: number | 'mean';
  zeroFlat?: ZeroFlatRule;
  outputType?: OutputType;
}

/**
 * Dark and flat field correction, `(image - dark) * scale / (flat - dark)`, of every image, which is then published.
 *
 * Configuration, all of it optional:
 *
 * - `dark`: file with the image that is subtracted, `flat`: file with that of even light; one image (TIFF, PNG, NPY, HDF5) of the
 *   size of those that come. An empty name: none.
 * - `scale` (`mean`): what becomes of a pixel that is as bright as the flat field: the mean of the flat field, or a number.
 * - `zeroFlat` (`zero`): what becomes of pixels where the flat field is not above the dark image: `zero`, `nan`, or `keep`, the value
 *   less the dark image. `nZeroFlat` counts them.
 * - `outputType` (`float32`): type of the result, or `same`. Integers are rounded, and clipped to what they can hold: `nClipped`.
 *
 * Files are read when they are configured: to read them again, configure them again. Until they are read, and if they cannot be,
 * the ones before are used.
 */
export class DarkFlat extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      dark: { type: 'string' },
      flat: { type: 'string' },
      scale: { anyOf: [{ const: 'mean' }, { type: 'number' }] },
      zeroFlat: { enum: zeroFlatRules },
      outputType: { enum: outputTypes },
    },
  };

  private config: DarkFlatConfig = {};
  private references: { dark?: ReferenceImage | undefined; flat?: ReferenceImage | undefined } = {};
  private correction = new DarkFlatCorrection({ scale: 'mean', zeroFlat: 'zero' });
  private nFrames = 0;
  private nClipped = 0;

  override async configure(config: DarkFlatConfig) {
    await checkConfig(this, config);
    const { dark, flat } = config;
    const read = { ...(await references({ dark, flat })) };
    this.config = { ...this.config, ...config };
    this.references = { ...this.references, ...read };
    const { scale = 'mean', zeroFlat = 'zero' } = this.config;
    this.correction = new DarkFlatCorrection({ ...this.references, scale, zeroFlat });
  }

  override process(frame: NtNdArray) {
    const image = frameValues(frame);
    if (image !== undefined) {
      const target = placeForValues(frame, image, this.config.outputType ?? 'float32');
      this.nClipped += this.correction.correct(image, target);
      this.nFrames++;
    }
    this.updateOutputChannel(frame);
    return frame;
  }

  /** The type alone: the pixels of what clients see first are to be corrected. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.nFrames = this.nClipped = 0;
  }

  override getStats() {
    return { nFrames: this.nFrames, nClipped: this.nClipped, nZeroFlat: this.correction.nZeroFlat };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nClipped: 'ulong', nZeroFlat: 'ulong' } as const;
  }
}

/** Reads the files that are named; an empty name stands for none. */
async function references(files: Record<string, string | undefined>) {
  const found: Record<string, ReferenceImage | undefined> = {};
  for (const [key, name] of Object.entries(files)) {
    if (name === '') found[key] = undefined;
    else if (name !== undefined) found[key] = { ...(await readImageFile(name)), name };
  }
  return found;
}
