import { UpdateStream, type StreamStats } from '../pva/update-stream.js';
import type { NativeCaSubscriptionStats } from '../pva/native-ca.js';
import type { NativeStream } from '../pva/native-client.js';

export interface CaSubscriptionStats extends StreamStats, NativeCaSubscriptionStats {
  /** Updates that did not come: the server said that it could not send them, or they held no value. */
  readonly missed: number;
}

/**
 * A monitor of one channel over Channel Access, made by CaClient.monitor(). Values are complete; the first one after
 * `connected` is marked as changed as a whole, later ones in value, alarm and time, and in units, limits and choices when
 * these have changed.
 */
export class CaSubscription extends UpdateStream<CaSubscriptionStats> {
  /** @internal `owner` is kept as long as the subscription is. */
  constructor(
    name: string,
    private readonly monitor: NativeStream<NativeCaSubscriptionStats>,
    owner: object,
  ) {
    super(name, monitor, owner);
  }

  stats(): CaSubscriptionStats {
    return this.monitor.stats();
  }
}
