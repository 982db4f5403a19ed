// 3-fit-link.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel slim:*:image \
//   --processor-file 3-fit-link.ts --processor-args '{"maxPixels": 250000}'
import { AdImageProcessor, binNtNdArray, type NtNdArray } from 'pvaflow';

/** Bins images that are too large for a slow link, by no more than it takes, whatever size the detector is set to. */
export default class FitLink extends AdImageProcessor {
  private maxPixels = 1_000_000;
  private bin = 1;

  override configure({ maxPixels = this.maxPixels }: { maxPixels?: number }) {
    if (!(maxPixels >= 1)) throw new RangeError(`maxPixels must be a number of at least 1, found ${maxPixels}`);
    this.maxPixels = maxPixels;
  }

  override process(frame: NtNdArray) {
    const { nx, ny } = this.reshapeNtNdArray(frame);
    this.bin = Math.ceil(Math.sqrt((nx * ny) / this.maxPixels));
    if (this.bin > 1) binNtNdArray(frame, { binX: this.bin, binY: this.bin, method: 'mean' });
    this.updateOutputChannel(frame);
    return frame;
  }

  override getStats() {
    return { bin: this.bin };
  }
  override getStatsPvaTypes() {
    return { bin: 'uint' } as const;
  }
}
