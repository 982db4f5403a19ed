import { AdImageProcessor as Base, type NtNdArray } from 'pvaflow';

/** Publishes every image as it came: the base of all image processors, run by itself as pvaPy's users do. */
export class AdImageProcessor extends Base {
  override process(frame: NtNdArray) {
    return super.process(frame);
  }
}
