// 5-mean-channel.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel bright:*:image \
//   --processor-file 5-mean-channel.ts --processor-args '{"limit": 20}'
// and look: pvaflow monitor bright:1:image:mean
import { AdImageProcessor, NtScalar, type NtNdArray, type PvaChannel } from 'pvaflow';

/**
 * Publishes the mean of each image on a channel of its own, `OUTPUT:mean`, and on the output channel the image with its negative, one
 * after the other, if it is bright.
 */
export default class MeanChannel extends AdImageProcessor {
  private limit = 0;
  private channel: PvaChannel | undefined;

  override configure({ limit = this.limit }: { limit?: number }) {
    this.limit = limit;
  }

  /** Called once before the first frame; the server of the output channel takes more channels. */
  override start() {
    this.channel = this.pvaServer?.addChannel(`${this.outputChannel}:mean`, NtScalar.type('double'));
  }

  override async process(frame: NtNdArray) {
    const { image, imageId } = this.reshapeNtNdArray<Uint16Array>(frame);
    const mean = image.data.reduce((sum, pixel) => sum + pixel, 0) / image.data.length;
    await this.channel?.post(NtScalar.from(mean)); // resolves at once, unless a subscriber has no room
    if (mean < this.limit) return null;
    this.updateOutputChannel(frame);
    const negative = image.data.map((pixel) => 65_535 - pixel); // a copy: what was published stays as it was
    this.updateOutputChannel(this.generateNtNdArray2D(imageId, { ...image, data: negative }));
    return frame;
  }
}
