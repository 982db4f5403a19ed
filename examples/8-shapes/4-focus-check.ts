// 4-focus-check.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel focus:*:image \
//   --processor-file 4-focus-check.ts --processor-args '{"stepX": 4, "stepY": 4}'
import { type NtNdArray } from 'pvaflow';
import { AdImageSubsample } from 'pvaflow/processors/ad-image-subsample.js';

/** Sub-samples each image, and says on the status channel how much neighbours differ: the sharper the image, the more. */
export default class FocusCheck extends AdImageSubsample {
  private sharpness = 0;

  override process(frame: NtNdArray) {
    const { image, nx } = this.reshapeNtNdArray(super.process(frame));
    const pixels = image.data;
    let sum = 0;
    for (let i = 1; i < pixels.length; i++)
      if (i % nx !== 0) sum += Math.abs(Number(pixels[i]) - Number(pixels[i - 1]));
    this.sharpness = sum / Math.max(1, pixels.length);
    return frame;
  }

  override getStats() {
    return { ...super.getStats(), sharpness: this.sharpness };
  }
  override getStatsPvaTypes() {
    return { ...super.getStatsPvaTypes(), sharpness: 'double' } as const;
  }
}
