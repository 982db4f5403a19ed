// 2-flicker.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel flicker:*:image \
//   --processor-file 2-flicker.ts --processor-args '{"n": 50}'
import { AdImageProcessor, frameValues, MovingAverage, placeForValues, type NtNdArray } from 'pvaflow';

/** Publishes what changes: each image less the moving average of those up to it. */
export default class Flicker extends AdImageProcessor {
  private n = 20;
  private average: MovingAverage | undefined;
  private means = new Float32Array(0);

  override configure({ n = this.n }: { n?: number }) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`n must be a whole number from 1, found ${n}`);
    this.n = n;
    this.average = undefined;
  }

  override process(frame: NtNdArray) {
    const image = frameValues(frame);
    if (image === undefined) return null;
    const id = frame.uniqueId;
    if (this.average?.continues(image, id) !== true) {
      this.average = new MovingAverage(image, { n: this.n, mode: 'exponential', maxBytes: 0 });
      this.means = new Float32Array(image.data.length); // made once, and used for all images
    }
    this.average.add(image, id, this.means);
    const target = placeForValues(frame, image, 'float32') as Float32Array;
    for (let i = 0; i < target.length; i++) target[i] = Number(image.data[i]) - (this.means[i] as number);
    this.updateOutputChannel(frame);
    return frame;
  }

  override resetStats() {
    this.average = undefined;
  }

  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }
}
