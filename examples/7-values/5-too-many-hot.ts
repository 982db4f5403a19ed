// 5-too-many-hot.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel clean:*:image \
//   --processor-file 5-too-many-hot.ts --processor-args '{"threshold": 500, "limit": 100}'
import { type NtNdArray } from 'pvaflow';
import { AdImageHotPixels } from 'pvaflow/processors/ad-image-hot-pixels.js';

/** Replaces hot pixels, such as those of cosmic rays, and leaves out images that have too many of them. */
export default class TooManyHot extends AdImageHotPixels {
  static override readonly configSchema = {
    properties: { ...AdImageHotPixels.configSchema.properties, limit: { type: 'integer', minimum: 0 } },
  };

  private limit = 1000;
  private nLeftOut = 0;

  override async configure({
    limit = this.limit,
    ...others
  }: { limit?: number } & Parameters<AdImageHotPixels['configure']>[0]) {
    await super.configure(others);
    this.limit = limit;
  }

  override process(frame: NtNdArray) {
    const { hot } = this.replaceIn(frame);
    if (hot > this.limit) {
      this.nLeftOut++;
      return null;
    }
    frame.setAttribute('NumHot', hot);
    this.updateOutputChannel(frame);
    return frame;
  }

  override getStats() {
    return { ...super.getStats(), nLeftOut: this.nLeftOut };
  }

  override getStatsPvaTypes() {
    return { ...super.getStatsPvaTypes(), nLeftOut: 'ulong' } as const;
  }
}
