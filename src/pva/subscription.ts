import type { NativeStreamEvent, NativeSubscription, NativeSubscriptionStats } from './native.js';
import type { PvRequest } from './pv-request.js';
import { UpdateStream, type MonitorEvent, type StreamStats } from './update-stream.js';

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
  /** Whether the server was asked for a pipeline; undefined while it is not known what to ask for. */
  readonly pipeline: boolean | undefined;
}

/** How a subscription is opened anew where another server is found in the place of the one that it was opened for. */
export interface Reopening {
  /** Whether the server at this address is to be asked for a pipeline; undefined when it does not say what it is. */
  readonly ask: (peer: string) => Promise<boolean | undefined>;
  readonly monitor: () => NativeSubscription;
}

/** Counters that go on when a subscription is opened anew. */
const COUNTERS = [
  ...(['received', 'bytes', 'dropped', 'discarded', 'flaps'] as const),
  ...(['overruns', 'clientSquashed', 'empty'] as const),
];
type Counters = Record<(typeof COUNTERS)[number], number>;

/** A monitor of one channel over pvAccess, made by PvaClient.monitor(). */
export class Subscription extends UpdateStream<SubscriptionStats> {
  private pipeline: boolean | undefined;
  private reopening: Reopening | undefined;
  private request: PvRequest | undefined;
  private connections = 0;
  private wantsPause = false;
  private before: Counters | undefined;

  /** @internal `owner` is kept as long as the subscription is. */
  constructor(
    name: string,
    private monitor: NativeSubscription,
    owner: object,
  ) {
    super(name, monitor, owner);
  }

  /** @internal Asks the server for what is in `request`, with or without a pipeline. Once. `reopening`: it depends on the server. */
  open(request: PvRequest, pipeline: boolean, reopening?: Reopening): void {
    if (this.closed) return;
    this.request = request;
    this.reopening = reopening;
    this.send(request, pipeline);
  }

  override get paused(): boolean {
    return this.wantsPause;
  }

  override pause(): void {
    this.wantsPause = true;
    super.pause();
  }

  override resume(): void {
    this.wantsPause = false;
    super.resume();
  }

  stats(): SubscriptionStats {
    const stats = { ...this.monitor.stats(), pipeline: this.pipeline };
    if (this.before !== undefined) for (const key of COUNTERS) stats[key] += this.before[key];
    return stats;
  }

  protected override event(entry: NativeStreamEvent): MonitorEvent {
    if (this.reopening !== undefined && entry.type === 'disconnected') super.pause(); // until it is known who comes
    if (entry.type === 'connected' && ++this.connections > 1) void this.verify(entry.peer, this.connections);
    return super.event(entry);
  }

  /** Another server may have come: a request for a pipeline can be the death of some, so nothing is started before it is known. */
  private async verify(peer: string, connection: number): Promise<void> {
    const { reopening, request } = this;
    if (reopening === undefined || request === undefined) return;
    const pipeline = (await reopening.ask(peer)) ?? this.pipeline;
    if (this.closed || connection !== this.connections) return;
    if (pipeline === undefined || pipeline === this.pipeline) return void (this.wantsPause || super.resume());
    this.before = this.stats();
    this.connections = 0;
    this.monitor = reopening.monitor();
    this.replace(this.monitor);
    this.send(request, pipeline);
    if (this.wantsPause) super.pause();
  }

  private send(request: PvRequest, pipeline: boolean): void {
    this.pipeline = pipeline;
    this.monitor.open(request.with({ recordOptions: { pipeline } }).toValue().native);
  }
}
