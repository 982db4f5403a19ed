import { resolveCollectorChannels, type CollectorConfig } from '../collector/collector-config.js';
import type { CollectorSettings } from './collector-schema.js';
import { memoryOf, receiverQueue } from './receiver-queue.js';
import { channelNames, streamConfig } from './stream-config.js';

/**
 * What the collector has to know that a configuration asks for.
 *
 * @param configFile the file in which the processors are named; their own files are relative to it
 */
export function collectorConfig(settings: CollectorSettings, configFile: string | undefined): CollectorConfig {
  const { id, producers, idFormat, input, order, output } = settings;
  return {
    ...resolveCollectorChannels(id, producers, channelNames(settings), idFormat),
    ...streamConfig(settings, configFile),
    collectorId: id,
    passOn: output.passOn,
    objectIdOffset: input.idOffset,
    skipInitialUpdates: input.skipInitial,
    ...receiverQueue(input.queue),
    collectorCacheSize: order.frames === 'auto' ? -1 : order.frames,
    collectorCacheBytes: memoryOf(order.bytes),
    cacheOnFull: order.onFull,
    cacheTimeout: order.timeout,
    watermark: order.watermark,
    tilesPerId: order.tiles,
  };
}
