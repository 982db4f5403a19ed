// A processor that does nothing but count: the bench asks for its count by a line on standard input.
import { UserDataProcessor, type PvObject } from 'pvaflow';

export default class Count extends UserDataProcessor {
  private received = 0;
  private asked = true;

  override start(): void {
    process.stdin.on('data', () => (this.asked = true)).unref();
  }

  override process(frame: PvObject): PvObject {
    this.received++;
    if (this.asked) {
      this.asked = false;
      const id = Number(frame.get(frame.has('uniqueId') ? 'uniqueId' : 'objectId')); // of an encrypted frame
      console.log(JSON.stringify({ received: this.received, id }));
    }
    return frame;
  }
}
