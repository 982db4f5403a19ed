import { checkKeys } from '../core/check-keys.js';
import { answered, type CallOptions, checkName } from '../pva/answered.js';
import { type NativeCaClient, type NativeCaDone, type NativeCaInfo, newNativeCaClient } from '../pva/native-ca.js';
import { wrapValue } from '../pva/normative/index.js';
import type { PvObject } from '../pva/pv-object.js';
import { PvType } from '../pva/pv-type.js';
import { type CaClientConfig, type CaDefinitions, clientDefinitions, describeDefinitions } from './config.js';
import { logCa } from './log.js';
import { type CaMonitorOptions, type CaShowOptions, isLongString, queueLimits } from './monitor-options.js';
import { type CaPutValue, putData } from './put-value.js';
import { CaSubscription } from './subscription.js';

export type CaGetOptions = CallOptions & CaShowOptions;

export interface CaPutOptions extends CallOptions {
  /** Wait until the server has processed the value, as `caput -c` does; else until it was sent. Default: true. */
  readonly wait?: boolean;
}

/** A channel as its server describes it. */
export interface CaChannelInfo {
  /** How it is shown. */
  readonly type: PvType;
  /** Address and port of the server. */
  readonly peer: string;
  /** `DBF_DOUBLE` and so on. */
  readonly nativeType: string;
  /** How many elements it can have. */
  readonly count: number;
  /** What this client may do. */
  readonly readable: boolean;
  readonly writable: boolean;
}

const DEFAULT_TIMEOUT = 5;

/**
 * A Channel Access client, on EPICS' own library (libca). Channels look as over pvAccess: values are NTScalar, NTScalarArray
 * and NTEnum with alarm, time, units, limits and choices. The types are those of Channel Access: 8-bit numbers are `ubyte`,
 * 64-bit and unsigned 32-bit ones come as `double`, unsigned 16-bit ones as `int`, and an array of one element is a scalar.
 *
 * Calls reject with a PvaflowError whose code is PVAFLOW_TIMEOUT, PVAFLOW_CANCELLED, PVAFLOW_CLOSED,
 * PVAFLOW_DISCONNECTED (the connection was lost and the put may or may not have been carried out), PVAFLOW_REMOTE (the
 * server refused, with its words) or one that names a wrong option or value. A get that loses its connection is asked again.
 */
export class CaClient implements Disposable {
  private readonly native: NativeCaClient;
  private readonly timeout: number;
  private readonly definitions: CaDefinitions;

  /** Throws PVAFLOW_OPTION naming what is wrong. */
  constructor(config: CaClientConfig = {}) {
    this.definitions = clientDefinitions(config);
    this.timeout = config.timeout ?? DEFAULT_TIMEOUT;
    this.native = newNativeCaClient(this.definitions, logCa);
  }

  get closed(): boolean {
    return this.native.closed;
  }

  /** The present value. */
  get(name: string, options: CaGetOptions = {}): Promise<PvObject> {
    checkKeys('get', options, ['timeout', 'signal', 'longString']);
    const text = isLongString(name, options);
    return this.call('get', name, options, (done) => this.native.get(name, text, done), wrapValue);
  }

  /** Sets a channel. Numbers must fit its type: PVAFLOW_VALUE_RANGE. */
  put(name: string, value: CaPutValue, options: CaPutOptions = {}): Promise<void> {
    checkKeys('put', options, ['timeout', 'signal', 'wait']);
    const data = putData(value);
    const start = (done: NativeCaDone<undefined>) => this.native.put(name, data, options.wait !== false, done);
    return this.call('put', name, options, start, () => undefined);
  }

  /** The type of a channel, and where it is. */
  info(name: string, options: CaGetOptions = {}): Promise<CaChannelInfo> {
    checkKeys('info', options, ['timeout', 'signal', 'longString']);
    const text = isLongString(name, options);
    const start = (done: NativeCaDone<NativeCaInfo>) => this.native.info(name, text, done);
    return this.call('info', name, options, start, (info) => ({ ...info, type: new PvType(info.type) }));
  }

  /** Subscribes to a channel. The stream begins with `connected` when a server has been found, whenever that is. */
  monitor(name: string, options: CaMonitorOptions = {}): CaSubscription {
    checkName('monitor', name);
    checkKeys('monitor', options, ['queue', 'longString']);
    const monitor = this.native.monitor(name, { ...queueLimits(options), text: isLongString(name, options) });
    return new CaSubscription(name, monitor, this);
  }

  /** `EPICS_CA_ADDR_LIST=…`, for messages about channels that nobody serves. */
  describeSearch(): string {
    return describeDefinitions(this.definitions);
  }

  /** Ends everything that is open on this client. Calls under way reject with PVAFLOW_CLOSED. */
  close(): void {
    this.native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private call<Result, T>(
    verb: string,
    name: string,
    options: CallOptions,
    start: (done: NativeCaDone<Result>) => number,
    convert: (result: Result) => T,
  ): Promise<T> {
    const caller = {
      timeout: this.timeout,
      cancel: (id: number) => this.native.cancel(id),
      describeSearch: () => this.describeSearch(),
    };
    return answered(caller, { verb, name, shownAs: `ca://${name}`, options, start, convert });
  }
}
