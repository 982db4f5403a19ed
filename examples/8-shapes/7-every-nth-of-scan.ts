// 7-every-nth-of-scan.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel scan:*:image \
//   --processor-file 7-every-nth-of-scan.ts --processor-args '{"n": 100, "by": "id", "attribute": "ScanIndex"}'
import { type NtNdArray } from 'pvaflow';
import { EveryNth } from 'pvaflow/processors/every-nth.js';

/** Every n-th frame, and besides the first one of each scan, which an attribute numbers. */
export default class EveryNthOfScan extends EveryNth {
  static override readonly configSchema = {
    properties: { ...EveryNth.configSchema.properties, attribute: { type: 'string' } },
  };

  private attribute = 'ScanIndex';
  private scan: unknown;

  override configure({
    attribute = this.attribute,
    ...others
  }: { attribute?: string } & Parameters<EveryNth['configure']>[0]) {
    super.configure(others);
    this.attribute = attribute;
  }

  override process(frame: NtNdArray) {
    const scan = frame.attribute(this.attribute);
    const isFirst = scan !== this.scan;
    this.scan = scan;
    return super.process(frame) ?? (isFirst ? this.publish(frame) : null);
  }

  private publish(frame: NtNdArray) {
    this.updateOutputChannel(frame);
    return frame;
  }
}
