import { getLogger, type Logger } from '../core/logger.js';
import type { EventContext, ProcessResult, Processor } from '../pipeline/interfaces.js';
import type { PvObject } from '../pva/pv-object.js';
import type { PvaServer } from '../pva/server.js';
import type { PvType, TypeFields } from '../pva/pv-type.js';
import type { ProcessorConfigSchema } from './config-schema.js';
import { hostOf } from './processor-host.js';

/** Updates of a metadata channel that no object was joined with yet, oldest first. Bounded by the host. */
export interface MetadataQueue {
  readonly length: number;
  /** Takes the oldest update out; undefined when there is none. */
  get(): PvObject | undefined;
  /** The oldest update, left where it is. */
  peek(): PvObject | undefined;
  /** Calls back whenever updates have come, until the function that is returned is called. Never called back from within `get`. */
  onArrival(callback: () => void): () => void;
}

/**
 * Base of every processor: a user's class extends it (or AdImageProcessor, for images) and overrides what it needs. Names and
 * meaning are those of pvaPy's `UserDataProcessor`.
 *
 * Order of calls, all on one thread: constructor(args); the fields below are set; `configure(args)` when there are args;
 * `start`; `process` for each object in order, never while promises of so many earlier calls as `concurrency` says are pending;
 * `stop`. In between, whenever somebody asks: `configure`, `getStats`, `resetStats`; and `finishAcquisition`. A method that throws is counted and logged; the next object
 * goes on.
 */
export class UserDataProcessor implements Processor<PvObject> {
  /**
   * What the configuration may hold. It is checked before a processor is made, and by `pvaflow check`. Without it, the keys
   * that `configure` takes apart are those that are known, if it takes its argument apart.
   */
  static readonly configSchema: ProcessorConfigSchema | undefined = undefined;

  /**
   * Whether it needs objects in the order in which they came, as sums, moving averages and files do. Then a configuration is refused
   * in which those in front of it let them overtake each other (`order: completion`).
   */
  static readonly needsOrder: boolean = false;

  /** Log under the name of the class: `debug`, `info`, `warn`, `error`. */
  logger: Logger;
  /** Id of the consumer that runs this processor. Set before `configure` and `start`, as all fields below. */
  processorId = 0;
  inputChannel = '';
  /** Empty when nothing is published. */
  outputChannel = '';
  /** Field that tells objects apart: `uniqueId` for images. */
  objectIdField = 'uniqueId';
  /** The server of the output channel; channels of one's own can be added to it. */
  pvaServer: PvaServer | undefined = undefined;
  /** A queue for each metadata channel, by its name. */
  metadataQueueMap: Map<string, MetadataQueue> = new Map();
  /**
   * So many promises of `process` may be pending at a time: 1, unless a class, or `concurrency` in the configuration of a chain,
   * sets it for work that overlaps, such as writes to disk. What becomes of the objects stays in their order; to publish them in order is up to the class. With several in work,
   * it may publish while it has a promise pending only the objects that came in.
   */
  concurrency = 1;

  /** `_args`: the processor arguments of the command line or configuration; they are handed to `configure` as well. */
  constructor(_args: Record<string, unknown> = {}) {
    this.logger = getLogger(new.target.name);
  }

  /** Called once before the first object. */
  start(): void | Promise<void> {}

  /**
   * Called once after the last object; with `start` having succeeded. What it publishes goes through the processors behind it, too.
   * A promise is waited for as long as `stopProgress` changes.
   */
  stop(): void | Promise<void> {}

  /**
   * Called now and then while the promise of `stop` is pending: what is still to be done, for people, in words that change as long as
   * it comes further (`3 files to end, 1,200 MB of 8,000 MB read`). When they are the same for as long as `--drain-timeout` says, it is
   * given up. Without an override `stop` has so much time altogether.
   */
  stopProgress(): string {
    return '';
  }

  /** Called with the arguments before `start`, and with what a user sends to the control channel while running. */
  configure(_config: Record<string, unknown>): void | Promise<void> {}

  /**
   * Called while it runs, before `configure`, with the same: throws what is wrong. Only when no processor of the chain objects is any
   * of them configured. What `configSchema` says has been checked.
   */
  checkConfigure(_config: Record<string, unknown>): void | Promise<void> {}

  /**
   * Called with each object. What it returns goes to the next processor: the object or another, nothing (the object is filtered
   * out), several (make it a generator), or a promise of these. An object is given back to the system when the chain is
   * through with it: `retain()` it to keep it longer.
   *
   * `context` travels beside the object through the chain, for the processors behind this one: `context.set(key, value)` is seen
   * by their `context.get(key)`, also of objects that were made of this one. It ends with the chain: it is not published. It is
   * valid until the object has left the processor.
   *
   * Without an override: publishes the object and hands it on.
   */
  process(object: PvObject, _context?: EventContext): ProcessResult<PvObject> {
    const published = this.updateOutputChannel(object);
    return published ? published.then(() => object) : object;
  }

  /**
   * Called when all objects of an acquisition have come to their end, where the end of acquisitions is known (`--end-of-acquisition`).
   * The acquisition is complete when the promise resolves; what is thrown makes it one that failed. Objects of the next may
   * come meanwhile.
   */
  finishAcquisition(): void | Promise<void> {}

  /** Called when a user resets the statistics. */
  resetStats(): void {}

  /** Called periodically: the figures for the field `userStats` of the status channel. */
  getStats(): Readonly<Record<string, unknown>> {
    return {};
  }

  /** Called once before `start`: the types of what `getStats` returns. Empty: no field `userStats`. */
  getStatsPvaTypes(): TypeFields {
    return {};
  }

  /** Called once, and only if the input channel is hosted here (input mode `pvas`): its type, or a value of it. */
  getInputPvObjectType(): PvType | PvObject | null {
    return null;
  }

  /**
   * Called with the first object: the type of the output channel, or a value of it, which clients see before anything is published.
   * Null when it cannot be told from that object: then what is published first tells it.
   */
  getOutputPvObjectType(object: PvObject): PvType | PvObject | null {
    return object;
  }

  /**
   * Publishes an object on the output channel; does nothing when there is none. For `process` to call. A promise is given
   * only when a subscriber that must not lose anything has no room; waiting for it is not required.
   */
  updateOutputChannel(object: PvObject): void | PromiseLike<void> {
    return hostOf(this)?.updateOutputChannel(object);
  }
}
