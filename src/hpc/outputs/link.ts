import { PvaflowError } from '../../core/errors.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import { PvaServer } from '../../pva/server.js';
import { arrived } from '../flush.js';
import type { Output, OutputContext, OutputMode } from './output.js';
import { Publisher } from './publisher.js';

/** The channel of a link: its server has no other. */
export const LINK_CHANNEL = 'link';

/**
 * Hands objects to the next part of a chain that was cut, over a channel of a server of its own, on loopback. Nothing is published
 * while that part is not there: its first object waits, and so does everything behind it.
 */
export class LinkOutput implements Output {
  readonly #server: PvaServer;
  readonly #publisher: Publisher;

  /** @throws {PvaflowError} PVAFLOW_SERVER when the port that is asked for belongs to somebody else */
  constructor({ config, logger, onError, onOverflow }: OutputContext) {
    const { port = 0 } = config.args as { port?: number };
    this.#server = newServer(port);
    this.#publisher = new Publisher({
      server: this.#server,
      channel: LINK_CHANNEL,
      onFull: 'wait',
      awaitsSubscriber: true,
      logger,
      onError,
      onOverflow,
    });
  }

  /** Where the next part finds it. */
  get port(): number {
    return this.#server.port;
  }

  get published(): number {
    return this.#publisher.published;
  }

  get errors(): number {
    return this.#publisher.errors;
  }

  get waiting(): number {
    return this.#publisher.waiting;
  }

  get dropped(): number {
    return this.#publisher.dropped;
  }

  get subscribers(): number {
    return this.#publisher.subscribers;
  }

  /** The type alone: the channel holds no object that the next part could take for one of the stream. */
  open(type: PvObject | PvType): void {
    this.#publisher.open('type' in type ? type.type : type);
  }

  update(value: PvObject): Promise<void> | undefined {
    return this.#publisher.update(value);
  }

  ready(): Promise<void> | undefined {
    return this.#publisher.ready();
  }

  resetStats(): void {
    this.#publisher.resetStats();
  }

  get isHeldBack(): boolean {
    return this.subscribers > 0 && this.ready() !== undefined;
  }

  /** As long as the next part is there it may take the rest: whether that comes further, its parent watches. */
  async flush(): Promise<void> {
    await arrived([this.#publisher.channel], Infinity);
    this.#server.close();
  }
}

export const linkOutput: OutputMode = {
  args: { port: 'count' },
  open: (context) => new LinkOutput(context),
};

function newServer(port: number): PvaServer {
  const server = new PvaServer({
    interfaces: ['127.0.0.1'],
    port,
    broadcastPort: 0,
    autoBeacons: false,
    useEnvironment: false,
  });
  if (port === 0 || server.port === port) return server;
  server.close();
  throw new PvaflowError(
    'PVAFLOW_SERVER',
    `the port ${port} of the link to the next part is in use by another program`,
  );
}
