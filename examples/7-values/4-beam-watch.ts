// 4-beam-watch.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel beam:*:image --status-channel beam:*:status \
//   --processor-file 4-beam-watch.ts --processor-args '{"x": 640, "y": 512, "radius": 20, "centroidThreshold": 50}'
import { type NtNdArray } from 'pvaflow';
import { AdImageStatistics } from 'pvaflow/processors/ad-image-statistics.js';

/** Publishes images with their statistics, and with a major alarm while the beam is not where it belongs. */
export default class BeamWatch extends AdImageStatistics {
  static override readonly configSchema = {
    properties: {
      ...AdImageStatistics.configSchema.properties,
      x: { type: 'number' },
      y: { type: 'number' },
      radius: { type: 'number', exclusiveMinimum: 0 },
    },
  };

  private place = { x: 0, y: 0, radius: Infinity };
  private nOutside = 0;

  override async configure({
    x = this.place.x,
    y = this.place.y,
    radius = this.place.radius,
    ...others
  }: { x?: number; y?: number; radius?: number } & Parameters<AdImageStatistics['configure']>[0]) {
    await super.configure(others);
    this.place = { x, y, radius };
  }

  override updateOutputChannel(frame: NtNdArray) {
    const { CentroidX: x = 0, CentroidY: y = 0, CentroidTotal: total } = super.getStats() as Record<string, number>;
    const isOutside = !total || Math.hypot(x - this.place.x, y - this.place.y) > this.place.radius;
    if (isOutside) this.nOutside++;
    const alarm = { severity: 2, status: 1, message: total ? `beam at ${x.toFixed(1)}, ${y.toFixed(1)}` : 'no beam' };
    frame.set('alarm', isOutside ? alarm : { severity: 0, status: 0, message: '' });
    return super.updateOutputChannel(frame);
  }

  override resetStats() {
    super.resetStats();
    this.nOutside = 0;
  }

  override getStats() {
    return { ...super.getStats(), nOutside: this.nOutside };
  }

  override getStatsPvaTypes() {
    return { ...super.getStatsPvaTypes(), nOutside: 'ulong' } as const;
  }
}
