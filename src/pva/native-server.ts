/** The face of the addon's servers and channels. See native/server/server.h, native/server/channel.h and native/server/served-channel.h. */
import type { NativeValue } from './native-value.js';

/** Who asks, as the client says of itself; nothing of it is verified. */
export interface NativeRequester {
  readonly peer: string;
  readonly account: string;
  readonly method: string;
}

export interface NativeChannelOptions {
  readonly frames: number;
  readonly bytes: number;
  readonly onFull: 'wait' | 'dropOldest' | 'dropNewest';
  readonly acceptsPut: boolean;
  readonly acceptsRpc: boolean;
}

/** Called on the JavaScript thread; none of them may throw. */
export interface NativeChannelCallbacks {
  /** To be answered by reply() or refuse() with `id`. Changed fields of `value` are marked. */
  put(id: number, value: NativeValue, requester: NativeRequester): void;
  rpc(id: number, argument: NativeValue | null, requester: NativeRequester): void;
  /** All waiting subscribers have room again: once for each post that returned 2. */
  room(): void;
  subscribers(count: number): void;
  departure(departure: NativeDeparture): void;
}

/** A client of the distributor that has left. */
export interface NativeDeparture {
  readonly group: string;
  readonly set: string;
  /** As the client named itself by `id:…`; empty if it did not. */
  readonly id: string;
  readonly peer: string;
  /** Updates that were sent to it, the first complete value among them. */
  readonly sent: number;
  /** Of these, with a pipeline, those that it had not acknowledged: it may have seen them or not. */
  readonly unacknowledged: number;
  /** The ids of those, if the channel has a field `uniqueId`. */
  readonly unacknowledgedIds: readonly number[];
  /** Updates meant for it and not sent, which went to the clients that had the next turn. */
  readonly handedOver: number;
  /** The same, where there was no other client. */
  readonly abandoned: number;
}

/** A client of the distributor. */
export interface NativeMember {
  readonly id: string;
  readonly peer: string;
  /** Updates that were meant for it. */
  readonly given: number;
  /** It gets the next update. */
  readonly hasTurn: boolean;
}

export interface NativeDistributorSet {
  readonly name: string;
  /** The field by which updates are told apart; empty if each counts. */
  readonly trigger: string;
  /** Sequential updates of a turn. */
  readonly updates: number;
  readonly mode: 'one' | 'all';
  /** Updates that were meant for this set. */
  readonly given: number;
  /** In the order of their turns. */
  readonly members: readonly NativeMember[];
}

export interface NativeDistributorGroup {
  readonly name: string;
  /** In the order of their turns. */
  readonly sets: readonly NativeDistributorSet[];
}

export interface NativeChannelStats {
  readonly posted: number;
  readonly dropped: number;
  readonly handedOver: number;
  readonly abandoned: number;
  readonly waiting: number;
  readonly subscribers: readonly NativeSubscriberStats[];
  readonly groups: readonly NativeDistributorGroup[];
}

export interface NativeSubscriberStats {
  /** Address and port of the client. */
  readonly peer: string;
  /** Started by the client and not paused. */
  readonly running: boolean;
  /** The client acknowledges what it has taken. */
  readonly pipeline: boolean;
  /** Updates that the client wants to have room for. */
  readonly queueSize: number;
  /** With a pipeline: updates that the client can take now. */
  readonly window: number;
  /** Updates meant for this subscriber, the first complete value among them. */
  readonly posted: number;
  /** Handed over to be sent; those with none of the fields that the client asked for end there. */
  readonly delivered: number;
  readonly dropped: number;
  /** Updates that wait in the queue of this subscriber now, the bytes of their arrays, and the most there ever were. */
  readonly queued: number;
  readonly queuedBytes: number;
  readonly maxQueued: number;
  /** Updates that are delivered but not in the hands of the network yet. */
  readonly unsent: number;
  /** Of the client's connection: bytes that its system has not confirmed. Always 0 elsewhere than on Linux. */
  readonly unsentBytes: number;
  /** Arrays that the client got in memory that it shares with this process, instead of by its connection. */
  readonly sharedArrays: number;
  /** What the client wrote in `record[…]`. */
  readonly recordOptions: Readonly<Record<string, string>>;
  /** What the client wrote in `field(_[…])` for a data distributor. */
  readonly distributorOptions: Readonly<Record<string, string>>;
}

/** What a post asks for: 0 nothing, 1 a flush at the end of the turn, 2 to wait for room(). */
export type NativePosted = 0 | 1 | 2;

export interface NativeChannel {
  /** Sets type and value; clients of an earlier type are disconnected. */
  open(initial: NativeValue): void;
  /** An empty value of the channel's type instance; null while there is no type. */
  create(): NativeValue | null;
  /** A copy of the complete current value; null while there is no type. */
  current(): NativeValue | null;
  /** Throws PVAFLOW_CHANNEL_FULL while room is awaited. */
  post(value: NativeValue, transfer: boolean): NativePosted;
  postAll(values: readonly NativeValue[], transfer: boolean): NativePosted;
  /** As postAll(), of copies with `uniqueId` and both times set; `times` in nanoseconds since 1970, `whole` as in the class. */
  postFrames(frames: readonly NativeValue[], firstId: number, times: BigInt64Array, whole: boolean): NativePosted;
  /** Hands over what was posted, to be called at the end of a turn in which a post asked for it. */
  flush(): void;
  reply(id: number, value?: NativeValue): void;
  refuse(id: number, message: string): void;
  stats(): NativeChannelStats;
}

export interface NativeConnection {
  readonly peer: string;
  readonly account: string;
  readonly channels: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Which of the server's threads serves it, from 0 on. */
  readonly thread: number;
}

export interface NativeServer {
  readonly port: number;
  readonly threads: number;
  addChannel(name: string, options: NativeChannelOptions, callbacks: NativeChannelCallbacks): NativeChannel;
  removeChannel(name: string): boolean;
  channels(): string[];
  /** EPICS_PVAS_* definitions in effect. */
  config(): Record<string, string>;
  connections(): NativeConnection[];
  close(): void;
  ref(): void;
  unref(): void;
}

export interface NativeServerClass {
  new (definitions: Readonly<Record<string, string>>, isolated: boolean, threads: number): NativeServer;
}
