import type { NativeSubscription, NativeSubscriptionStats } from './native.js';
import type { PvRequest } from './pv-request.js';
import { UpdateStream, type StreamStats } from './update-stream.js';

export type { MonitorEvent } from './update-stream.js';

export interface SubscriptionStats extends StreamStats, NativeSubscriptionStats {
  /** Updates that the server reported to stand for several, because it had to squash. */
  readonly overruns: number;
  /** Updates squashed on this side: no pipeline, and PVXS' queue was full. */
  readonly clientSquashed: number;
  /** Updates without any changed field, which are not shown: some servers send them. */
  readonly empty: number;
  /** Updates that wait in PVXS' own queue because this one is full. */
  readonly waiting: number;
  /** Whether the server was asked for a pipeline, the last one if there is none now; undefined while it is not known what to ask for. */
  readonly pipeline: boolean | undefined;
}

/** A monitor of one channel over pvAccess, made by PvaClient.monitor(). */
export class Subscription extends UpdateStream<SubscriptionStats> {
  private pipeline: boolean | undefined;

  /** @internal `owner` is kept as long as the subscription is. */
  constructor(
    name: string,
    private readonly monitor: NativeSubscription,
    owner: object,
  ) {
    super(name, monitor, owner);
  }

  /** @internal Asks the server for what is in `request`, with or without a pipeline, or each for what it can. Once. */
  open(request: PvRequest, pipeline: boolean | 'ask'): void {
    if (this.closed) return;
    if (pipeline !== 'ask') this.pipeline = pipeline;
    this.monitor.open(request.with({ recordOptions: { pipeline } }).toValue().native);
  }

  stats(): SubscriptionStats {
    return { pipeline: this.pipeline, ...this.monitor.stats() };
  }
}
