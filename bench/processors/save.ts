// Saves frames to files; the bench asks how many by a line on standard input.
import type { NtNdArray } from 'pvaflow';
import { AdOutputFileProcessor } from '../../processors/ad-output-file-processor.js';

export default class Save extends AdOutputFileProcessor {
  private asked = true;
  /** Those that are published, in their order: others behind them may be saved already. */
  private received = 0;

  override async start() {
    process.stdin.on('data', () => (this.asked = true)).unref();
    await super.start();
  }

  override async process(frame: NtNdArray): Promise<NtNdArray | null> {
    const result = await super.process(frame);
    if (frame.header().elements > 0) this.received += 1;
    if (this.asked && this.received > 0) {
      this.asked = false;
      console.log(JSON.stringify({ received: this.received, id: frame.uniqueId }));
    }
    return result;
  }
}
