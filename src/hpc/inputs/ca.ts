import { CaClient } from '../../ca/client.js';
import type { InputConfig, InputContext, InputMode } from './input.js';
import { MonitorSource } from './monitor-source.js';

const QUEUE_FRAMES = 1000;

/** Servers of Channel Access wait for nobody: what a slow consumer has no room for is dropped here, oldest first, and counted. */
const queueOf = ({ serverQueueSize }: InputConfig) => ({
  frames: serverQueueSize > 0 ? serverQueueSize : QUEUE_FRAMES,
  onFull: 'dropOldest' as const,
});

/** The updates of a channel of Channel Access, as NTScalar, NTScalarArray or NTEnum. */
export const caInput: InputMode = {
  args: {},
  showsPresentValue: true,
  open: (context) => new CaInput(new CaClient(), context),
};

class CaInput extends MonitorSource {
  readonly #client: CaClient;

  constructor(client: CaClient, { config, intake, logger, onEnd }: InputContext) {
    const subscription = client.monitor(config.channel, { queue: queueOf(config) });
    super({
      subscription,
      channel: `ca://${config.channel}`,
      intake,
      logger,
      onEnd,
      overruns: () => subscription.stats().dropped,
      describeSearch: () => client.describeSearch(),
    });
    this.#client = client;
  }

  override close(): void {
    super.close();
    this.#client.close();
  }
}
