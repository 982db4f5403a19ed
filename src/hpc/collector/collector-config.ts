import { checkKeys } from '../../core/check-keys.js';
import { PvaflowError } from '../../core/errors.js';
import type { OnFull } from '../../pipeline/bounded-queue.js';
import type { EndOfAcquisition } from '../acquisitions/end-of-acquisition.js';
import { formatId, refuseSharedNames, resolveChannelNames, type ChannelNames } from '../channel-names.js';
import { checkProcessor, defaultReceiverQueueBytes, type ProcessorConfig } from '../consumer-config.js';
import { metadataChannelNames } from '../metadata/channel-list.js';
import type { OutputOnFull } from '../outputs/output.js';
import type { RunNetwork } from '../run/stream-run.js';
import { refuseOvertaking } from '../stages/stage-place.js';
import type { CachePolicy } from './ordering-options.js';

/** Where a producer publishes. */
export interface ProducerConfig {
  readonly producerId: number;
  readonly channel: string;
}

/** The channels of a collector besides those of its producers. */
export type CollectorChannels = Omit<ChannelNames, 'input'>;

/**
 * Everything that a collector has to know, as plain data. Channel names are final: see `resolveCollectorChannels`. What is not
 * given has the values of `collectorDefaults`.
 */
export interface CollectorConfig extends Partial<CollectorSettings> {
  readonly producers: readonly ProducerConfig[];
  readonly channels?: CollectorChannels;
  /** How the last frame of an acquisition is known; if it is not given, acquisitions are not counted. */
  readonly endOfAcquisition?: EndOfAcquisition | undefined;
  readonly network?: RunNetwork;
}

/** The same with nothing left open. */
export type CompleteCollectorConfig = CollectorConfig & CollectorSettings & { readonly channels: CollectorChannels };

interface CollectorSettings {
  readonly collectorId: number;
  /** In the order in which objects pass them; none: objects are handed on. */
  readonly processors: readonly ProcessorConfig[];
  /** Whether what the last processor returns, without having published anything, is published. */
  readonly passOn: boolean;
  /** `pva://x`, `ca://y`; a bare name is one of Channel Access. */
  readonly metadataChannels: readonly string[];
  readonly objectIdField: string;
  readonly objectIdOffset: number;
  /** Of each producer. */
  readonly skipInitialUpdates: number;
  /** Fields to ask for, such as `value,timeStamp`; empty for all. */
  readonly fieldRequest: string;
  /** `record[queueSize=N]`; 0 for the default. */
  readonly serverQueueSize: number;
  /** Of each producer. Below 0: objects go to the cache as they come. 0: any number. */
  readonly receiverQueueSize: number;
  readonly receiverQueueBytes: number;
  /** Objects that the cache holds at most; below 0: ten for each producer. */
  readonly collectorCacheSize: number;
  readonly collectorCacheBytes: number;
  readonly cacheOnFull: CachePolicy;
  /** Seconds that an object is held at most. */
  readonly cacheTimeout: number;
  /** Whether objects leave the cache as soon as all producers have passed their id. */
  readonly watermark: boolean;
  /** Objects that share an id; 0: any number. */
  readonly tilesPerId: number;
  readonly inputOnFull: OnFull;
  readonly outputOnFull: OutputOnFull;
  /** Seconds between two updates of the status channel. */
  readonly statusPeriod: number;
  /** Seconds in which, at the end, subscribers of the output channel may fetch what is left for them. */
  readonly drainTimeout: number;
}

/** What a collector does unless it is told otherwise. */
export const collectorDefaults: CollectorSettings = {
  collectorId: 1,
  processors: [],
  passOn: false,
  metadataChannels: [],
  objectIdField: 'uniqueId',
  objectIdOffset: 1,
  skipInitialUpdates: 1,
  fieldRequest: '',
  serverQueueSize: 0,
  receiverQueueSize: -1,
  receiverQueueBytes: defaultReceiverQueueBytes,
  collectorCacheSize: -1,
  collectorCacheBytes: defaultReceiverQueueBytes,
  cacheOnFull: 'wait',
  cacheTimeout: 5,
  watermark: true,
  tilesPerId: 0,
  inputOnFull: 'wait',
  outputOnFull: 'wait',
  statusPeriod: 1,
  drainTimeout: 5,
};

/** pvaPy gives a receiver queue so many times the place of the cache, at least. */
const QUEUE_SIZES = 10;

/**
 * Puts the defaults in the places of what is not given, and sizes that are too small right, as pvaPy does.
 *
 * @throws {PvaflowError} PVAFLOW_OPTION for a key that does not exist, PVAFLOW_CONFIG when options contradict each other
 */
export function completeCollectorConfig(config: CollectorConfig): CompleteCollectorConfig {
  checkKeys('a collector', config, [
    ...Object.keys(collectorDefaults),
    'channels',
    'producers',
    'endOfAcquisition',
    'network',
  ]);
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const complete = { channels: {}, ...collectorDefaults, ...Object.fromEntries(given) } as CompleteCollectorConfig;
  checkKeys('channels of a collector', complete.channels, ['output', 'status', 'control']);
  complete.processors.forEach(checkProcessor);
  refuseOvertaking(complete.processors, 'a collector puts objects in order');
  checkProducers(complete.producers);
  checkNames(complete);
  metadataChannelNames(complete.metadataChannels);
  const collectorCacheSize = effectiveCacheSize(complete.collectorCacheSize, complete.producers.length);
  const { receiverQueueSize } = complete;
  return {
    ...complete,
    collectorCacheSize,
    receiverQueueSize:
      receiverQueueSize <= 0 ? receiverQueueSize : Math.max(receiverQueueSize, QUEUE_SIZES * collectorCacheSize),
  };
}

/** The size of the cache, as pvaPy sets it: ten for each producer unless it is given, and at least one for each. */
export function effectiveCacheSize(requested: number, producers: number): number {
  return Math.max(requested, producers * (requested < 0 ? 10 : 1));
}

/**
 * Puts the ids in their places: `*` becomes the id of the producer in the input channel and that of the collector elsewhere;
 * `_` becomes `pvapy:collector:<id>:output`, `…:status` or `…:control`.
 */
export function resolveCollectorChannels(
  collectorId: number,
  producerIds: readonly number[],
  names: ChannelNames,
  idFormat?: string,
): { producers: ProducerConfig[]; channels: CollectorChannels } {
  const { output, status, control } = resolveChannelNames('collector', collectorId, names, idFormat);
  const producers = producerIds.map((producerId) => ({
    producerId,
    channel: names.input.replaceAll('*', formatId(producerId, idFormat)),
  }));
  return { producers, channels: { output, status, control } };
}

function checkProducers(producers: readonly ProducerConfig[]): void {
  if (producers.length === 0) throw wrong('a collector needs at least one producer: name them with --producer-id-list');
  const seen = new Set<number>();
  for (const { producerId } of producers) {
    if (seen.has(producerId)) throw wrong(`the producer ${producerId} is named twice`);
    seen.add(producerId);
  }
}

function checkNames({ producers, channels }: CompleteCollectorConfig): void {
  refuseSharedNames(
    [
      ...producers.map(({ producerId, channel }) => [`input channel of producer ${producerId}`, channel] as const),
      ...(['output', 'status', 'control'] as const).map((role) => [`${role} channel`, channels[role]] as const),
    ],
    'give each a name of its own; * in the input channel becomes the id of the producer',
  );
}

function wrong(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_CONFIG', message);
}
