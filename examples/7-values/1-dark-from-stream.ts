// 1-dark-from-stream.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel dark:*:image \
//   --processor-file 1-dark-from-stream.ts --processor-args '{"nDark": 20}'
import {
  AdImageProcessor,
  DarkFlatCorrection,
  frameValues,
  ImageSum,
  placeForValues,
  type FilePixels,
  type NtNdArray,
} from 'pvaflow';

/** Takes the mean of the first images, before the shutter opens, for the dark image, and subtracts it from all that follow. */
export default class DarkFromStream extends AdImageProcessor {
  private nDark = 10;
  private sum: ImageSum | undefined;
  private correction: DarkFlatCorrection | undefined;

  override configure({ nDark = this.nDark }: { nDark?: number }) {
    if (!Number.isInteger(nDark) || nDark < 1)
      throw new RangeError(`nDark must be a whole number from 1, found ${nDark}`);
    this.nDark = nDark;
    this.resetStats();
  }

  override process(frame: NtNdArray) {
    const image = frameValues(frame);
    if (image === undefined) return null;
    if (this.correction === undefined) {
      this.addToDark(image);
      return null; // the dark images are not handed on
    }
    this.correction.correct(image, placeForValues(frame, image, 'float32'));
    this.updateOutputChannel(frame);
    return frame;
  }

  private addToDark(image: FilePixels) {
    if (this.sum?.accepts(image) !== true) this.sum = new ImageSum(image, this.nDark);
    this.sum.add(image);
    if (this.sum.count < this.nDark) return;
    const data = new Float64Array(image.data.length);
    this.sum.take(data);
    const dark = { name: 'dark image', shape: [image.ny, image.nx], data: data.map((value) => value / this.nDark) };
    this.correction = new DarkFlatCorrection({ dark, scale: 1, zeroFlat: 'keep' });
  }

  /** The next images are dark again. */
  override resetStats() {
    this.sum = this.correction = undefined;
  }

  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }
}
