import {
  AdImageProcessor,
  checkCropOptions,
  cropNtNdArray,
  outsideRules,
  type CropOptions,
  type NtNdArray,
} from 'pvaflow';

const size = { type: ['integer', 'null'], minimum: 1 };
const offset = { type: 'integer', minimum: 0 };

/** `null`: to the edge of the image. */
type Config = Partial<Omit<CropOptions, 'sizeX' | 'sizeY'>> & { sizeX?: number | null; sizeY?: number | null };

/**
 * Publishes an area of each image, the region of interest. The `offset` in the dimensions says where on the detector it is.
 *
 * Configuration: `{ "offsetX": 100, "offsetY": 50, "sizeX": 640, "sizeY": 480 }`; without a size, or with `null`, the area
 * reaches to the edge. An image that does not have the whole area fails; with `"outside": "clip"` the part is published that it
 * has, and `nClipped` counts it.
 */
export class AdImageRoi extends AdImageProcessor {
  static override readonly configSchema = {
    properties: { offsetX: offset, offsetY: offset, sizeX: size, sizeY: size, outside: { enum: [...outsideRules] } },
  };

  private area: CropOptions = { offsetX: 0, offsetY: 0 };
  private nFrames = 0;
  private nClipped = 0;

  override configure({ sizeX = this.area.sizeX, sizeY = this.area.sizeY, ...others }: Config) {
    const area = { ...this.area, ...others, sizeX: sizeX ?? undefined, sizeY: sizeY ?? undefined };
    checkCropOptions(area);
    this.area = area;
  }

  override process(frame: NtNdArray) {
    this.nFrames++;
    if (!cropNtNdArray(frame, this.area)) this.nClipped++;
    this.updateOutputChannel(frame);
    return frame;
  }

  /** The type alone: what clients see first is to be the area. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.nFrames = this.nClipped = 0;
  }

  override getStats() {
    return { nFrames: this.nFrames, nClipped: this.nClipped };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nClipped: 'ulong' } as const;
  }
}
