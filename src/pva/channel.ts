import { messageOf, PvaflowError } from '../core/errors.js';
import { rethrowLater } from './callback.js';
import { nativeChannelOptions, type ClientRequest, type PvaChannelOptions, type PvData } from './channel-options.js';
import type {
  NativeChannel,
  NativeDeparture,
  NativeDistributorGroup,
  NativePosted,
  NativeServer,
  NativeSubscriberStats,
  NativeValue,
} from './native.js';
import { native } from './native.js';
import { wrapValue } from './normative/index.js';
import { PvObject } from './pv-object.js';
import { PvType, type TypeSpec } from './pv-type.js';
import { stampPut } from './stamp-put.js';

/** One subscriber. At every moment posted = delivered + dropped + queued. */
export type SubscriberStats = NativeSubscriberStats;

/** The clients of the data distributor that share the updates of a channel under one name. */
export type DistributorGroup = NativeDistributorGroup;

export interface ChannelStats {
  /** Updates posted since the channel was made. */
  readonly posted: number;
  /** Updates that subscribers lost by the channel's policy; those of subscribers that have left are among them. */
  readonly dropped: number;
  /** Updates that clients of the distributor left behind unsent when they went, and that others got. */
  readonly handedOver: number;
  /** The same, where there was no other client in the group. */
  readonly abandoned: number;
  /** Monitors that wait until the channel has a type: `open` disconnects their clients, which come back. */
  readonly waiting: number;
  readonly subscribers: readonly SubscriberStats[];
  /** The groups of the distributor that have clients now. */
  readonly groups: readonly DistributorGroup[];
}

/** What a waiting source waits for. */
interface Room {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(reason: Error): void;
}

function newRoom(): Room {
  let resolve!: () => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<void>((...settle) => ([resolve, reject] = settle));
  promise.catch(() => undefined); // who does not wait need not hear that the channel was closed
  return { promise, resolve, reject };
}

/**
 * A served channel: a type, the current value, and a bounded queue of updates for each subscriber. Made by
 * `PvaServer.addChannel`.
 *
 * Every subscriber gets the complete current value first and then each posted update once, in order. An update carries
 * the fields that are marked as changed in the posted value; when updates were dropped for a subscriber, its next
 * update carries their fields too.
 *
 * Clients whose request says `field(_[pydistributor=…])` share the updates instead, as they do with pvaPy's data
 * distributor: see docs/explanation/distributor.md.
 */
export class PvaChannel implements Disposable {
  readonly #native: NativeChannel;
  readonly #server: NativeServer;
  readonly #options: PvaChannelOptions;
  #type: PvType | null = null;
  #room: Room | undefined;
  #subscribers = 0;
  #closed = false;
  readonly #flush = () => this.#native.flush();

  readonly #onClose: () => void;

  /** For PvaServer, which is told when the channel is closed by `onClose` and has checked the options. */
  constructor(
    readonly name: string,
    server: NativeServer,
    initial: TypeSpec | PvObject | null,
    options: PvaChannelOptions,
    onClose: () => void,
  ) {
    this.#onClose = onClose;
    this.#server = server;
    this.#options = options;
    const first = initial === null ? null : firstValue(initial);
    this.#native = server.addChannel(name, nativeChannelOptions(options), {
      put: (id, value, requester) => void this.#answerPut(id, wrapValue(value), requester),
      rpc: (id, argument, requester) => void this.#answerRpc(id, argument && wrapValue(argument), requester),
      room: () => this.#hasRoom(),
      subscribers: (count) => this.#countSubscribers(count),
      departure: (departure) => this.#tellOf(departure),
    });
    if (first) this.#openOrClose(first);
  }

  /** The type of the channel; null before the first `open`. */
  get type(): PvType | null {
    return this.#type;
  }

  /** A copy of the complete current value; null before the first `open`. */
  get value(): PvObject | null {
    const value = this.#native.current();
    return value && wrapValue(value);
  }

  /** Number of subscribers. */
  get subscribers(): number {
    return this.#subscribers;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** An empty value of the channel's type to fill in and post: the cheapest way to make one. */
  createValue(): PvObject {
    const value = this.#native.create();
    if (!value) throw new PvaflowError('PVAFLOW_CHANNEL_TYPE', `channel ${this.name} has no type yet: open() it first`);
    return wrapValue(value);
  }

  /**
   * Gives the channel a type and its first value. On an open channel the type changes: its clients are disconnected
   * and, as pvAccess clients do, come back and see the new type.
   */
  open(type: TypeSpec | PvObject, initial?: Readonly<Record<string, unknown>>): void {
    this.#open(firstValue(type, initial));
  }

  #openOrClose(first: PvObject): void {
    try {
      this.#open(first);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #open(first: PvObject): void {
    this.#native.open(first.native);
    this.#type = first.type;
  }

  /**
   * Posts an update: the fields of `value` that are marked as changed, or that the object names. The value is copied as
   * far as JavaScript could still change it; with `transfer` it is handed over instead (its views become empty).
   *
   * With `wait` as policy returns a promise when a subscriber's queue is full now; it resolves when there is room in
   * all. Posting before that throws PVAFLOW_CHANNEL_FULL. Returns nothing, and costs nothing, when there is room. The
   * promise is rejected with PVAFLOW_CHANNEL_CLOSED when the channel is closed meanwhile.
   */
  post(value: PvData, options?: { readonly transfer?: boolean }): void | Promise<void> {
    if (value instanceof PvObject) return this.#posted(this.#native.post(value.native, options?.transfer === true));
    const made = this.createValue();
    made.set('', value);
    const posted = this.#native.post(made.native, true);
    made.release();
    return this.#posted(posted);
  }

  /**
   * Posts several updates, in order, with one wake-up of the server. They are accepted together when there is room at
   * first, so with `wait` a queue may exceed its bounds by one such batch. Else as post().
   */
  postAll(values: readonly PvObject[], options?: { readonly transfer?: boolean }): void | Promise<void> {
    return this.#posted(
      this.#native.postAll(
        values.map((value) => value.native),
        options?.transfer === true,
      ),
    );
  }

  /**
   * Posts frames that are kept, again and again, as new ones: copies that share their pixels, with the ids `firstId`,
   * `firstId + 1` …, and with `times` (nanoseconds since 1970) as `timeStamp` and `dataTimeStamp`. Nothing of it passes
   * through JavaScript.
   *
   * With `whole` an update carries all fields that are marked in the frame; without, the pixels, the id and the times
   * alone, which is right once the other fields were posted and are the same in all frames. Else as postAll().
   */
  postFrames(
    frames: readonly PvObject[],
    firstId: number,
    times: BigInt64Array,
    options?: { readonly whole?: boolean },
  ): void | Promise<void> {
    const values = frames.map((frame) => frame.native);
    return this.#posted(this.#native.postFrames(values, firstId, times, options?.whole === true));
  }

  #posted(posted: NativePosted): void | Promise<void> {
    if (posted === 0) return;
    if (posted === 1) return process.nextTick(this.#flush);
    this.#room = newRoom();
    return this.#room.promise;
  }

  #hasRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  stats(): ChannelStats {
    return this.#native.stats();
  }

  /** Disconnects all clients and takes the channel off its server. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#server.removeChannel(this.name);
    this.afterClose();
    this.#onClose();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** For PvaServer: the native channel is closed. */
  afterClose(): void {
    this.#closed = true;
    this.#subscribers = 0;
    this.#room?.reject(new PvaflowError('PVAFLOW_CHANNEL_CLOSED', `channel ${this.name} was closed`));
    this.#room = undefined;
  }

  #countSubscribers(count: number): void {
    this.#subscribers = count;
    try {
      this.#options.onSubscribers?.(count);
    } catch (error) {
      rethrowLater(error);
    }
  }

  #tellOf(departure: NativeDeparture): void {
    try {
      this.#options.onDeparture?.(departure);
    } catch (error) {
      rethrowLater(error);
    }
  }

  async #answerPut(id: number, value: PvObject, request: ClientRequest): Promise<void> {
    try {
      const accepted = await this.#decide(value, request);
      if (accepted !== 'posted') {
        while (this.#room) await this.#room.promise;
        void this.post(accepted);
      }
      this.#native.reply(id);
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  async #decide(value: PvObject, request: ClientRequest): Promise<PvData | 'posted'> {
    const handler = this.#options.onPut;
    const verdict = typeof handler === 'function' ? await handler(value, request) : true;
    if (verdict === false) throw new Error(`channel ${this.name} refused the put`);
    if (typeof verdict === 'object' || verdict === 'posted') return verdict;
    stampPut(value);
    return value;
  }

  async #answerRpc(id: number, argument: PvObject | null, request: ClientRequest): Promise<void> {
    try {
      const result = (await this.#options.onRpc?.(argument, request)) ?? emptyResult();
      this.#native.reply(id, result.native);
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  #refuse(id: number, error: unknown): void {
    if (!this.#closed) this.#native.refuse(id, messageOf(error));
  }
}

function firstValue(type: TypeSpec | PvObject, initial?: Readonly<Record<string, unknown>>): PvObject {
  if (!(type instanceof PvObject)) return new PvObject(PvType.of(type), initial);
  return initial ? type.clone().set('', initial) : type;
}

/** The answer to a call that returns nothing. */
function emptyResult(): { readonly native: NativeValue } {
  return { native: new native.Value({ kind: 'structure', id: '', fields: {} }) };
}
