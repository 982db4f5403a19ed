// 3-sum-per-second.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel sum:*:image \
//   --processor-file 3-sum-per-second.ts --processor-args '{"seconds": 1, "frameRate": 50}'
import { AdImageSum } from 'pvaflow/processors/ad-image-sum.js';

/** Sums of images, of so many seconds each, of a detector whose frame rate is known. */
export default class SumPerSecond extends AdImageSum {
  static override readonly configSchema = {
    properties: {
      ...AdImageSum.configSchema.properties,
      seconds: { type: 'number', exclusiveMinimum: 0 },
      frameRate: { type: 'number', exclusiveMinimum: 0 },
    },
  };

  private seconds = 1;
  private frameRate = 10;

  override async configure({
    seconds = this.seconds,
    frameRate = this.frameRate,
    ...others
  }: { seconds?: number; frameRate?: number } & Parameters<AdImageSum['configure']>[0]) {
    await super.configure({ ...others, n: Math.max(1, Math.round(seconds * frameRate)) });
    this.seconds = seconds;
    this.frameRate = frameRate;
  }
}
