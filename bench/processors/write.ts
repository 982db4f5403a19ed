// Writes frames into HDF5 files; the bench asks how many by a line on standard input.
import type { NtNdArray } from 'pvaflow';
import { Hdf5AdImageWriter } from '../../processors/hdf5-ad-image-writer.js';

export default class Write extends Hdf5AdImageWriter {
  private asked = true;
  private received = 0;

  override async start() {
    process.stdin.on('data', () => (this.asked = true)).unref();
    await super.start();
  }

  override async process(frame: NtNdArray) {
    const result = await super.process(frame);
    if (frame.header().elements > 0) this.received += 1;
    if (this.asked && this.received > 0) {
      this.asked = false;
      console.log(JSON.stringify({ received: this.received, id: frame.uniqueId }));
    }
    return result;
  }
}
