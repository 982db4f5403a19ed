// 1-hpc-ad-image-processor.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel turned:*:image \
//   --processor-file 1-hpc-ad-image-processor.ts --processor-class HpcAdImageProcessor --log-level debug
import { AdImageProcessor, type NtNdArray } from 'pvaflow';

/** pvaPy's example of this name: swaps the axes of every image, and logs the sum of its pixels. */
export class HpcAdImageProcessor extends AdImageProcessor {
  private nProcessed = 0;
  private processingTime = 0;

  override configure(config: Record<string, unknown>) {
    this.logger.debug(`configuration update: ${JSON.stringify(config)}`);
  }

  override process(frame: NtNdArray) {
    const startedAt = performance.now();
    const { image, imageId, nz } = this.reshapeNtNdArray(frame);
    let sum = 0;
    for (const pixel of image.data) sum += Number(pixel);
    this.logger.debug(`consumer ${this.processorId} data sum: ${sum} (frame id: ${imageId})`);
    const turned = nz === null ? image.transpose(1, 0) : image.transpose(1, 0, 2); // a view; the pixels are moved below
    this.updateOutputChannel(this.replaceNtNdArrayImage2D(frame, imageId, turned));
    this.nProcessed++;
    this.processingTime += (performance.now() - startedAt) / 1000;
    return frame;
  }

  override resetStats() {
    this.nProcessed = 0;
    this.processingTime = 0;
  }

  override getStats() {
    const { nProcessed, processingTime } = this;
    return { nProcessed, processingTime, processingRate: processingTime > 0 ? nProcessed / processingTime : 0 };
  }

  override getStatsPvaTypes() {
    return { nProcessed: 'uint', processingTime: 'double', processingRate: 'double' } as const;
  }
}
