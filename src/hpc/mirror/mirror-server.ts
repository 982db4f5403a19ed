import { CaClient } from '../../ca/client.js';
import type { CaClientConfig } from '../../ca/config.js';
import { CaSubscription } from '../../ca/subscription.js';
import { getLogger, type Logger } from '../../core/logger.js';
import { PvaClient } from '../../pva/client.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { OnFull } from '../../pva/on-full.js';
import { PvaServer } from '../../pva/server.js';
import type { PvaServerConfig } from '../../pva/server-config.js';
import { Subscription } from '../../pva/subscription.js';
import type { UpdateStream } from '../../pva/update-stream.js';
import { overrunsOfCa } from '../inputs/ca.js';
import type { MirrorEntry } from './channel-map.js';
import { MirroredChannel, type MirrorFigures } from './mirrored-channel.js';

export interface MirrorServerConfig {
  readonly channels: readonly MirrorEntry[];
  /** When a subscriber of a mirror is slow: `wait`, the default, holds the source back as far as it can wait. */
  readonly onFull?: OnFull;
  /** Updates that may wait for each subscriber. 64 and 128 MiB if not given. */
  readonly queue?: { readonly frames: number; readonly bytes: number };
  /** Where channels are looked for and served; what is not given comes from the environment. */
  readonly network?: {
    readonly client?: PvaClientConfig;
    readonly ca?: CaClientConfig;
    readonly server?: PvaServerConfig;
  };
}

/** What waits in a subscription; memory stays small with large frames. */
const PVA_QUEUE = { frames: 64, bytes: 32 * 2 ** 20, onFull: 'wait' } as const;
const CA_QUEUE_FRAMES = 1000;
const DEFAULT_QUEUE = { frames: 64, bytes: 128 * 2 ** 20 };

/**
 * Serves channels of other servers, of pvAccess and of Channel Access, under names of its own. One run: `start`, then `drain`
 * or `abort`.
 */
export class MirrorServer {
  readonly logger: Logger = getLogger('mirror');
  readonly channels: readonly MirroredChannel[];
  readonly #config: MirrorServerConfig;
  readonly #server: PvaServer;
  #pva: PvaClient | undefined;
  #ca: CaClient | undefined;

  /** Throws PVAFLOW_OPTION naming what is wrong, PVAFLOW_SERVER when it cannot listen. */
  constructor(config: MirrorServerConfig) {
    this.#config = config;
    this.#server = new PvaServer(config.network?.server);
    this.channels = config.channels.map((entry) => this.#mirrored(entry));
  }

  /** Begins to mirror. A channel is served as soon as its source has sent a value. */
  start(): void {
    for (const channel of this.channels) channel.start();
  }

  /** Publishes what has come, leaves subscribers some time to fetch it, and ends. */
  async drain(seconds: number): Promise<void> {
    await Promise.all(this.channels.map((channel) => channel.drain(seconds)));
    this.#close();
  }

  /** Ends at once. */
  abort(): void {
    for (const channel of this.channels) channel.abort();
    this.#close();
  }

  /** Counters by the name of the mirror. */
  figures(): Record<string, MirrorFigures> {
    return Object.fromEntries(this.channels.map((channel) => [channel.name, channel.figures()]));
  }

  /** Which sources are not there; undefined when all are. */
  notReady(): string | undefined {
    const missing = this.channels.filter(({ isConnected }) => !isConnected).map(({ name }) => name);
    return missing.length === 0 ? undefined : `no source for ${missing.join(', ')}`;
  }

  /** For `new PvaClient(...)`: reaches the mirrors, and no others. */
  clientConfig(): PvaClientConfig {
    return this.#server.clientConfig();
  }

  #mirrored(entry: MirrorEntry): MirroredChannel {
    return new MirroredChannel({
      entry,
      server: this.#server,
      onFull: this.#config.onFull ?? 'wait',
      queue: this.#config.queue ?? DEFAULT_QUEUE,
      open: () => (entry.provider === 'ca' ? this.#openCa(entry) : this.#openPva(entry)),
      overruns: overrunsOf,
      logger: this.logger,
    });
  }

  #openPva({ source, queueSize, request }: MirrorEntry): UpdateStream {
    this.#pva ??= new PvaClient(this.#config.network?.client);
    return this.#pva.monitor(source, {
      ...(request === '' ? {} : { request: `field(${request})` }),
      ...(queueSize > 1 ? { queueSize } : {}),
      queue: PVA_QUEUE,
    });
  }

  #openCa({ source, queueSize }: MirrorEntry): UpdateStream {
    this.#ca ??= new CaClient(this.#config.network?.ca);
    return this.#ca.monitor(source, { queue: { frames: queueSize > 0 ? queueSize : CA_QUEUE_FRAMES } });
  }

  #close(): void {
    this.#pva?.close();
    this.#ca?.close();
    this.#server.close();
  }
}

/** Updates that somebody squashed or dropped before they came here. */
function overrunsOf(stream: UpdateStream): number {
  if (stream instanceof CaSubscription) return overrunsOfCa(stream);
  if (!(stream instanceof Subscription)) return stream.stats().dropped;
  const { overruns, clientSquashed } = stream.stats();
  return overruns + clientSquashed;
}
