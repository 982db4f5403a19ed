import { isDeepStrictEqual } from 'node:util';
import { getLogger } from '../../core/logger.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { TypeFields } from '../../pva/pv-type.js';
import { PvaServer } from '../../pva/server.js';
import { completeConfig } from '../consumer-config.js';
import { consumerHead, firstRun } from '../consumer-status.js';
import { StatusAndControl } from '../run/status-and-control.js';
import { chainCommands } from './chain-commands.js';
import { chainTypes, ChainValues } from './chain-status.js';
import type { Chain } from './chain.js';
import type { Part } from './part.js';

/** The status and the control channel of a chain that was cut, as far as it is to have them. */
export class ChainChannels {
  readonly #chain: Chain;
  readonly #parts: readonly Part[];
  readonly #values = new ChainValues();
  readonly #nMetadataChannels: number;
  readonly #drainTimeout: number;
  readonly #channels: StatusAndControl;
  #server: PvaServer | undefined;
  #types: TypeFields = {};

  constructor(chain: Chain, parts: readonly Part[]) {
    const { channels, consumerId, statusPeriod, drainTimeout, metadataChannels } = completeConfig(chain.config);
    this.#chain = chain;
    this.#parts = parts;
    this.#nMetadataChannels = metadataChannels.length;
    this.#drainTimeout = drainTimeout;
    this.#channels = new StatusAndControl({
      names: { status: channels.status, control: channels.control },
      head: consumerHead(consumerId, channels.input, firstRun),
      id: { consumerId },
      period: statusPeriod,
      logger: getLogger(`consumer-${consumerId}`),
      figures: () => this.#figures(),
    });
  }

  /** Serves them; to be called when all parts run, because the types of their figures are known then. */
  serve(): void {
    const { channels, network } = this.#chain.config;
    if (channels.status === undefined && channels.control === undefined) return;
    this.#server = new PvaServer(network?.server);
    this.#types = chainTypes(this.#parts, this.#nMetadataChannels);
    this.#channels.serve(this.#server, this.#types, chainCommands(this.#chain));
    this.#channels.start();
  }

  /** Publishes the figures of this moment on the status channel. */
  update(): void {
    this.#channels.update();
  }

  /** For a client of these channels. */
  clientConfig(): PvaClientConfig {
    return this.#server?.clientConfig() ?? {};
  }

  /** The last update; then they are no longer served. */
  async end(): Promise<void> {
    if (this.#server === undefined) return;
    await this.#channels.end(this.#drainTimeout);
    this.#channels.close();
    this.#server.close();
  }

  #figures(): Record<string, unknown> {
    const types = chainTypes(this.#parts, this.#nMetadataChannels);
    if (!isDeepStrictEqual(types, this.#types)) this.#channels.setTypes((this.#types = types)); // one was replaced
    return this.#values.of(this.#parts, this.#chain.report());
  }
}
