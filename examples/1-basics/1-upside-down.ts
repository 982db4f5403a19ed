// 1-upside-down.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel down:*:image \
//   --processor-file 1-upside-down.ts
import { AdImageProcessor, type NtNdArray } from 'pvaflow';

/** Turns every image upside down: the shortest processor of images. */
export default class UpsideDown extends AdImageProcessor {
  override process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray(frame); // rows and columns: a view of the pixels, nothing copied
    const turned = image.step(-1, 1); // the same pixels, the last row first
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, turned));
    return frame;
  }
}
