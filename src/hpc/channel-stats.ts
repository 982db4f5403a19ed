import type { TypeFields } from '../pva/pv-type.js';
import { counted, queueTypes, wrapCounts } from './status-types.js';

/** Figures of one of several channels that are received, in pvaPy's words and order: a producer's, or one with metadata. */
export interface ChannelStats {
  producerId: number;
  channel: string;
  receiverStats: {
    nReceived: number;
    receivedRate: number;
    nRejected: number;
    rejectedRate: number;
    nOverruns: number;
    overrunRate: number;
  };
  queueStats: { nReceived: number; nRejected: number; nDelivered: number; nQueued: number };
}

/** What these figures are made of. */
export interface ChannelFigures {
  readonly producerId: number;
  readonly channel: string;
  readonly overruns: number;
  readonly queue: {
    readonly received: number;
    readonly dropped: number;
    readonly delivered: number;
    readonly length: number;
  };
}

/** @param hasQueue whether a receiver queue was asked for: without one pvaPy's queue statistics are zero */
export function channelStats(
  { producerId, channel, overruns, queue }: ChannelFigures,
  rate: (count: number) => number,
  hasQueue = true,
): ChannelStats {
  const [nReceived, nRejected] = [queue.received, queue.dropped];
  return {
    producerId,
    channel,
    receiverStats: {
      nReceived,
      receivedRate: rate(nReceived),
      nRejected,
      rejectedRate: rate(nRejected),
      nOverruns: overruns,
      overrunRate: rate(overruns),
    },
    queueStats: hasQueue
      ? { nReceived, nRejected, nDelivered: queue.delivered, nQueued: queue.length }
      : { nReceived: 0, nRejected: 0, nDelivered: 0, nQueued: 0 },
  };
}

/** Their fields on a status channel. */
export const channelTypes: TypeFields = {
  producerId: 'uint',
  channel: 'string',
  receiverStats: counted('nReceived', 'nRejected', 'nOverruns'),
  queueStats: queueTypes,
};

/** The values of these fields. */
export function channelValues({ receiverStats, queueStats, ...head }: ChannelStats): Record<string, unknown> {
  return { ...head, receiverStats: wrapCounts(receiverStats), queueStats: wrapCounts(queueStats) };
}
