import type { TypeFields } from '../../pva/pv-type.js';
import { counted, queueTypes, wrapCounts } from '../status-types.js';
import type { MetadataStats } from './metadata-channel.js';

/** pvaPy's figures of one metadata channel. */
const metadataTypes: TypeFields = {
  producerId: 'uint',
  channel: 'string',
  receiverStats: counted('nReceived', 'nRejected', 'nOverruns'),
  queueStats: queueTypes,
};

/** The fields of a status channel for so many metadata channels: `metadataStats_1` and so on. */
export function metadataStatusTypes(count: number): TypeFields {
  return Object.fromEntries(names(count).map((name) => [name, metadataTypes]));
}

/** The values of these fields. */
export function metadataStatusValues(stats: readonly MetadataStats[]): Record<string, unknown> {
  const values = stats.map(({ receiverStats, queueStats, ...head }) => ({
    ...head,
    receiverStats: wrapCounts(receiverStats),
    queueStats: wrapCounts(queueStats),
  }));
  return Object.fromEntries(names(stats.length).map((name, i) => [name, values[i]]));
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `metadataStats_${i + 1}`);
}
