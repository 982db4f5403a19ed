// 1-save-every-second.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --processor-file 1-save-every-second.ts \
//   --processor-args '{"seconds": 10, "outputDirectory": "snapshots", "outputFileNameFormat": "{uniqueId:06}.png"}'
import { type NtNdArray } from 'pvaflow';
import { AdOutputFileProcessor } from 'pvaflow/processors/ad-output-file-processor.js';

/** Saves an image every few seconds, by the times of the frames, and publishes the images that it saved. */
export default class SaveEverySecond extends AdOutputFileProcessor {
  static override readonly configSchema = {
    properties: { ...AdOutputFileProcessor.configSchema.properties, seconds: { type: 'number', minimum: 0 } },
  };

  private seconds = 1;
  private savedAt = -Infinity;

  override async configure({
    seconds = this.seconds,
    ...others
  }: { seconds?: number } & Parameters<AdOutputFileProcessor['configure']>[0]) {
    await super.configure(others);
    this.seconds = seconds;
  }

  override process(frame: NtNdArray) {
    const { seconds, nanoseconds } = frame.header();
    const time = seconds + nanoseconds / 1e9;
    if (time < this.savedAt + this.seconds) return null;
    this.savedAt = time;
    return super.process(frame);
  }
}
