import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { PvaServer } from '../pva/server.js';
import type { CompleteConsumerConfig } from './consumer-config.js';
import type { ConsumerStats } from './consumer-stats.js';
import { consumerHead, consumerTypes, consumerValues, type RunHistory, type UserTypes } from './consumer-status.js';
import { ControlChannel, type Command } from './control-channel.js';
import { flushed } from './flush.js';
import { Repeats } from './repeats.js';
import { StatusChannel } from './status-channel.js';

/** The channels on which a consumer tells how it does and is told what to do, as far as it is to have them. */
export class ConsumerChannels {
  readonly #repeats = new Repeats();
  #status: StatusChannel | undefined;
  #control: ControlChannel | undefined;
  #userTypes: UserTypes = { byStage: {}, shownStage: '' };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly config: CompleteConsumerConfig,
    readonly logger: Logger,
    readonly stats: () => ConsumerStats,
    readonly history: RunHistory,
  ) {}

  /** Serves the channels. */
  serve(server: PvaServer, userTypes: UserTypes, commands: Readonly<Record<string, Command>>): void {
    const { consumerId, channels } = this.config;
    this.#userTypes = userTypes;
    if (channels.status !== undefined) {
      const head = consumerHead(consumerId, channels.input, this.history);
      this.#status = new StatusChannel(
        server,
        channels.status,
        head,
        consumerTypes(userTypes, this.config.metadataChannels.length),
      );
    }
    if (channels.control !== undefined) {
      const options = { name: channels.control, id: { consumerId }, commands, logger: this.logger };
      this.#control = new ControlChannel(server, options);
    }
  }

  /** The processors, and so their figures, are others from now on. */
  setUserTypes(userTypes: UserTypes): void {
    if (isDeepStrictEqual(userTypes, this.#userTypes)) return;
    this.#userTypes = userTypes;
    this.#status?.setTypes(consumerTypes(userTypes, this.config.metadataChannels.length));
  }

  /** Updates the status channel from now on, every `statusPeriod`. */
  start(): void {
    this.#timer = setInterval(() => this.update(), this.config.statusPeriod * 1000);
  }

  /** Publishes the figures of this moment on the status channel. Never throws. */
  update(): void {
    try {
      this.#status?.update(consumerValues(this.stats(), this.#userTypes));
    } catch (error) {
      this.#repeats.note('status', (times) =>
        this.logger.error(`${this.config.channels.status}: no update (${times} times): ${messageOf(error)}`),
      );
    }
  }

  /** The last update, and time for subscribers to fetch it. */
  async end(seconds: number): Promise<void> {
    clearInterval(this.#timer);
    this.update();
    if (this.#status !== undefined) await flushed([this.#status.channel], seconds);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#control?.close();
  }
}
