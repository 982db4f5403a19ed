import { totalmem } from 'node:os';
import { PvaflowError } from '../core/errors.js';
import type { OnFull, QueueLimits } from '../pipeline/bounded-queue.js';
import type { PvaClientConfig } from '../pva/config.js';
import type { PvaServerConfig } from '../pva/server-config.js';
import type { ChannelNames } from './channel-names.js';
import type { OutputOnFull } from './publisher.js';

/** Everything that a consumer has to know. Channel names are final: see `resolveChannelNames`. */
export interface ConsumerConfig {
  readonly consumerId: number;
  readonly channels: ChannelNames;
  readonly processor: {
    readonly file?: string | undefined;
    readonly className?: string | undefined;
    readonly args: Record<string, unknown>;
  };
  readonly objectIdField: string;
  readonly objectIdOffset: number;
  readonly sequentialUpdates: number;
  readonly skipInitialUpdates: number;
  /** Fields to ask for, such as `value,timeStamp`; empty for all. */
  readonly fieldRequest: string;
  /** `record[queueSize=N]`; 0 for the default. */
  readonly serverQueueSize: number;
  /** Below 0: objects are processed as they come. 0: any number. */
  readonly receiverQueueSize: number;
  readonly receiverQueueBytes: number;
  /** 0 or less: objects are processed as soon as they are there. */
  readonly accumulateObjects: number;
  readonly accumulationTimeout: number;
  readonly inputOnFull: OnFull;
  readonly outputOnFull: OutputOnFull;
  /** Seconds between two updates of the status channel. */
  readonly statusPeriod: number;
  /** Seconds in which, at the end, subscribers of the output channel may fetch what is left for them. */
  readonly drainTimeout: number;
  /** Where channels are looked for and served; what is not given comes from the environment. */
  readonly network?: { readonly client?: PvaClientConfig; readonly server?: PvaServerConfig };
}

/** A queue without a limit in number is limited in bytes. */
const UNLIMITED_ITEMS = 2 ** 20;

/** Without a receiver queue, so many objects are taken from the subscription at once, and so many bytes. */
const BATCH_ITEMS = 64;
const BATCH_BYTES = 16 * 2 ** 20;

/** By default a receiver queue may hold a quarter of the memory, but not more than 2 GiB. */
export const defaultReceiverQueueBytes = Math.min(2 ** 31, Math.floor(totalmem() / 4));

/** How much the queue in front of the processors takes. */
export function queueLimits(receiverQueueSize: number, receiverQueueBytes: number): QueueLimits {
  if (receiverQueueSize < 0) return { items: BATCH_ITEMS, bytes: BATCH_BYTES };
  return { items: receiverQueueSize === 0 ? UNLIMITED_ITEMS : receiverQueueSize, bytes: receiverQueueBytes };
}

/** The fields to ask the server for: the id is among them, as without it nothing is known of losses. */
export function requestedFields(fieldRequest: string, idField: string): string[] {
  const fields = fieldRequest
    .replace(/^\s*field\((.*)\)\s*$/, '$1')
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');
  return fields.length === 0 || fields.includes(idField) ? fields : [idField, ...fields];
}

/** The offset that fits the distributor's options, if none is given. */
export function automaticOffset(options: {
  readonly offset: number;
  readonly updates: number | undefined;
  readonly sets: number;
  readonly consumers: number;
}): number {
  const { offset, updates, sets, consumers } = options;
  if (offset > 0) return offset;
  if (updates === undefined) return 1;
  return ((sets > 1 ? sets : consumers) - 1) * updates + 1;
}

/** @throws {PvaflowError} PVAFLOW_CONFIG when options contradict each other */
export function checkConfig(config: ConsumerConfig): void {
  const { accumulateObjects, channels, receiverQueueSize } = config;
  checkNames(channels);
  if (receiverQueueSize > 0 && accumulateObjects > receiverQueueSize) {
    throw new PvaflowError(
      'PVAFLOW_CONFIG',
      `${accumulateObjects} objects cannot be accumulated in a receiver queue of ${receiverQueueSize}: enlarge it with --receiver-queue-size`,
    );
  }
}

/** A consumer that monitored what it serves itself would feed itself. */
function checkNames(channels: ChannelNames): void {
  const roles = new Map<string, string>();
  for (const role of ['input', 'output', 'status', 'control'] as const) {
    const name = channels[role];
    if (name === undefined) continue;
    const other = roles.get(name);
    if (other !== undefined) {
      throw new PvaflowError(
        'PVAFLOW_CONFIG',
        `the ${other} and the ${role} channel have the same name ${name}: give each a name of its own`,
      );
    }
    roles.set(name, role);
  }
}

/** What can be changed while a consumer runs, of pvaPy's keys. */
export interface RuntimeConfig {
  receiverQueueSize?: number;
  skipInitialUpdates?: number;
  objectIdOffset?: number;
  nSequentialUpdates?: number;
}

const runtimeKeys: Readonly<Record<keyof RuntimeConfig, number>> = {
  receiverQueueSize: -1,
  skipInitialUpdates: -1,
  objectIdOffset: 1,
  nSequentialUpdates: 1,
};

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
