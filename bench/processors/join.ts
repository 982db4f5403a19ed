// Joins frames with metadata and counts those that got all of theirs: the bench asks for the count by a line on standard input.
import type { NtNdArray } from 'pvaflow';
import { MetadataJoin } from '../../processors/metadata-join.js';

export default class Join extends MetadataJoin {
  private asked = true;

  override start(): void {
    process.stdin.on('data', () => (this.asked = true)).unref();
  }

  override process(frame: NtNdArray) {
    const result = super.process(frame);
    if (result instanceof Promise) return result.then((joined) => this.told(joined));
    return this.told(result);
  }

  private told(frame: NtNdArray | null) {
    const received = this.getStats().nFramesProcessed;
    if (this.asked && frame !== null && received > 0) {
      this.asked = false;
      console.log(JSON.stringify({ received, id: frame.uniqueId }));
    }
    return frame;
  }
}
