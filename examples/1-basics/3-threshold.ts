// 3-threshold.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel thr:*:image --processor-file 3-threshold.ts
import { AdImageProcessor, type NtNdArray } from 'pvaflow';

export default class Threshold extends AdImageProcessor {
  private level = 100;
  private nAbove = 0;

  override configure({ level = this.level }: { level?: number }) {
    this.level = level;
  }

  override process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray(frame); // an ndarray view of the pixels, nothing copied
    const pixels = image.data;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] < this.level) pixels[i] = 0;
      else this.nAbove++;
    }
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, image));
    return frame; // goes on to the next stage
  }

  override getStats() {
    return { nAbove: this.nAbove };
  }
  override getStatsPvaTypes() {
    return { nAbove: 'ulong' } as const;
  }
  override resetStats() {
    this.nAbove = 0;
  }
}
