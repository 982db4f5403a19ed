import {
  AdImageProcessor,
  checkConfig,
  frameValues,
  HotPixels,
  hotPixelReplacements,
  placeForValues,
  readImageFile,
  type HotPixelReplacement,
  type NtNdArray,
  type ReferenceImage,
} from 'pvaflow';

interface HotPixelsConfig {
  mask?: string;
  pixels?: [number, number][];
  threshold?: number | null;
  replaceBy?: HotPixelReplacement;
  value?: number;
}

/**
 * Replaces hot pixels of every image, which is then published. Its own pixels are changed.
 *
 * Configuration; what is hot by any of the first three is replaced:
 *
 * - `mask`: file (TIFF, PNG, NPY, HDF5) of the size of the images, with numbers that are not 0 where pixels are hot. Empty: none. It is read when it is
 *   configured; until it is read, and if it cannot be, the one before is used.
 * - `pixels`: list of `[x, y]`, columns and rows from 0.
 * - `threshold`: hot in an image is what exceeds the median of its eight neighbours by more than this; `null`: nothing is.
 * - `replaceBy` (`median`): the median of the neighbours that are not hot; `value`: the number `value` (0); `nan`, for floats.
 *
 * `nHot` counts the pixels that were hot, `nLeft` those that stayed as they were, because there is none that is not hot in 7 × 7
 * pixels around them.
 */
export class AdImageHotPixels extends AdImageProcessor {
  static override readonly configSchema = {
    properties: {
      mask: { type: 'string' },
      pixels: {
        type: 'array',
        expected: 'a list of [column, row]',
        items: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
      },
      threshold: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }] },
      replaceBy: { enum: hotPixelReplacements },
      value: { type: 'number' },
    },
  };

  private config: HotPixelsConfig = {};
  private mask: ReferenceImage | undefined;
  private hotPixels = new HotPixels({ replaceBy: 'median', value: 0 });
  private figures = newFigures();

  override async configure(config: HotPixelsConfig) {
    await checkConfig(this, config);
    const { mask: name } = config;
    const mask = name === undefined ? this.mask : name === '' ? undefined : { ...(await readImageFile(name)), name };
    this.config = { ...this.config, ...config };
    this.mask = mask;
    const { pixels, threshold, replaceBy = 'median', value = 0 } = this.config;
    this.hotPixels = new HotPixels({ mask, pixels, threshold: threshold ?? undefined, replaceBy, value });
  }

  override process(frame: NtNdArray): NtNdArray | null {
    this.replaceIn(frame);
    this.updateOutputChannel(frame);
    return frame;
  }

  /** Replaces the hot pixels of a frame. @returns how many there were, and how many of them stayed as they were */
  protected replaceIn(frame: NtNdArray) {
    const image = frameValues(frame);
    if (image === undefined) return { hot: 0, left: 0 };
    const data = placeForValues(frame, image, 'same');
    if (data !== image.data) data.set(image.data as never); // booleans
    const { hot, left } = this.hotPixels.replace({ ...image, data });
    this.figures.nHot += hot;
    this.figures.nLeft += left;
    this.figures.nFrames++;
    return { hot, left };
  }

  override resetStats() {
    this.figures = newFigures();
  }

  override getStats() {
    return this.figures;
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nHot: 'ulong', nLeft: 'ulong' } as const;
  }
}

function newFigures() {
  return { nFrames: 0, nHot: 0, nLeft: 0 };
}
