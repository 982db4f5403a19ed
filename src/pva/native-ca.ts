/** The face of the addon's Channel Access client. See native/ca/ca-client.h and native/ca/ca-subscription.h. */
import type { NativeMonitorOptions, NativeStream, NativeStreamStats } from './native-client.js';
import type { NativeType, NativeValue } from './native-value.js';
import { native } from './native.js';

/** A connected channel. */
export interface NativeCaInfo {
  readonly type: NativeType;
  /** Address and port of the server. */
  readonly peer: string;
  /** `DBF_DOUBLE` and so on. */
  readonly nativeType: string;
  /** How many elements it can have. */
  readonly count: number;
  readonly readable: boolean;
  readonly writable: boolean;
}

export interface NativeCaSubscriptionStats extends NativeStreamStats {
  readonly missed: number;
}

/** Called once, unless the request was cancelled. `error` is null on success. */
export type NativeCaDone<T> = (error: Error | null, result: T) => void;

export type NativeCaPutData = number | bigint | boolean | string | ArrayLike<number | bigint | boolean | string>;

/** Where `text` is true, an array of DBF_CHAR is one string. Requests are known by a number, for cancel(). */
export interface NativeCaClient {
  readonly closed: boolean;
  get(name: string, text: boolean, done: NativeCaDone<NativeValue>): number;
  info(name: string, text: boolean, done: NativeCaDone<NativeCaInfo>): number;
  /** With `wait` it is done when the server has processed the value, else when it was sent. */
  put(name: string, data: NativeCaPutData, wait: boolean, done: NativeCaDone<undefined>): number;
  monitor(
    name: string,
    options: NativeMonitorOptions & { readonly text: boolean },
  ): NativeStream<NativeCaSubscriptionStats>;
  /** Ends it without a further call. True if a server had been found for it. */
  cancel(id: number): boolean;
  /** Ends all that is open: requests get PVAFLOW_CLOSED. */
  close(): void;
}

export interface NativeCaClientClass {
  /** `definitions` are EPICS_CA_* names and values; `onLog` gets what libca has to say, and a level of the log. */
  new (
    definitions: Readonly<Record<string, string>>,
    onLog: (level: 'debug' | 'warn', text: string) => void,
  ): NativeCaClient;
}

/** For src/ca, which does not touch the addon itself. */
export const newNativeCaClient = (...args: ConstructorParameters<NativeCaClientClass>): NativeCaClient =>
  new native.CaClient(...args);
