// 1-compress-signal.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel small:*:image \
//   --processor-file 1-compress-signal.ts --processor-args '{"background": 20}'
import { AdImageProcessor, compressNtNdArray, decompressNtNdArray, type NtNdArray } from 'pvaflow';

/**
 * Sets all pixels up to the background to zero and publishes the image compressed: what has no noise any more becomes small.
 * Images may come compressed or not. `process` gives a promise: the codecs work on other threads.
 */
export default class CompressSignal extends AdImageProcessor {
  private background = 0;
  private nBytes = 0;
  private nBytesPublished = 0;

  override configure({ background = this.background }: { background?: number }) {
    if (!(background >= 0)) throw new RangeError(`background must be a number from 0, found ${background}`);
    this.background = background;
  }

  override async process(frame: NtNdArray) {
    await decompressNtNdArray(frame); // without it, the next line would decode on the thread of all processors
    const pixels = this.reshapeNtNdArray(frame).image.data;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] <= this.background) pixels[i] = typeof pixels[i] === 'bigint' ? 0n : 0;
    }
    this.nBytes += pixels.byteLength;
    await compressNtNdArray(frame, { codec: 'blosc', compressor: 'lz4', shuffle: 'bit' });
    this.nBytesPublished += frame.header().elements;
    await this.updateOutputChannel(frame);
    return frame;
  }

  /** The type alone: what clients see first is to be compressed. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.nBytes = this.nBytesPublished = 0;
  }

  override getStats() {
    return { nBytes: this.nBytes, nBytesPublished: this.nBytesPublished };
  }

  override getStatsPvaTypes() {
    return { nBytes: 'ulong', nBytesPublished: 'ulong' } as const;
  }
}
