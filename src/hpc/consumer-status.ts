import type { TypeFields } from '../pva/pv-type.js';
import type { ConsumerStats } from './consumer-stats.js';
import type { StatusHead } from './status-channel.js';
import { counted, processorTypes, queueTypes, wrapCounts } from './status-types.js';

const frameFields = [
  'nExpected',
  'nReceived',
  'nProcessed',
  'nFiltered',
  'nRejected',
  'nFailed',
  'nInFlight',
  'nMissed',
  'nSkipped',
  'nRepeated',
  'nRewound',
  'nRestarted',
  'nWrapped',
  'nLate',
  'nOffPhase',
] as const;

/** What the status channel of a consumer begins with. */
export function consumerHead(consumerId: number, inputChannel: string): StatusHead {
  return { types: { consumerId: 'uint', inputChannel: 'string' }, values: { consumerId, inputChannel } };
}

/** pvaPy's figures of a consumer, with its names, order and types. What is ours comes at the end. */
export function consumerTypes(userTypes: TypeFields): TypeFields {
  return {
    receiverStats: counted('nReceived', 'nRejected', 'nErrors', 'nOverruns'),
    publisherStats: counted('nPublished', 'nErrors'),
    queueStats: queueTypes,
    processorStats: processorTypes,
    ...(Object.keys(userTypes).length > 0 ? { userStats: userTypes } : {}),
    frameStats: Object.fromEntries(frameFields.map((field) => [field, 'ulong'])),
  };
}

/** The values of these figures; of the user's, those that have a type. */
export function consumerValues(stats: ConsumerStats, userTypes: TypeFields): Record<string, unknown> {
  const { receiverStats, publisherStats, queueStats, processorStats, frameStats } = stats;
  const wrapped = Object.entries({ receiverStats, publisherStats, queueStats, processorStats }).map(
    ([name, part]) => [name, wrapCounts(part)] as const,
  );
  const userStats = Object.entries(stats.userStats).filter(([key]) => key in userTypes);
  return {
    ...Object.fromEntries(wrapped),
    ...(Object.keys(userTypes).length > 0 ? { userStats: Object.fromEntries(userStats) } : {}),
    frameStats,
  };
}
