import { PvaflowError } from '../core/errors.js';
import type { OnFull, QueueLimits } from '../pipeline/bounded-queue.js';
import type { SourceQueueOptions } from '../pipeline/receiver.js';
import type { PvObject } from '../pva/pv-object.js';

/** A queue without a limit in number is limited in bytes. */
const UNLIMITED_ITEMS = 2 ** 20;

/** Without a receiver queue, so many objects are taken from the subscription at once, and so many bytes. */
const BATCH_ITEMS = 64;
const BATCH_BYTES = 16 * 2 ** 20;

/** How much the queue in front of the processors takes. */
export function queueLimits(receiverQueueSize: number, receiverQueueBytes: number): QueueLimits {
  if (receiverQueueSize < 0) return { items: BATCH_ITEMS, bytes: BATCH_BYTES };
  return { items: receiverQueueSize === 0 ? UNLIMITED_ITEMS : receiverQueueSize, bytes: receiverQueueBytes };
}

/** The queue in front of the processors, as a configuration asks for it. */
export function sourceQueue(config: {
  readonly receiverQueueSize: number;
  readonly receiverQueueBytes: number;
  readonly inputOnFull: OnFull;
}): SourceQueueOptions<PvObject> {
  const { receiverQueueSize, receiverQueueBytes, inputOnFull } = config;
  const hasQueue = receiverQueueSize >= 0;
  return {
    ...queueLimits(receiverQueueSize, receiverQueueBytes),
    onFull: hasQueue ? inputOnFull : 'wait', // without a queue of its own everything stays with the server until it is wanted
    eager: hasQueue,
    sizeOf: (object) => object.bytes,
  };
}

/** What can be changed while a consumer or a collector runs, of pvaPy's keys. */
export interface RuntimeConfig {
  receiverQueueSize?: number;
  skipInitialUpdates?: number;
  objectIdOffset?: number;
  nSequentialUpdates?: number;
  collectorCacheSize?: number;
}

const runtimeKeys: Readonly<Record<keyof RuntimeConfig, number>> = {
  receiverQueueSize: -1,
  skipInitialUpdates: -1,
  objectIdOffset: 1,
  nSequentialUpdates: 1,
  collectorCacheSize: -1,
};

/** Their names. */
export const runtimeKeyNames = Object.keys(runtimeKeys);

/**
 * The keys of the runtime among those that a user sent; the others are the processor's.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG naming the key that is no whole number or too small
 */
export function runtimeConfigOf(config: Readonly<Record<string, unknown>>): RuntimeConfig {
  const found: RuntimeConfig = {};
  for (const [key, least] of Object.entries(runtimeKeys) as [keyof RuntimeConfig, number][]) {
    if (key in config) found[key] = wholeNumber(key, config[key], least);
  }
  return found;
}

function wholeNumber(key: string, value: unknown, least: number): number {
  const isText = typeof value === 'string' && value.trim() !== '';
  const number = typeof value === 'number' ? value : isText ? Number(value) : NaN;
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new PvaflowError(
    'PVAFLOW_CONFIG',
    `${key} must be a whole number from ${least} on, not ${JSON.stringify(value)}`,
  );
}
