import {
  AdImageProcessor,
  checkTransform,
  transformNtNdArray,
  transforms,
  type NtNdArray,
  type Transform,
} from 'pvaflow';

/**
 * Turns each image, clockwise, or mirrors it, and publishes it. The names are those of areaDetector's NDPluginTransform.
 *
 * Configuration: `{ "transform": "rotate90" }`, or `none`, `rotate180`, `rotate270`, `mirror` (left and right), `rotate90Mirror` (the same as
 * `transpose`), `rotate180Mirror` (the same as `flip`: up and down), `rotate270Mirror`.
 */
export class AdImageTransform extends AdImageProcessor {
  static override readonly configSchema = { properties: { transform: { enum: [...transforms] } } };

  private transform: Transform = 'none';
  private nFrames = 0;

  override configure({ transform = this.transform }: { transform?: Transform }) {
    checkTransform(transform);
    this.transform = transform;
  }

  override process(frame: NtNdArray) {
    transformNtNdArray(frame, this.transform);
    this.nFrames++;
    this.updateOutputChannel(frame);
    return frame;
  }

  /** The type alone: what clients see first is to be turned. */
  override getOutputPvObjectType(frame: NtNdArray) {
    return frame.type;
  }

  override resetStats() {
    this.nFrames = 0;
  }

  override getStats() {
    return { nFrames: this.nFrames };
  }

  override getStatsPvaTypes() {
    return { nFrames: 'ulong' } as const;
  }
}
