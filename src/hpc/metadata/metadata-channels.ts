import { setTimeout as delay } from 'node:timers/promises';
import { PvaflowError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { QueueLimits } from '../../pipeline/bounded-queue.js';
import type { MetadataQueue } from '../../processor/user-data-processor.js';
import type { PvaClient } from '../../pva/client.js';
import type { PvaServer } from '../../pva/server.js';
import type { Input, InputMode } from '../inputs/input.js';
import { metadataChannelNames, type MetadataChannelName } from './channel-list.js';
import type { ChannelStats } from '../channel-stats.js';
import { MetadataChannel } from './metadata-channel.js';

/** What the metadata channels of a consumer work with. */
export interface MetadataContext {
  /** `pva://x`, `ca://y`; a bare name is one of Channel Access. */
  readonly channels: readonly string[];
  /** `record[queueSize=N]`; 0 for the default. */
  readonly serverQueueSize: number;
  /** Below 0 for the default. */
  readonly receiverQueueSize: number;
  readonly client: () => PvaClient;
  readonly server: PvaServer;
  readonly logger: Logger;
  /** How to receive, by the protocol. */
  readonly modes: Readonly<Record<string, InputMode>>;
}

/** Without another size, pvaPy's. */
const DEFAULT_QUEUE_SIZE = 1000;
/** A queue without a limit in number is limited in bytes. */
const UNLIMITED_ITEMS = 2 ** 20;
const QUEUE_BYTES = 64 * 2 ** 20;

/** Metadata comes in small pieces and often: without another size, servers are asked for more than of images. */
const SERVER_QUEUE_SIZE = 64;
/** What the subscription holds between two turns of the event loop. */
const TRANSPORT_QUEUE = { frames: 4096, bytes: 16 * 2 ** 20, onFull: 'wait' } as const;

const POLL_MS = 5;

/** The metadata channels of a consumer. */
export class MetadataChannels {
  readonly list: readonly MetadataChannel[];
  /** For the processors: a queue for each channel, by its name. */
  readonly queues: ReadonlyMap<string, MetadataQueue>;
  readonly #logger: Logger;
  #isClosed = false;

  /** @throws {PvaflowError} PVAFLOW_CONFIG when a name is wrong or its protocol cannot be spoken */
  constructor(context: MetadataContext) {
    this.#logger = context.logger;
    const limits = metadataQueueLimits(context.receiverQueueSize);
    this.list = metadataChannelNames(context.channels).map(
      (channel, i) => new MetadataChannel(i + 1, channel.name, openInput(channel, context), limits),
    );
    this.queues = new Map(this.list.map(({ name, queue }) => [name, queue]));
  }

  /**
   * Begins to receive, and gives the channels time to connect, so that the first frames find their metadata.
   *
   * @param seconds after this long it is said which are not there, and they are left to come later
   */
  async start(seconds: number): Promise<void> {
    for (const channel of this.list) channel.start();
    const until = performance.now() + seconds * 1000;
    while (!this.#isClosed && this.#absent().length > 0 && performance.now() < until) await delay(POLL_MS);
    if (this.#isClosed) return;
    for (const name of this.#absent()) {
      this.#logger.warn(
        `the metadata channel ${name} is not connected after ${seconds} s; going on without it until it is`,
      );
    }
  }

  /** Updates of all of them that were lost on the way. */
  get overruns(): number {
    return this.list.reduce((sum, { input }) => sum + input.figures().overruns, 0);
  }

  stats(): ChannelStats[] {
    return this.list.map((channel) => channel.stats());
  }

  resetStats(): void {
    for (const channel of this.list) channel.resetStats();
  }

  /** Other limits for the queues, from what comes on. */
  resize(receiverQueueSize: number): void {
    for (const { queue } of this.list) queue.limits = metadataQueueLimits(receiverQueueSize);
  }

  close(): void {
    this.#isClosed = true;
    for (const channel of this.list) channel.close();
  }

  #absent(): string[] {
    return this.list.filter(({ isConnected }) => !isConnected).map(({ name }) => name);
  }
}

function metadataQueueLimits(receiverQueueSize: number): QueueLimits {
  const items =
    receiverQueueSize < 0 ? DEFAULT_QUEUE_SIZE : receiverQueueSize === 0 ? UNLIMITED_ITEMS : receiverQueueSize;
  return { items, bytes: QUEUE_BYTES };
}

/** Every update counts here, whatever it says of ids; that a server comes back is no reason to look at it anew. */
const admitAll = { admit: () => true, lastId: undefined, sourceCameBack: () => {} };

function openInput({ protocol, name }: MetadataChannelName, context: MetadataContext): Input {
  const mode = context.modes[protocol];
  if (mode === undefined) {
    throw new PvaflowError('PVAFLOW_CONFIG', `the metadata channel ${name}: "${protocol}" cannot be spoken here`);
  }
  const { client, server, logger, serverQueueSize } = context;
  return mode.open({
    config: {
      channel: name,
      objectIdField: 'value',
      fieldRequest: '',
      serverQueueSize: serverQueueSize > 0 ? serverQueueSize : SERVER_QUEUE_SIZE,
      queue: TRANSPORT_QUEUE,
      args: {},
    },
    client,
    hasQueue: false,
    server,
    intake: admitAll,
    logger,
    inputType: () => undefined,
    persists: true,
    onEnd: (error) => {
      if (error !== undefined) logger.error(`the metadata channel ${name}: ${messageOf(error)}`);
    },
  });
}
