// 2-gain.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel gain:*:image --control-channel gain:*:control \
//   --processor-file 2-gain.ts --processor-args '{"gain": 2.5}'
// and change it: pvaflow put gain:1:control '{"command": "configure", "args": "{\"gain\": 4}"}'
import { AdImageProcessor, type NtNdArray } from 'pvaflow';

/** Multiplies every pixel. Integers are rounded down, and wrap where they become too large for their type. */
export default class Gain extends AdImageProcessor {
  private gain = 1;

  /**
   * Called with the arguments before the first frame, and with what is sent to the control channel. What is not given stays as it
   * is. The keys that are taken apart here are those that there are: any other is refused, with the nearest of them.
   */
  override configure({ gain = this.gain }: { gain?: number }) {
    if (!(gain > 0)) throw new RangeError(`gain must be a number above 0, found ${gain}`);
    this.gain = gain;
  }

  override process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray<Uint16Array>(frame);
    const pixels = image.data;
    for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] as number) * this.gain;
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, image));
    return frame;
  }
}
