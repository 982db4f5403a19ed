import { AdImageProcessor, type NtNdArray } from 'pvaflow';

/** Sets every pixel below a level to zero, publishes the image, and counts the pixels that are left. */
export default class Threshold extends AdImageProcessor {
  private level = 100;
  private nAbove = 0;

  /** Called before `start`, and for what is sent to the control channel. Keys that are not taken apart here are refused. */
  override configure({ level = this.level }: { level?: number }) {
    this.level = level;
  }

  /** Called with each frame, in order. */
  override process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray(frame); // a view of the pixels, nothing copied
    const pixels = image.data;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] < this.level) pixels[i] = 0;
      else this.nAbove++;
    }
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, image));
    return frame; // goes on to the next processor, if there is one
  }

  /** Shown in the field `userStats` of the status channel. */
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
