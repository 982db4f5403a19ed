import { checkKeys } from '../core/check-keys.js';
import { PvaflowError } from '../core/errors.js';
import { answered, type CallOptions, checkName } from './answered.js';
import { rethrowLater } from './callback.js';
import {
  type PvaClientConfig,
  type PvaDefinitions,
  clientDefinitions,
  describeDefinitions,
  searchedAddresses,
} from './config.js';
import { type MonitorOptions, monitorRequest, nativeOptions } from './monitor-options.js';
import { native, type NativeClient, type NativeDiscovered, type NativeDone, type NativeValue } from './native.js';
import { wrapValue } from './normative/index.js';
import { Pipelining } from './pipelining.js';
import { fillPut, type PutValue } from './put-value.js';
import { PvObject } from './pv-object.js';
import { PvRequest } from './pv-request.js';
import type { PvType } from './pv-type.js';
import { Subscription } from './subscription.js';

export type { CallOptions } from './answered.js';

export interface RequestOptions extends CallOptions {
  /** Which fields, and with which options; all fields if not given. */
  readonly request?: string | PvRequest;
}

/** Which server is asked. */
export interface ServerOptions {
  /** Address of the server to ask, `host:port`, without a search. The channel must be there when the server is reached. */
  readonly server?: string;
}

export interface RpcOptions extends CallOptions, ServerOptions {}

/** What connect() tells. */
export type ConnectionEvent = { readonly type: 'connected'; readonly peer: string } | { readonly type: 'disconnected' };

/** A server that showed itself, or (`online` false) is gone. */
export type DiscoveredServer = NativeDiscovered;

/** A watch on one channel's connection. It keeps the process alive until it or the client is closed. */
export interface PvaConnection extends Disposable {
  readonly name: string;
  /** Address of the server; undefined while there is none. */
  readonly peer: string | undefined;
  readonly connected: boolean;
  close(): void;
}

const DEFAULT_TIMEOUT = 5;

/**
 * A pvAccess client: one search, one set of connections, one native thread. A process needs one, rarely more.
 *
 * Calls reject with a PvaflowError whose code is PVAFLOW_TIMEOUT, PVAFLOW_CANCELLED, PVAFLOW_CLOSED,
 * PVAFLOW_DISCONNECTED (the connection was lost and the call may or may not have been carried out), PVAFLOW_REMOTE (the
 * server refused, with its words) or one that names a wrong option, field or value. A get and an info that lose their
 * connection are asked again; a put and an rpc are not.
 */
export class PvaClient implements Disposable {
  private readonly native: NativeClient;
  private readonly pipelining: Pipelining;
  private readonly timeout: number;
  private readonly definitions: PvaDefinitions;
  private readonly effective: PvaDefinitions;

  /** Throws PVAFLOW_OPTION naming what is wrong. */
  constructor(config: PvaClientConfig = {}) {
    this.definitions = clientDefinitions(config);
    this.timeout = config.timeout ?? DEFAULT_TIMEOUT;
    this.native = new native.Client(this.definitions);
    this.effective = this.native.config();
    this.pipelining = new Pipelining(this.native);
  }

  get closed(): boolean {
    return this.native.closed;
  }

  /** The present value. Release it, or leave it to the garbage collector. */
  get(name: string, options: RequestOptions = {}): Promise<PvObject> {
    checkKeys('get', options, ['request', 'timeout', 'signal']);
    const request = PvRequest.of(options.request).toValue().native;
    return this.call('get', name, options, (done) => this.native.get(name, request, done), wrapResult);
  }

  /** Sets the fields of a channel that `value` names, once the server has told their types. See PutValue. */
  put(name: string, value: PutValue, options: RequestOptions = {}): Promise<void> {
    checkKeys('put', options, ['request', 'timeout', 'signal']);
    const request = PvRequest.of(options.request).toValue().native;
    const build = (prototype: NativeValue, present: NativeValue | undefined) =>
      fillPut(new PvObject(prototype), value, present && new PvObject(present))?.native;
    return this.call(
      'put',
      name,
      options,
      (done) => this.native.put(name, request, build, done),
      () => undefined,
    );
  }

  /** Calls a remote procedure; undefined when it answers without a value. */
  rpc(name: string, argument: PvObject, options: RpcOptions = {}): Promise<PvObject | undefined> {
    checkKeys('rpc', options, ['server', 'timeout', 'signal']);
    const start = (done: NativeDone) => this.native.rpc(name, argument.native, options.server, done);
    return this.call('rpc', name, options, start, (value) => value && wrapValue(value));
  }

  /** The type of a channel. */
  info(name: string, options: CallOptions = {}): Promise<PvType> {
    checkKeys('info', options, ['timeout', 'signal']);
    return this.call(
      'info',
      name,
      options,
      (done) => this.native.info(name, done),
      (value) => wrapResult(value).type,
    );
  }

  /** Subscribes to a channel. The stream begins with `connected` when a server has accepted, whenever that is. */
  monitor(name: string, options: MonitorOptions = {}): Subscription {
    checkName('monitor', name);
    const request = monitorRequest(options);
    const monitor = this.native.monitor(name, nativeOptions(options));
    const subscription = new Subscription(name, monitor, this);
    const pipeline = request.recordOptions['pipeline'];
    if (pipeline !== undefined) subscription.open(request, pipeline === 'true');
    else if (monitor.asks) subscription.open(request, 'ask');
    else this.pipelining.decide(monitor, (decided) => subscription.open(request, decided));
    return subscription;
  }

  /** Tells when a channel is connected, and when it is lost. What `onChange` throws becomes an uncaught exception. */
  connect(name: string, onChange: (event: ConnectionEvent) => void, options: ServerOptions = {}): PvaConnection {
    checkName('connect', name);
    checkKeys('connect', options, ['server']);
    return new Connection(this.native, name, onChange, options.server);
  }

  /**
   * Asks all servers that a search reaches to show themselves, until the result is disposed of. `onServer` is called for
   * each answer and beacon, so a server is told of more than once: `guid` tells servers apart.
   */
  discover(onServer: (server: DiscoveredServer) => void): Disposable {
    const id = this.native.discover(onServer);
    return { [Symbol.dispose]: () => void this.native.cancel(id) };
  }

  /** The addresses that are searched, for messages to people. */
  get searchedAddresses(): string[] {
    return searchedAddresses(this.effective);
  }

  /** `searched 127.0.0.1:5076; EPICS_PVA_ADDR_LIST=…`, for messages about channels that nobody serves. */
  describeSearch(): string {
    return `searched ${this.searchedAddresses.join(', ')}; ${describeDefinitions(this.definitions)}`;
  }

  /** Ends everything that is open on this client. Calls under way reject with PVAFLOW_CLOSED. */
  close(): void {
    this.native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private call<T>(
    verb: string,
    name: string,
    options: CallOptions,
    start: (done: NativeDone) => number,
    convert: (value: NativeValue | undefined) => T,
  ): Promise<T> {
    const caller = {
      timeout: this.timeout,
      cancel: (id: number) => this.native.cancel(id),
      describeSearch: () => this.describeSearch(),
    };
    const whenSilent = verb === 'rpc' ? undefined : '; an output does once something was published on it';
    return answered(caller, { verb, name, whenSilent, options, start, convert });
  }
}

class Connection implements PvaConnection {
  peer: string | undefined;
  private readonly id: number;

  constructor(
    private readonly client: NativeClient,
    readonly name: string,
    private readonly onChange: (event: ConnectionEvent) => void,
    server: string | undefined,
  ) {
    this.id = client.connect(name, (peer) => this.change(peer), server);
  }

  get connected(): boolean {
    return this.peer !== undefined;
  }

  close(): void {
    this.client.cancel(this.id);
    this.peer = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private change(peer: string | undefined): void {
    if (peer === this.peer) return; // the first word of a channel that nobody serves yet
    this.peer = peer;
    try {
      this.onChange(peer === undefined ? { type: 'disconnected' } : { type: 'connected', peer });
    } catch (error) {
      rethrowLater(error);
    }
  }
}

function wrapResult(value: NativeValue | undefined): PvObject {
  if (!value) throw new PvaflowError('PVAFLOW_CLIENT', 'the server answered without a value');
  return wrapValue(value);
}
