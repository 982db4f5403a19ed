// 2-follow-spot.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel spot:*:image \
//   --processor-file 2-follow-spot.ts --processor-args '{"size": 64}'
import { AdImageProcessor, cropNtNdArray, type NtNdArray } from 'pvaflow';

/** Publishes the surroundings of the brightest pixel; the offsets in the dimensions say where on the detector they are. */
export default class FollowSpot extends AdImageProcessor {
  private size = 64;
  private spot = { x: 0, y: 0 };

  override configure({ size = this.size }: { size?: number }) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`size must be a whole number of at least 1, found ${size}`);
    this.size = size;
  }

  override process(frame: NtNdArray) {
    const { image, nx, ny, nz } = this.reshapeNtNdArray(frame);
    if (nz !== null) throw new TypeError('in colour there is no brightest pixel: put AdImageColorConvert in front');
    const pixels = image.data;
    let at = 0;
    for (let i = 1; i < pixels.length; i++) if (pixels[i] > pixels[at]) at = i;
    this.spot = { x: at % nx, y: Math.floor(at / nx) };
    const [sizeX, sizeY] = [Math.min(this.size, nx), Math.min(this.size, ny)];
    const offsetX = start(this.spot.x, sizeX, nx);
    const offsetY = start(this.spot.y, sizeY, ny);
    cropNtNdArray(frame, { offsetX, offsetY, sizeX, sizeY });
    this.updateOutputChannel(frame);
    return frame;
  }

  override getStats() {
    return this.spot;
  }
  override getStatsPvaTypes() {
    return { x: 'uint', y: 'uint' } as const;
  }
}

/** With the spot in the middle, where it is not too near to an edge. */
function start(spot: number, size: number, available: number): number {
  return Math.min(Math.max(0, spot - (size >> 1)), available - size);
}
