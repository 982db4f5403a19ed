import type { TypeFields } from '../../pva/pv-type.js';
import { channelTypes, channelValues, type ChannelStats } from '../channel-stats.js';

/** The fields of a status channel for so many metadata channels: `metadataStats_1` and so on. */
export function metadataStatusTypes(count: number): TypeFields {
  return Object.fromEntries(names(count).map((name) => [name, channelTypes]));
}

/** The values of these fields. */
export function metadataStatusValues(stats: readonly ChannelStats[]): Record<string, unknown> {
  const values = stats.map(channelValues);
  return Object.fromEntries(names(stats.length).map((name, i) => [name, values[i]]));
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `metadataStats_${i + 1}`);
}
