import { checkKeys } from '../core/check-keys.js';
import type { NativeChannelOptions, NativeDeparture, NativeRequester } from './native.js';
import { badOption, checkInteger } from './options.js';
import { checkOnFull, type OnFull } from './on-full.js';
import type { PvObject } from './pv-object.js';

/** Who sent a put or a call, as the client says of itself; nothing of it is verified. */
export type ClientRequest = NativeRequester;

/** A client of the data distributor that has left, and what became of the updates meant for it. */
export type Departure = NativeDeparture;

/** Data for a value: a PvObject of the channel's type, or the fields that change. */
export type PvData = PvObject | Readonly<Record<string, unknown>>;

/**
 * Decides on a put. `value` has the fields that the client sent marked as changed (`value.isChanged(path)`); the others
 * have their defaults. Returning nothing or true accepts; false refuses; a value is posted in the place of the
 * client's; with `posted` the handler has seen to it itself. What is thrown, or rejected with, goes to the client with its message. The client gets its answer when the
 * promise settles; for how long it waits is the client's choice.
 */
export type PutHandler = (value: PvObject, request: ClientRequest) => PutVerdict | Promise<PutVerdict>;
type PutVerdict = PvData | boolean | 'posted' | void;

/** Answers a call. Null as argument: the client sent none. What is thrown goes to the client with its message. */
export type RpcHandler = (
  argument: PvObject | null,
  request: ClientRequest,
) => PvObject | null | void | Promise<PvObject | null | void>;

export interface PvaChannelOptions {
  /**
   * Bounds of the queue of each subscriber. 64 frames and 128 MiB if not given. A queue always takes one frame. As many bytes again may
   * be on their way to the connection: as many frames as the client has asked for, but at least 4 and at most 4096.
   */
  readonly queue?: { readonly frames?: number; readonly bytes?: number };
  /** `wait` if not given. */
  readonly onFull?: OnFull;
  /** `accept` posts what clients put, with the time of the put if they sent none. Without it puts are refused. */
  readonly onPut?: 'accept' | PutHandler;
  /** Without it calls are refused. */
  readonly onRpc?: RpcHandler;
  /** Called with the number of subscribers when it has changed. */
  readonly onSubscribers?: (count: number) => void;
  /** Called when a client of the data distributor has left. */
  readonly onDeparture?: (departure: Departure) => void;
}

const DEFAULT_FRAMES = 64;
const DEFAULT_BYTES = 128 * 1024 * 1024;

/** Throws PVAFLOW_OPTION naming what is wrong. */
export function checkChannelOptions(name: string, options: PvaChannelOptions): void {
  const what = `channel ${name}`;
  checkKeys(what, options, ['queue', 'onFull', 'onPut', 'onRpc', 'onSubscribers', 'onDeparture']);
  checkKeys(`${what}: queue`, options.queue ?? {}, ['frames', 'bytes']);
  checkInteger(`${what}: queue.frames`, options.queue?.frames, 1);
  checkInteger(`${what}: queue.bytes`, options.queue?.bytes, 1);
  checkOnFull(`${what}: onFull`, options.onFull);
  for (const callback of ['onPut', 'onRpc', 'onSubscribers', 'onDeparture'] as const)
    checkCallback(what, callback, options[callback]);
}

function checkCallback(what: string, name: string, callback: unknown): void {
  if (callback === undefined || typeof callback === 'function' || (name === 'onPut' && callback === 'accept')) return;
  throw badOption(`${what}: ${name} must be a function${name === 'onPut' ? " or 'accept'" : ''}`);
}

export function nativeChannelOptions(options: PvaChannelOptions): NativeChannelOptions {
  return {
    frames: options.queue?.frames ?? DEFAULT_FRAMES,
    bytes: options.queue?.bytes ?? DEFAULT_BYTES,
    onFull: options.onFull ?? 'wait',
    acceptsPut: options.onPut !== undefined,
    acceptsRpc: options.onRpc !== undefined,
  };
}
