// 4-every-nth.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel slow:*:image \
//   --processor-file 4-every-nth.ts --processor-args '{"n": 10}'
import { UserDataProcessor, type PvObject } from 'pvaflow';

/** Publishes one object in `n` and filters the others out: a slow channel for displays. Pixels are never looked at. */
export default class EveryNth extends UserDataProcessor {
  private n = 2;
  private nSeen = 0;
  private nPublished = 0;

  override configure({ n = this.n }: { n?: number }) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`n must be a whole number of at least 1, found ${n}`);
    this.n = n;
  }

  override start() {
    this.logger.info(`${this.inputChannel}: one in ${this.n} goes to ${this.outputChannel}`);
  }

  override process(object: PvObject) {
    if (this.nSeen++ % this.n !== 0) return null; // filtered: it does not go on to the next stage
    this.nPublished++;
    this.updateOutputChannel(object);
    return object;
  }

  override resetStats() {
    this.nSeen = 0;
    this.nPublished = 0;
  }

  override getStats() {
    return { nPublished: this.nPublished };
  }
  override getStatsPvaTypes() {
    return { nPublished: 'ulong' } as const;
  }
}
