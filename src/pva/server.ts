import { PvaflowError } from '../core/errors.js';
import { PvaChannel } from './channel.js';
import { checkChannelOptions, type PvaChannelOptions } from './channel-options.js';
import type { PvaClientConfig } from './config.js';
import { native, type NativeConnection, type NativeServer } from './native.js';
import { badOption } from './options.js';
import type { PvObject } from './pv-object.js';
import type { TypeSpec } from './pv-type.js';
import { localAddress, serverDefinitions, type PvaServerConfig } from './server-config.js';

/** A client that is connected to a server. */
export type ServerConnection = NativeConnection;

/**
 * A pvAccess server with channels of its own. It serves from its construction until close(); as a server of node:net
 * does, it keeps the process alive until then unless unref() was called. Each has threads and sockets of its own:
 * several in one process share nothing.
 *
 * ```ts
 * using server = new PvaServer();
 * const channel = server.addChannel('X:sum', { value: 'double' }, { onPut: 'accept' });
 * await channel.post({ value: 42 });
 * ```
 */
export class PvaServer implements Disposable {
  readonly #native: NativeServer;
  readonly #channels = new Map<string, PvaChannel>();
  #closed = false;

  /** Throws PVAFLOW_OPTION for a wrong configuration, PVAFLOW_SERVER when it cannot listen there. */
  constructor(config: PvaServerConfig = {}) {
    this.#native = new native.Server(
      serverDefinitions(config, process.env),
      config.isolated === true,
      config.threads ?? 1,
    );
  }

  /** TCP port at which it listens. */
  get port(): number {
    return this.#native.port;
  }

  /** How many threads serve its clients: as configured, or 1 where connections cannot be spread. */
  get threads(): number {
    return this.#native.threads;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The configuration in effect as EPICS_PVAS_* definitions. */
  config(): Readonly<Record<string, string>> {
    return this.#native.config();
  }

  /** For `new PvaClient(server.clientConfig())`: reaches this server by TCP and no other. */
  clientConfig(): PvaClientConfig {
    const address = localAddress(this.config()['EPICS_PVAS_INTF_ADDR_LIST'] ?? '');
    return { nameServers: [`${address}:${this.port}`], addressList: [], autoAddressList: false, useEnvironment: false };
  }

  /**
   * Serves a channel: with a type, with a value (its type and first value), or with null: then clients find it, and wait until
   * `open` gives it a type; with `onRpc` it answers calls before that, and refuses what asks for a value. Throws
   * PVAFLOW_CHANNEL_EXISTS when the name is served here already, PVAFLOW_OPTION for wrong options.
   */
  addChannel(name: string, type: TypeSpec | PvObject | null, options: PvaChannelOptions = {}): PvaChannel {
    this.#mustBeOpen();
    if (typeof name !== 'string' || name === '') throw badOption('a channel needs a name');
    checkChannelOptions(name, options);
    const channel = new PvaChannel(name, this.#native, type, options, () => this.#channels.delete(name));
    this.#channels.set(name, channel);
    return channel;
  }

  /** Closes a channel. False if there is none of that name. */
  removeChannel(name: string): boolean {
    const channel = this.channel(name);
    channel?.close();
    return channel !== undefined;
  }

  /** The open channel of that name. */
  channel(name: string): PvaChannel | undefined {
    return this.#channels.get(name);
  }

  /** Names of all channels, sorted. */
  channels(): string[] {
    return this.#native.channels();
  }

  /** The clients that are connected now. */
  connections(): readonly ServerConnection[] {
    return this.#native.connections();
  }

  /** Keeps the process alive while the server is open; that is so from the beginning. */
  ref(): this {
    this.#native.ref();
    return this;
  }

  /** Lets the process end although the server is open. */
  unref(): this {
    this.#native.unref();
    return this;
  }

  /** Disconnects all clients and gives the sockets back. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#native.close();
    for (const channel of this.#channels.values()) channel.afterClose();
    this.#channels.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new PvaflowError('PVAFLOW_SERVER_CLOSED', 'the server is closed');
  }
}
