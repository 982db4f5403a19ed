import { AdImageProcessor, thresholdModes, thresholdPixels, type NtNdArray, type ThresholdMode } from 'pvaflow';

interface ThresholdConfig {
  level?: number;
  mode?: ThresholdMode;
  value?: number;
}

/**
 * Sets every pixel below a level to zero, publishes the image and counts the pixels that are left. The frame's own pixels are changed,
 * so stages that follow see the result. NaN stays, and is not counted.
 *
 * Configuration, all of it optional:
 *
 * - `level` (100), in the units of the pixels.
 * - `mode` (`below`): pixels below the level become `value`; `above`: those above it; `binary`: those that reach it, and all others,
 *   also NaN, become 0.
 * - `value` (0; 1 for `binary`): a number that the type of the pixels can hold.
 */
export class AdImageThreshold extends AdImageProcessor {
  private config: ThresholdConfig = {};
  private nFrames = 0;
  private nAbove = 0;

  override configure({
    level = this.config.level ?? 100,
    mode = this.config.mode ?? 'below',
    value = this.config.value,
  }: ThresholdConfig) {
    for (const [name, number] of Object.entries({ level, value }))
      if (number !== undefined && !Number.isFinite(number))
        throw new RangeError(`${name} must be a number, found ${JSON.stringify(number)}`);
    if (!thresholdModes.includes(mode))
      throw new RangeError(`mode must be ${thresholdModes.join(', ')}, found ${JSON.stringify(mode)}`);
    this.config = { level, mode, ...(value === undefined ? {} : { value }) };
    this.logger.debug(`threshold ${level}, ${mode}`);
  }

  override process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray(frame);
    const { level = 100, mode = 'below', value = mode === 'binary' ? 1 : 0 } = this.config;
    if (image.data.length > 0) {
      this.nAbove += thresholdPixels(image.data, { level, mode, value });
      this.nFrames++;
      this.replaceNtNdArrayImage2D(frame, imageId, image);
    }
    this.updateOutputChannel(frame);
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
