/** The face of the addon's clients and subscriptions. See native/client/client.h, native/client/subscription.h and native/client/operation.h. */
import type { NativeValue } from './native-value.js';

/** Called once, unless the operation was cancelled. `error` is null on success; a put has no value. */
export type NativeDone = (error: Error | null, value: NativeValue | undefined) => void;

export interface NativeMonitorOptions {
  readonly frames: number;
  readonly bytes: number;
  readonly onFull: 'wait' | 'dropOldest' | 'dropNewest';
  /** See MonitorOptions. */
  readonly dedicated?: boolean;
}

export interface NativeDiscovered {
  readonly online: boolean;
  readonly protocol: string;
  /** Address and port of the server. */
  readonly server: string;
  readonly guid: string;
}

/** Numbers that operations, connections and discoveries are known by: for cancel(). */
export type NativeOperationId = number;

export interface NativeClient {
  readonly closed: boolean;
  get(name: string, request: NativeValue, done: NativeDone): NativeOperationId;
  info(name: string, done: NativeDone): NativeOperationId;
  /**
   * `build` gets an empty value of the channel's type and returns what to put, or undefined to be called again with the
   * present value of the channel. What it throws is what `done` gets.
   */
  put(
    name: string,
    request: NativeValue,
    build: (prototype: NativeValue, present: NativeValue | undefined) => NativeValue | undefined,
    done: NativeDone,
  ): NativeOperationId;
  /** `server`: its address, to ask it without a search. `background`: without keeping the process alive. */
  rpc(
    name: string,
    argument: NativeValue,
    server: string | undefined,
    done: NativeDone,
    background?: boolean,
  ): NativeOperationId;
  /** `onChange` gets the peer's address, or undefined when the channel is not connected; at once, and at each change. */
  connect(name: string, onChange: (peer: string | undefined) => void, server?: string): NativeOperationId;
  /** Asks all servers to show themselves; each is told as often as it does. */
  discover(onServer: (server: NativeDiscovered) => void): NativeOperationId;
  /** Nothing is asked for before its open(). */
  monitor(name: string, options: NativeMonitorOptions): NativeSubscription;
  /** Ends it without a further call. True if a server had been found for it. */
  cancel(id: NativeOperationId): boolean;
  /** The effective EPICS_PVA_* definitions. */
  config(): Record<string, string>;
  /** Ends all that is open: operations get PVAFLOW_CLOSED. */
  close(): void;
}

export type NativeStreamEvent =
  | { readonly type: 'connected'; readonly peer: string }
  | { readonly type: 'disconnected' | 'finished' }
  | { readonly type: 'error'; readonly error: Error };

/** Of a bounded queue of updates. */
export interface NativeStreamStats {
  readonly received: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly discarded: number;
  readonly queued: number;
  readonly queuedBytes: number;
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  readonly flaps: number;
  readonly isFound?: boolean;
}

export interface NativeSubscriptionStats extends NativeStreamStats {
  readonly overruns: number;
  readonly clientSquashed: number;
  readonly empty: number;
  readonly waiting: number;
  /** Of the present connection, or the last one, where `asks` is true and the server has been asked. */
  readonly pipeline?: boolean | undefined;
}

/** Updates and events of one channel, of whatever protocol. */
export interface NativeStream<Stats extends NativeStreamStats = NativeStreamStats> {
  /** Called when there is something to take, then not before take() returned fewer entries than asked for. */
  onReadable?: () => void;
  readonly closed: boolean;
  readonly paused: boolean;
  /** Up to `max` entries, all if not given. */
  take(max?: number): (NativeValue | NativeStreamEvent)[];
  pause(paused: boolean): void;
  close(): void;
  /** Keeps the object and the process alive until letGo() or close(). */
  hold(): void;
  letGo(): void;
  stats(): Stats;
}

export interface NativeSubscription extends NativeStream<NativeSubscriptionStats> {
  /** Whether `record[pipeline=ask]` makes it ask each server that it connects to what it is. */
  readonly asks: boolean;
  /** After connect() until open(): the server's address when the channel is connected, undefined when it is lost. */
  onPeer?: (peer: string | undefined) => void;
  connect(): void;
  /** Sends the request. Once; without effect after close(). */
  open(request: NativeValue): void;
}

export interface NativeClientClass {
  /** `definitions` are EPICS_PVA_* names and values. */
  new (definitions: Readonly<Record<string, string>>): NativeClient;
}
