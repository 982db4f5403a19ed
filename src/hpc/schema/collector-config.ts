import { resolveCollectorChannels, type CollectorConfig } from '../collector/collector-config.js';
import { processorConfigs } from './check-processors.js';
import type { CollectorSettings } from './collector-schema.js';
import { memoryOf, receiverQueue } from './receiver-queue.js';

/**
 * What the collector has to know that a configuration asks for.
 *
 * @param configFile the file in which the processors are named; their own files are relative to it
 */
export function collectorConfig(settings: CollectorSettings, configFile: string | undefined): CollectorConfig {
  const { id, producers, idFormat, input, order, output, status, control, network } = settings;
  const names = { input: input.channel, output: output.channel, status: status.channel, control: control.channel };
  return {
    ...resolveCollectorChannels(id, producers, names, idFormat),
    collectorId: id,
    processors: processorConfigs(settings.processors, configFile),
    passOn: output.passOn,
    outputOnFull: output.onFull,
    metadataChannels: settings.metadata.channels,
    endOfAcquisition: settings.endOfAcquisition as CollectorConfig['endOfAcquisition'],
    objectIdField: input.idField,
    objectIdOffset: input.idOffset,
    skipInitialUpdates: input.skipInitial,
    fieldRequest: input.fields.join(','),
    serverQueueSize: input.serverQueue,
    ...receiverQueue(input.queue),
    collectorCacheSize: order.frames === 'auto' ? -1 : order.frames,
    collectorCacheBytes: memoryOf(order.bytes),
    cacheOnFull: order.onFull,
    cacheTimeout: order.timeout,
    watermark: order.watermark,
    tilesPerId: order.tiles,
    statusPeriod: status.period,
    drainTimeout: settings.drainTimeout,
    network: network as NonNullable<CollectorConfig['network']>,
  };
}
