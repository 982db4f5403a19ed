import type { PvaflowError } from '../../core/errors.js';
import { messageOf } from '../../core/errors.js';
import type { ConnectionEvent, PvaClient, PvaConnection, ServerOptions } from '../../pva/client.js';
import type { PvObject } from '../../pva/pv-object.js';
import { Repeats } from '../repeats.js';
import { overflowError, type Output, type OutputContext } from './output.js';

/** Sends one object; resolves when the server has answered that it has it. */
export type Send = (client: PvaClient, value: PvObject, options: SendOptions) => Promise<void>;

/** How an object is to be sent: to this server, if one is named, for as long as it takes. */
export type SendOptions = ServerOptions & { readonly timeout: number; readonly signal: AbortSignal };

/** So many objects may wait for the server, unless the arguments of the mode say otherwise. */
const MAX_WAITING = 8;

/** With `wait` so many more: a processor is held back when the queue is full, what its timers publish is not. */
const MAX_BACKLOG = 1000;

/** A server that answers with an error at once is not asked again sooner. */
const RETRY_MS = 100;

/** A server that was not found in this time is told of. */
const REMARK_MS = 5_000;

const lostConnection: ReadonlySet<unknown> = new Set(['PVAFLOW_DISCONNECTED', 'PVAFLOW_TIMEOUT']);

/**
 * Sends objects to a channel or a service of another server, one after the other. While the server is away they wait for it; one
 * whose answer got lost is sent again, so that it may come twice and is never lost. What the server refuses is counted, and not
 * sent again.
 */
export class RemoteOutput implements Output {
  published = 0;
  errors = 0;
  readonly dropped = 0;
  readonly #queue: PvObject[] = [];
  readonly #connection: PvaConnection;
  readonly #end = new AbortController();
  readonly #repeats = new Repeats();
  readonly #maxWaiting: number;
  readonly #server: ServerOptions;
  readonly #remark: NodeJS.Timeout;
  #isSending = false;
  #room: Promise<void> | undefined;
  #hasRoom: () => void = () => {};
  #onEmpty: () => void = () => {};

  constructor(
    readonly context: OutputContext,
    readonly send: Send,
  ) {
    const { client, config, logger } = context;
    const { maxWaiting = MAX_WAITING, server } = config.args as { maxWaiting?: number; server?: string };
    this.#maxWaiting = maxWaiting;
    this.#server = server === undefined ? {} : { server };
    const tell = (event: ConnectionEvent) => logger.info(`${config.channel}: ${event.type}`);
    this.#connection = client().connect(config.channel, tell, this.#server);
    this.#remark = setTimeout(() => this.#tellOfSearch(server), REMARK_MS);
    this.#remark.unref();
  }

  get subscribers(): number {
    return this.#connection.connected ? 1 : 0;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** There is nothing to open: the type is the server's. */
  open(): void {}

  update(value: PvObject): Promise<void> | undefined {
    const { onFull } = this.context.config;
    const isFull = this.#queue.length >= this.#maxWaiting;
    const isOverfull = this.#queue.length >= this.#maxWaiting + MAX_BACKLOG;
    if (isOverfull || (isFull && onFull === 'dropNewest')) this.#failed(value, QUEUE_FULL);
    else if (isFull && onFull === 'fail') this.#overflow(value);
    else {
      if (isFull && onFull === 'dropOldest') this.#dropOldest();
      this.#queue.push(value.clone()); // what becomes of the value afterwards is not seen by the server
      if (!this.#isSending) void this.#sendAll();
    }
    return this.ready();
  }

  ready(): Promise<void> | undefined {
    if (this.context.config.onFull !== 'wait' || this.#queue.length < this.#maxWaiting) return undefined;
    this.#room ??= new Promise((resolve) => {
      this.#hasRoom = () => {
        this.#room = undefined;
        resolve();
      };
    });
    return this.#room;
  }

  resetStats(): void {
    this.published = this.errors = 0;
  }

  /** What has not arrived after so many seconds without progress is given up, and counted. */
  async flush(seconds: number): Promise<void> {
    let before = this.published + this.errors;
    while (this.#isSending && (await this.#isEmptyWithin(seconds)) === 'waiting') {
      const now = this.published + this.errors;
      if (now === before) this.#end.abort();
      before = now;
    }
    for (const value of this.#queue.splice(0)) this.#giveUp(value);
    clearTimeout(this.#remark);
    this.#connection.close();
  }

  #tellOfSearch(server: string | undefined): void {
    if (this.#connection.connected) return;
    const { client, config, logger } = this.context;
    const where = server === undefined ? client().describeSearch() : `asked ${server}`;
    logger.warn(
      `waiting for ${config.channel}: no server answered in ${REMARK_MS / 1000} s (${where}). Objects wait for it`,
    );
  }

  async #isEmptyWithin(seconds: number): Promise<'empty' | 'waiting'> {
    let timer: NodeJS.Timeout | undefined;
    const empty = new Promise<'empty'>((resolve) => (this.#onEmpty = () => resolve('empty')));
    const late = new Promise<'waiting'>((resolve) => (timer = setTimeout(() => resolve('waiting'), seconds * 1000)));
    return Promise.race([empty, late]).finally(() => clearTimeout(timer));
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let value = this.#queue[0]; value !== undefined; value = this.#queue[0]) {
      await this.#sendUntilAnswered(value);
      if (this.#end.signal.aborted) break;
      if (this.#queue[0] === value) this.#queue.shift();
      value.release();
      this.#hasRoom();
    }
    this.#isSending = false;
    this.#onEmpty();
  }

  async #sendUntilAnswered(value: PvObject): Promise<void> {
    const { client, config, logger } = this.context;
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        await this.send(client(), value, { ...this.#server, timeout: Infinity, signal });
        this.published += 1;
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!lostConnection.has((error as PvaflowError).code)) return this.#failed(value, messageOf(error));
        this.#repeats.note('lost', (times) =>
          logger.warn(`${config.channel}: sent again when its server is back${times}: ${messageOf(error)}`),
        );
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #dropOldest(): void {
    const index = this.#isSending ? 1 : 0; // the first one is under way
    const [oldest] = this.#queue.splice(index, 1);
    if (oldest !== undefined) this.#giveUp(oldest, QUEUE_FULL);
  }

  #overflow(value: PvObject): void {
    const { config, onOverflow } = this.context;
    const error = overflowError(config.channel, `the queue for its server, of ${this.#maxWaiting} objects,`);
    this.#failed(value, error.message);
    onOverflow(error);
  }

  #giveUp(value: PvObject, why = 'it did not arrive before the end'): void {
    this.#failed(value, why);
    value.release();
  }

  #failed(value: PvObject, message: string): void {
    this.errors += 1;
    const { onError, logger, config } = this.context;
    onError(value, message);
    this.#repeats.note(message, (times) => logger.error(`${config.channel}: not published${times}: ${message}`));
  }
}

const QUEUE_FULL = 'the queue of the output was full';
