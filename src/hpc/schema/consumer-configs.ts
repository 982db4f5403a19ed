import { resolveChannelNames } from '../channel-names.js';
import { automaticOffset, type ConsumerConfig } from '../consumer-config.js';
import { processorConfigs } from './check-processors.js';
import type { ConsumerSettings } from './consumer-schema.js';
import { receiverQueue } from './receiver-queue.js';

/**
 * What each of the consumers has to know that a configuration asks for.
 *
 * @param configFile the file in which the processors are named; their own files are relative to it
 */
export function consumerConfigs(settings: ConsumerSettings, configFile: string | undefined): ConsumerConfig[] {
  const { ids = Array.from({ length: settings.consumers }, (_, i) => settings.id + i) } = settings;
  return ids.map((id) => consumerConfig(settings, id, ids.length, configFile));
}

function consumerConfig(
  settings: ConsumerSettings,
  id: number,
  consumers: number,
  configFile: string | undefined,
): ConsumerConfig {
  const { input, output, status, control, distribute, idFormat, processors, drainTimeout, network } = settings;
  const names = { input: input.channel, output: output.channel, status: status.channel, control: control.channel };
  const { updates, sets = 1 } = distribute ?? {};
  const updatesOfTurn = updates ?? (takesTurns(distribute) ? 1 : undefined);
  return {
    consumerId: id,
    channels: resolveChannelNames('consumer', id, names, idFormat),
    inputMode: input.mode,
    inputArgs: input.args,
    outputMode: output.mode,
    outputArgs: output.args,
    outputOnFull: output.onFull,
    passOn: output.passOn,
    processors: processorConfigs(processors, configFile),
    objectIdField: input.idField,
    objectIdOffset: automaticOffset({ offset: input.idOffset, updates: updatesOfTurn, sets, consumers }),
    sequentialUpdates: updates ?? 1,
    ...(input.skipInitial === undefined ? {} : { skipInitialUpdates: input.skipInitial }),
    fieldRequest: input.fields.join(','),
    serverQueueSize: input.serverQueue,
    ...queueConfig(input.queue),
    endOfAcquisition: settings.endOfAcquisition as ConsumerConfig['endOfAcquisition'],
    metadataChannels: settings.metadata.channels,
    distributor: distributorOf(distribute, id),
    statusPeriod: status.period,
    drainTimeout,
    network: network as NonNullable<ConsumerConfig['network']>,
  };
}

function queueConfig(queue: ConsumerSettings['input']['queue']): Partial<ConsumerConfig> {
  const accumulate = queue === 'none' ? undefined : queue.accumulate;
  return {
    ...receiverQueue(queue),
    ...(accumulate && { accumulateObjects: accumulate.objects, accumulationTimeout: accumulate.timeout }),
  };
}

/** Whether each update goes to one consumer: a distributor that is not told how many make a turn gives one at a time. */
function takesTurns(distribute: ConsumerSettings['distribute']): boolean {
  return distribute !== undefined && distribute.set === undefined && distribute.mode !== 'all';
}

/** What is asked of the distributor, in the name of consumer `id`. */
function distributorOf(distribute: ConsumerSettings['distribute'], id: number): ConsumerConfig['distributor'] {
  if (distribute === undefined) return undefined;
  const { plugin, group, set, trigger, updates, mode } = distribute;
  return { plugin, group, set, trigger, updates, mode, id: `consumer-${id}` };
}
