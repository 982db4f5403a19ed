import type { TypeFields } from '../../pva/pv-type.js';
import { channelStats, channelTypes, channelValues, type ChannelFigures, type ChannelStats } from '../channel-stats.js';
import type { ConsumerStats } from '../consumer-stats.js';
import { consumerTypes, consumerValues, type UserTypes } from '../consumer-status.js';
import type { StatusHead } from '../status-channel.js';
import { counted, wrapCounts } from '../status-types.js';
import { releaseReasons, type OrderingFigures, type ReleaseReason } from './ordering-options.js';

/** Figures of a collector in pvaPy's words: what consumers have, of all producers together, and what collectors have besides. */
export interface CollectorStats extends ConsumerStats {
  collectorStats: {
    nCollected: number;
    collectedRate: number;
    nRejected: number;
    rejectedRate: number;
    nMissed: number;
    missedRate: number;
    nCached: number;
  };
  producerStats: ChannelStats[];
  orderStats: OrderStats;
}

/**
 * What the ordering cache did: `nReceived = nReleased + nLate + nDuplicate + nCached`, and `nReleased` is the sum of those that
 * left by size, by time and so on.
 */
export type OrderStats = Record<(typeof orderFields)[number], number>;

const orderFields = [
  'nReceived',
  'nReleased',
  'nCached',
  'cachedBytes',
  'nLate',
  'nDuplicate',
  'nRepeated',
  'nIncomplete',
  'nRestarts',
  'nBySize',
  'nByBytes',
  'nByTime',
  'nByWatermark',
  'nByComplete',
  'nByFlush',
] as const;

export interface CollectorStatsInput {
  readonly stats: ConsumerStats;
  readonly order: OrderingFigures;
  readonly cachedBytes: number;
  readonly missed: number;
  readonly producers: readonly ChannelFigures[];
  /** Whether a receiver queue was asked for: without one pvaPy's queue statistics are zero. */
  readonly hasQueue: boolean;
}

/** Puts the figures of the parts together. Rates are averages over the time in which objects came, as in pvaPy. */
export function collectorStats({
  stats,
  order,
  cachedBytes,
  missed,
  producers,
  hasQueue,
}: CollectorStatsInput): CollectorStats {
  const { receivingTime } = stats.processorStats;
  const rate = (count: number) => (receivingTime > 0 ? count / receivingTime : 0);
  const rejected = order.late + order.duplicate;
  return {
    collectorStats: {
      nCollected: order.released,
      collectedRate: rate(order.released),
      nRejected: rejected,
      rejectedRate: rate(rejected),
      nMissed: missed,
      missedRate: rate(missed),
      nCached: order.cached,
    },
    ...stats,
    producerStats: producers.map((producer) => channelStats(producer, rate, hasQueue)),
    orderStats: orderStats(order, cachedBytes),
  };
}

function orderStats(order: OrderingFigures, cachedBytes: number): OrderStats {
  const by = releaseReasons.map((reason) => [fieldOf(reason), order.releasedBy[reason]] as const);
  return {
    nReceived: order.received,
    nReleased: order.released,
    nCached: order.cached,
    cachedBytes,
    nLate: order.late,
    nDuplicate: order.duplicate,
    nRepeated: order.repeated,
    nIncomplete: order.incomplete,
    nRestarts: order.restarts,
    ...(Object.fromEntries(by) as Record<`nBy${Capitalize<ReleaseReason>}`, number>),
  };
}

function fieldOf(reason: ReleaseReason): string {
  return `nBy${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
}

/** What the status channel of a collector begins with. */
export function collectorHead(collectorId: number): StatusHead {
  return { types: { collectorId: 'uint' }, values: { collectorId } };
}

/** pvaPy's figures of a collector, with its names, order and types. What is ours comes at the end. */
export function collectorTypes(
  producerIds: readonly number[],
  userTypes: UserTypes,
  nMetadataChannels: number,
): TypeFields {
  const { processorStats, userStats, acquisitionStats, inputAlarm, ...others } = shared(
    consumerTypes(userTypes, nMetadataChannels),
  );
  const isMetadata = ([name]: [string, unknown]) => name.startsWith('metadataStats_');
  return {
    collectorStats: { ...counted('nCollected', 'nRejected', 'nMissed'), nCached: 'uint' },
    ...(processorStats === undefined ? {} : { processorStats }),
    ...(userStats === undefined ? {} : { userStats }),
    ...Object.fromEntries(producerIds.map((id) => [`producerStats_${id}`, channelTypes])),
    ...Object.fromEntries(Object.entries(others).filter(isMetadata)),
    ...others,
    orderStats: Object.fromEntries(orderFields.map((field) => [field, 'ulong'])),
    ...(acquisitionStats === undefined ? {} : { acquisitionStats }),
    ...(inputAlarm === undefined ? {} : { inputAlarm }),
  };
}

/** The values of these figures. */
export function collectorValues(stats: CollectorStats, userTypes: UserTypes): Record<string, unknown> {
  const producers = stats.producerStats.map((producer) => [
    `producerStats_${producer.producerId}`,
    channelValues(producer),
  ]);
  return {
    ...shared(consumerValues(stats, userTypes)),
    collectorStats: wrapCounts(stats.collectorStats),
    ...(Object.fromEntries(producers) as object),
    orderStats: stats.orderStats,
  };
}

const consumersOnly = ['receiverStats', 'queueStats', 'nRestarts', 'lastExit'];

/** What consumers have of their one source, collectors have of each producer; they are not started again. */
function shared<V>(parts: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(parts).filter(([name]) => !consumersOnly.includes(name)));
}
