// 1-upright.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel upright:*:image \
//   --processor-file 1-upright.ts --processor-args '{"attribute": "CameraRotation"}'
import { AdImageProcessor, transformNtNdArray, type NtNdArray, type Transform } from 'pvaflow';

const turns: Record<number, Transform> = { 0: 'none', 90: 'rotate270', 180: 'rotate180', 270: 'rotate90' };

/** Turns each image back by what an attribute says that the camera was turned, in degrees clockwise. */
export default class Upright extends AdImageProcessor {
  private attribute = 'CameraRotation';

  override configure({ attribute = this.attribute }: { attribute?: string }) {
    this.attribute = attribute;
  }

  override process(frame: NtNdArray) {
    const degrees = Number(frame.attribute(this.attribute) ?? 0);
    const turn = turns[degrees];
    if (turn === undefined) throw new RangeError(`${this.attribute} is ${degrees}, not 0, 90, 180 or 270 degrees`); // the frame fails
    this.updateOutputChannel(transformNtNdArray(frame, turn));
    return frame;
  }
}
