import type { TypeFields } from '../../pva/pv-type.js';
import type { ConsumerStats } from '../consumer-stats.js';
import { consumerTypes, consumerValues, type UserTypes } from '../consumer-status.js';
import type { StatusHead } from '../status-channel.js';
import type { SplitOutputFigures } from './split-output.js';

/** Figures of a splitter: what consumers have, and those of each output. */
export interface SplitterStats extends ConsumerStats {
  outputStats: SplitOutputStats[];
}

/** See {@link SplitOutputFigures}. */
export interface SplitOutputStats {
  outputId: number;
  channel: string;
  nRouted: number;
  nPublished: number;
  publishedRate: number;
  nErrors: number;
  errorRate: number;
  nWaiting: number;
  nDropped: number;
  nUnheard: number;
  nSubscribers: number;
}

/** Puts the figures together. Rates are averages over the time in which objects came, as in pvaPy. */
export function splitterStats(stats: ConsumerStats, outputs: readonly SplitOutputFigures[]): SplitterStats {
  const { receivingTime } = stats.processorStats;
  const rate = (count: number) => (receivingTime > 0 ? count / receivingTime : 0);
  return {
    ...stats,
    outputStats: outputs.map((output) => ({
      outputId: output.outputId,
      channel: output.channel,
      nRouted: output.routed,
      nPublished: output.published,
      publishedRate: rate(output.published),
      nErrors: output.errors,
      errorRate: rate(output.errors),
      nWaiting: output.waiting,
      nDropped: output.dropped,
      nUnheard: output.unheard,
      nSubscribers: output.subscribers,
    })),
  };
}

/** What the status channel of a splitter begins with. */
export function splitterHead(splitterId: number, inputChannel: string): StatusHead {
  return { types: { splitterId: 'uint', inputChannel: 'string' }, values: { splitterId, inputChannel } };
}

const outputTypes: TypeFields = {
  outputId: 'uint',
  channel: 'string',
  nRouted: 'ulong',
  nPublished: 'ulong',
  publishedRate: 'double',
  nErrors: 'ulong',
  errorRate: 'double',
  nWaiting: 'uint',
  nDropped: 'ulong',
  nUnheard: 'ulong',
  nSubscribers: 'uint',
};

/** The figures of a consumer in their order, then `outputStats_<id>` of each output. */
export function splitterTypes(
  outputIds: readonly number[],
  userTypes: UserTypes,
  nMetadataChannels: number,
): TypeFields {
  return {
    ...shared(consumerTypes(userTypes, nMetadataChannels)),
    ...Object.fromEntries(outputIds.map((id) => [nameOf(id), outputTypes])),
  };
}

/** The values of these figures. */
export function splitterValues(stats: SplitterStats, userTypes: UserTypes): Record<string, unknown> {
  return {
    ...shared(consumerValues(stats, userTypes)),
    ...Object.fromEntries(stats.outputStats.map((output) => [nameOf(output.outputId), output])),
  };
}

function nameOf(outputId: number): string {
  return `outputStats_${outputId}`;
}

const consumersOnly = ['nRestarts', 'lastExit'];

/** Splitters are not started again after a crash. */
function shared<V>(parts: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(parts).filter(([name]) => !consumersOnly.includes(name)));
}
