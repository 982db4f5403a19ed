import { totalmem } from 'node:os';
import { checkKeys } from '../core/check-keys.js';
import { PvaflowError } from '../core/errors.js';
import { nearestName } from '../core/nearest-name.js';
import type { OnFull } from '../pipeline/bounded-queue.js';
import type { PvaClientConfig } from '../pva/config.js';
import { checkDistributorOptions, type DistributorOptions } from '../pva/distributor-options.js';
import type { PvaServerConfig } from '../pva/server-config.js';
import type { EndOfAcquisition } from './acquisitions/end-of-acquisition.js';
import { refuseSharedNames, type ChannelNames } from './channel-names.js';
import { inputModes } from './inputs/modes.js';
import { metadataChannelNames } from './metadata/channel-list.js';
import { outputModes } from './outputs/modes.js';
import { checkModeArgs } from './mode-args.js';
import type { OutputOnFull } from './outputs/output.js';
import { checkPlace, placeKeys, refuseOvertaking, type StagePlace } from './stages/stage-place.js';

/** One processor of a consumer. Without a file and a class objects are handed on as they are. */
export interface ProcessorConfig extends StagePlace {
  /** Names its stage, in statistics and for the control channel; that of the class if it is not given. */
  readonly name?: string | undefined;
  readonly file?: string | undefined;
  readonly className?: string | undefined;
  readonly args?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Everything that a consumer has to know, as plain data: it can be sent to another process. Channel names are final: see
 * `resolveChannelNames`. What is not given has the values of {@link consumerDefaults}.
 */
export interface ConsumerConfig extends Partial<ConsumerSettings> {
  readonly channels: ChannelNames;
  /** The part of the updates that this consumer is to get of the server's data distributor; all if not given. */
  readonly distributor?: DistributorOptions | undefined;
  /** How the last frame of an acquisition is known; if it is not given, there is one acquisition without an end. */
  readonly endOfAcquisition?: EndOfAcquisition | undefined;
  /** Where channels are looked for and served; what is not given comes from the environment. */
  readonly network?: { readonly client?: PvaClientConfig; readonly server?: PvaServerConfig };
}

/** The same with nothing left open. */
export type CompleteConsumerConfig = ConsumerConfig & ConsumerSettings;

interface ConsumerSettings {
  readonly consumerId: number;
  /** How objects come in: a name of `inputModes`. */
  readonly inputMode: string;
  readonly inputArgs: Readonly<Record<string, unknown>>;
  /** How objects are published: a name of `outputModes`. */
  readonly outputMode: string;
  readonly outputArgs: Readonly<Record<string, unknown>>;
  /** In the order in which objects pass them; none: objects are handed on. */
  readonly processors: readonly ProcessorConfig[];
  /**
   * Whether what the last processor returns, without having published anything, is published, as it would go on to a next
   * processor: for a part of a chain that was cut. Otherwise, as in pvaPy, only what processors publish is.
   */
  readonly passOn: boolean;
  /** Channels whose updates processors find in queues: `pva://x`, `ca://y`; a bare name is one of Channel Access. */
  readonly metadataChannels: readonly string[];
  readonly objectIdField: string;
  readonly objectIdOffset: number;
  readonly sequentialUpdates: number;
  /** If it is not given: 1 where the first object is what the channel held already (`pva`, `ca`), else 0. */
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
}

/** By default a receiver queue may hold a quarter of the memory, but not more than 2 GiB. */
export const defaultReceiverQueueBytes = Math.min(2 ** 31, Math.floor(totalmem() / 4));

/** What a consumer does unless it is told otherwise. */
export const consumerDefaults: ConsumerSettings = {
  consumerId: 1,
  inputMode: 'pva',
  inputArgs: {},
  outputMode: 'pvas',
  outputArgs: {},
  processors: [],
  passOn: false,
  metadataChannels: [],
  objectIdField: 'uniqueId',
  objectIdOffset: 1,
  sequentialUpdates: 1,
  skipInitialUpdates: 1,
  fieldRequest: '',
  serverQueueSize: 0,
  receiverQueueSize: -1,
  receiverQueueBytes: defaultReceiverQueueBytes,
  accumulateObjects: -1,
  accumulationTimeout: 1,
  inputOnFull: 'wait',
  outputOnFull: 'wait',
  statusPeriod: 1,
  drainTimeout: 5,
};

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

/**
 * Puts the defaults in the places of what is not given.
 *
 * @throws {PvaflowError} PVAFLOW_OPTION for a key that does not exist, PVAFLOW_CONFIG when options contradict each other
 */
export function completeConfig(config: ConsumerConfig): CompleteConsumerConfig {
  checkKeys('a consumer', config, [
    ...Object.keys(consumerDefaults),
    'channels',
    'distributor',
    'endOfAcquisition',
    'network',
  ]);
  checkKeys('channels of a consumer', config.channels, ['input', 'output', 'status', 'control']);
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const complete = { ...consumerDefaults, ...Object.fromEntries(given) } as CompleteConsumerConfig;
  complete.processors.forEach(checkProcessor);
  refuseOvertaking(complete.processors, complete.endOfAcquisition && 'the end of acquisitions is looked for');
  metadataChannelNames(complete.metadataChannels);
  checkNames(complete.channels);
  checkQueue(complete);
  if (complete.distributor) checkDistributorOptions(complete.distributor);
  const input = modeOf(inputModes, 'input', complete.inputMode);
  checkModeArgs(`input mode ${complete.inputMode}`, complete.inputArgs, input.args);
  const output = modeOf(outputModes, 'output', complete.outputMode);
  checkModeArgs(`output mode ${complete.outputMode}`, complete.outputArgs, output.args);
  return { ...complete, skipInitialUpdates: config.skipInitialUpdates ?? (input.showsPresentValue ? 1 : 0) };
}

/** @throws {PvaflowError} PVAFLOW_OPTION, PVAFLOW_CONFIG */
export function checkProcessor(config: ProcessorConfig): void {
  checkKeys('a processor', config, ['name', 'file', 'className', 'args', ...placeKeys]);
  checkPlace(config);
  if (config.name === undefined || /^[A-Za-z_]\w*$/.test(config.name)) return;
  const what = `${JSON.stringify(config.name)} cannot be the name of a stage: it becomes a field of the status channel`;
  throw new PvaflowError('PVAFLOW_CONFIG', `${what}. Use letters, digits and _`);
}

/** @throws {PvaflowError} PVAFLOW_CONFIG naming the nearest mode when there is none of that name */
export function modeOf<M>(modes: Readonly<Record<string, M>>, kind: 'input' | 'output', name: string): M {
  const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
  if (mode !== undefined) return mode;
  const known = Object.keys(modes);
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? `There is ${known.join(', ')}.` : `Did you mean ${nearest}?`;
  throw new PvaflowError('PVAFLOW_CONFIG', `there is no ${kind} mode ${name}. ${hint}`);
}

function checkQueue({ accumulateObjects, receiverQueueSize }: ConsumerSettings): void {
  if (receiverQueueSize < 0 && accumulateObjects > 0) {
    throw new PvaflowError(
      'PVAFLOW_CONFIG',
      `${accumulateObjects} objects cannot be accumulated without a receiver queue: add --receiver-queue-size`,
    );
  }
  if (receiverQueueSize > 0 && accumulateObjects > receiverQueueSize) {
    throw new PvaflowError(
      'PVAFLOW_CONFIG',
      `${accumulateObjects} objects cannot be accumulated in a receiver queue of ${receiverQueueSize}: enlarge it with --receiver-queue-size`,
    );
  }
}

function checkNames(channels: ChannelNames): void {
  const roles = ['input', 'output', 'status', 'control'] as const;
  refuseSharedNames(
    roles.map((role) => [`${role} channel`, channels[role]]),
    'give each a name of its own',
  );
}
