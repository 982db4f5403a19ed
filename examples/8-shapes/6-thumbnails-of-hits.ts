// 6-thumbnails-of-hits.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --processor-file 6-thumbnails-of-hits.ts \
//   --processor-args '{"mean": 50, "codec": "none"}' --processor-class AdOutputFileProcessor \
//   --processor-args '{"outputDirectory": "hits", "outputFileNameFormat": "{uniqueId:06}.png"}'
import { type NtNdArray } from 'pvaflow';
import { AdImageThumbnail } from 'pvaflow/processors/ad-image-thumbnail.js';

/** Makes thumbnails of the images that are bright enough on average, and filters the others out: an overview to flick through. */
export default class ThumbnailsOfHits extends AdImageThumbnail {
  static override readonly configSchema = {
    properties: { ...AdImageThumbnail.configSchema.properties, mean: { type: 'number' } },
  };

  private mean = 0;

  override async configure({
    mean = this.mean,
    ...others
  }: { mean?: number } & Parameters<AdImageThumbnail['configure']>[0]) {
    await super.configure(others);
    this.mean = mean;
  }

  override process(frame: NtNdArray) {
    const pixels = this.reshapeNtNdArray(frame).image.data;
    let sum = 0;
    for (let i = 0; i < pixels.length; i++) sum += Number(pixels[i]);
    return sum < this.mean * pixels.length ? Promise.resolve(null) : super.process(frame);
  }
}
