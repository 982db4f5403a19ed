// 1-keep-bright.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel bright:*:image \
//   --processor-file 1-keep-bright.ts --processor-class FindMaximum \
//   --processor-file 1-keep-bright.ts --processor-class KeepBright --processor-args '{"least": 1000}'
import { AdImageProcessor, type EventContext, type NtNdArray } from 'pvaflow';

/** Tells the processors behind it how bright the brightest pixel is. The frame stays as it is. */
export class FindMaximum extends AdImageProcessor {
  override process(frame: NtNdArray, context: EventContext) {
    const pixels = this.reshapeNtNdArray<Uint16Array>(frame).image.data;
    let maximum = 0;
    for (const pixel of pixels) if (pixel > maximum) maximum = pixel;
    context.set('maximum', maximum);
    return frame;
  }
}

/** Publishes the frames that are bright, and filters the others out. It never looks at a pixel. */
export class KeepBright extends AdImageProcessor {
  private least = 0;
  private nDark = 0;

  override configure({ least = this.least }: { least?: number }) {
    this.least = least;
  }

  override process(frame: NtNdArray, context: EventContext) {
    const maximum = context.get('maximum') as number;
    if (maximum >= this.least) return super.process(frame); // publishes it and hands it on
    this.nDark++;
    return null;
  }

  override getStats() {
    return { nDark: this.nDark };
  }
  override getStatsPvaTypes() {
    return { nDark: 'ulong' } as const;
  }
  override resetStats() {
    this.nDark = 0;
  }
}
