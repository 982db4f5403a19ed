// 2-save-hits.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --processor-file 2-save-hits.ts \
//   --processor-args '{"mean": 50, "outputDirectory": "hits"}'
import { type NtNdArray } from 'pvaflow';
import { Hdf5AdImageWriter } from 'pvaflow/processors/hdf5-ad-image-writer.js';

/** Writes the images into HDF5 files that are bright enough on average, and filters the others out. */
export default class SaveHits extends Hdf5AdImageWriter {
  static override readonly configSchema = {
    properties: { ...Hdf5AdImageWriter.configSchema.properties, mean: { type: 'number' } },
  };

  private mean = 0;

  override async configure({
    mean = this.mean,
    ...others
  }: { mean?: number } & Parameters<Hdf5AdImageWriter['configure']>[0]) {
    this.mean = mean;
    await super.configure(others);
  }

  override process(frame: NtNdArray) {
    const pixels = this.reshapeNtNdArray(frame).image.data;
    let sum = 0;
    for (let i = 0; i < pixels.length; i++) sum += Number(pixels[i]);
    return sum < this.mean * pixels.length ? null : super.process(frame);
  }
}
