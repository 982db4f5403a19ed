// 5-reddest.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel red:*:image \
//   --processor-file 5-reddest.ts
import ndarray from 'ndarray';
import { AdImageProcessor, convertColorNtNdArray, type NtNdArray } from 'pvaflow';

/** Publishes the red of colour images as grey ones, in whichever order their colours come. Grey images are published as they are. */
export default class Reddest extends AdImageProcessor {
  override process(frame: NtNdArray) {
    convertColorNtNdArray(frame, { colorMode: 'RGB3' }); // three planes: red is the first
    const { image, imageId, nx, ny } = this.reshapeNtNdArray(frame);
    const red = ndarray(image.data.slice(0, nx * ny), [ny, nx]);
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, red));
    return frame;
  }
}
