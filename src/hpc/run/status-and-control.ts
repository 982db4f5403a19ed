import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { PvaServer } from '../../pva/server.js';
import type { TypeFields } from '../../pva/pv-type.js';
import { ControlChannel, type Command } from '../control-channel.js';
import { arrived } from '../flush.js';
import { Repeats } from '../repeats.js';
import { StatusChannel, type StatusHead } from '../status-channel.js';

export interface StatusAndControlOptions {
  /** Names of the channels that there are to be. */
  readonly names: { readonly status?: string | undefined; readonly control?: string | undefined };
  readonly head: StatusHead;
  /** The field that holds the id on the control channel, and the id. */
  readonly id: Readonly<Record<string, number>>;
  /** Seconds between two updates of the status channel. */
  readonly period: number;
  readonly logger: Logger;
  /** The figures of this moment. */
  readonly figures: () => Readonly<Record<string, unknown>>;
}

/** The channels on which something that runs tells how it does and is told what to do, as far as it is to have them. */
export class StatusAndControl {
  readonly #options: StatusAndControlOptions;
  readonly #repeats = new Repeats();
  #status: StatusChannel | undefined;
  #control: ControlChannel | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StatusAndControlOptions) {
    this.#options = options;
  }

  /** Serves the channels. */
  serve(server: PvaServer, types: TypeFields, commands: Readonly<Record<string, Command>>): void {
    const { names, head, id, logger } = this.#options;
    const { status, control } = names;
    if (status !== undefined) this.#status = new StatusChannel(server, status, head, types);
    if (control !== undefined) this.#control = new ControlChannel(server, { name: control, id, commands, logger });
  }

  /** The figures have other types from now on. */
  setTypes(types: TypeFields): void {
    this.#status?.setTypes(types);
  }

  /** Updates the status channel from now on. */
  start(): void {
    this.#timer = setInterval(() => this.update(), this.#options.period * 1000);
  }

  /** Publishes the figures of this moment on the status channel. Never throws. */
  update(): void {
    const { names, logger, figures } = this.#options;
    try {
      this.#status?.update(figures());
    } catch (error) {
      this.#repeats.note('status', (times) => logger.error(`${names.status}: no update${times}: ${messageOf(error)}`));
    }
  }

  /** The last update, and time for subscribers to fetch it. */
  async end(seconds: number): Promise<void> {
    clearInterval(this.#timer);
    this.update();
    if (this.#status !== undefined) await arrived([this.#status.channel], seconds);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#control?.close();
  }
}
