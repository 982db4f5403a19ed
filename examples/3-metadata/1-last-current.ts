// 1-last-current.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel normal:*:image \
//   --metadata-channels pva://SR:current --processor-file 1-last-current.ts --processor-args '{"channel": "SR:current"}'
import { AdImageProcessor, type NtNdArray } from 'pvaflow';

/**
 * Gives each frame the ring current that was read last, as the attribute `Current`. The built-in `MetadataJoin` does more: it compares
 * time stamps, and waits for what is on the way.
 */
export default class LastCurrent extends AdImageProcessor {
  private channel = 'SR:current';
  private current = NaN;

  override configure({ channel = this.channel }: { channel?: string }) {
    this.channel = channel;
  }

  override process(frame: NtNdArray) {
    const queue = this.metadataQueueMap.get(this.channel);
    for (let update = queue?.get(); update !== undefined; update = queue?.get()) {
      this.current = update.get<number>('value');
      update.release(); // what was taken out of the queue is given back
    }
    frame.setAttribute('Current', this.current);
    this.updateOutputChannel(frame);
    return frame;
  }
}
