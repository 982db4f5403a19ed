import { CaClient } from '../../ca/client.js';
import type { CaSubscription } from '../../ca/subscription.js';
import type { InputConfig, InputContext, InputMode } from './input.js';
import { MonitorSource } from './monitor-source.js';

const QUEUE_FRAMES = 1000;

/** Servers of Channel Access wait for nobody: what a slow consumer has no room for is dropped here, oldest first, and counted. */
function queueOf({ queue, serverQueueSize }: InputConfig) {
  const frames = serverQueueSize > 0 ? serverQueueSize : QUEUE_FRAMES;
  return { frames: Math.max(frames, queue?.frames ?? 0), onFull: 'dropOldest' as const };
}

/** Updates that the server could not send, or that were dropped before they could be taken. */
export function overrunsOfCa(subscription: CaSubscription): number {
  const { dropped, missed } = subscription.stats();
  return dropped + missed;
}

/** One client for all channels of the process: each has threads and connections of its own. */
let shared: { readonly client: CaClient; users: number } | undefined;

function acquireClient(): CaClient {
  shared ??= { client: new CaClient(), users: 0 };
  shared.users += 1;
  return shared.client;
}

function releaseClient(): void {
  if (shared === undefined || --shared.users > 0) return;
  shared.client.close();
  shared = undefined;
}

/** The updates of a channel of Channel Access, as NTScalar, NTScalarArray or NTEnum. */
export const caInput: InputMode = {
  args: {},
  showsPresentValue: true,
  open: (context) => new CaInput(acquireClient(), context),
};

class CaInput extends MonitorSource<CaSubscription> {
  #isClosed = false;

  constructor(client: CaClient, { config, intake, logger, persists, onEnd }: InputContext) {
    super({
      subscribe: () => client.monitor(config.channel, { queue: queueOf(config) }),
      channel: `ca://${config.channel}`,
      intake,
      logger,
      persists,
      onEnd,
      overruns: overrunsOfCa,
      describeSearch: () => client.describeSearch(),
    });
  }

  override close(): void {
    super.close();
    if (!this.#isClosed) releaseClient();
    this.#isClosed = true;
  }
}
