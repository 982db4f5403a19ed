import { AdImageProcessor, type NtNdArray } from 'pvaflow';

/**
 * Sets every pixel below a level to zero, publishes the image and counts the pixels that are left. The frame's own pixels are changed,
 * so stages that follow see the result.
 *
 * Configuration: `{ "level": 100 }`, a number; for 64-bit images a whole one.
 */
export class AdImageThreshold extends AdImageProcessor {
  private level = 100;
  private nFrames = 0;
  private nAbove = 0;

  override configure({ level = this.level }: { level?: number }) {
    if (!Number.isFinite(level)) throw new RangeError(`level must be a number, found ${JSON.stringify(level)}`);
    this.level = level;
    this.logger.debug(`pixels below ${level} become 0`);
  }

  override process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray(frame);
    const pixels = image.data;
    const zero = is64Bit(pixels) ? 0n : 0;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] < this.level) pixels[i] = zero;
      else this.nAbove++;
    }
    this.nFrames++;
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, image));
    return frame;
  }

  override resetStats() {
    this.nFrames = 0;
    this.nAbove = 0;
  }

  override getStats() {
    return { nFrames: this.nFrames, nAbove: this.nAbove };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong', nAbove: 'ulong' } as const;
  }
}

function is64Bit(pixels: object): boolean {
  return pixels instanceof BigInt64Array || pixels instanceof BigUint64Array;
}
