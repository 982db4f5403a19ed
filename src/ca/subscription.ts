import { UpdateStream, type StreamStats } from '../pva/update-stream.js';
import type { NativeStream } from '../pva/native-client.js';

/**
 * A monitor of one channel over Channel Access, made by CaClient.monitor(). Values are complete; the first one after
 * `connected` is marked as changed as a whole, later ones in value, alarm and time, and in units, limits and choices when
 * these have changed.
 */
export class CaSubscription extends UpdateStream {
  /** @internal `owner` is kept as long as the subscription is. */
  constructor(
    name: string,
    private readonly monitor: NativeStream,
    owner: object,
  ) {
    super(name, monitor, owner);
  }

  stats(): StreamStats {
    return this.monitor.stats();
  }
}
