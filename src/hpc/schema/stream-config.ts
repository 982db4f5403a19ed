/** What consumers, collectors and splitters have to know that their configurations ask for in the same words. */
import type { z } from 'zod';
import type { ChannelNames } from '../channel-names.js';
import { automaticOffset, type ConsumerConfig } from '../consumer-config.js';
import type { OutputOnFull } from '../outputs/output.js';
import { processorConfigs } from './check-processors.js';
import type { DistributeSettings } from './distribute-schema.js';
import type { inputSchema } from './input-schema.js';
import type { ProcessorSettings } from './processor-schema.js';
import { receiverQueue } from './receiver-queue.js';
import type { streamShape } from './stream-schema.js';

interface StreamSettings extends z.output<z.ZodObject<ReturnType<typeof streamShape>>> {
  readonly input: { channel: string; idField: string; fields: string[]; serverQueue: number };
  readonly processors: readonly ProcessorSettings[];
  readonly output: { channel?: string | undefined; onFull: OutputOnFull };
}

interface SingleInputSettings extends StreamSettings {
  readonly input: z.output<typeof inputSchema>;
  readonly output: StreamSettings['output'] & { mode: string; args: Record<string, unknown> };
  readonly distribute?: DistributeSettings | undefined;
}

/** The channels as they were asked for, ids not yet in their places. */
export function channelNames({ input, output, status, control }: StreamSettings): ChannelNames {
  return { input: input.channel, output: output.channel, status: status.channel, control: control.channel };
}

/** @param configFile the file in which the processors are named; their own files are relative to it */
export function streamConfig(settings: StreamSettings, configFile: string | undefined) {
  const { input, output } = settings;
  return {
    processors: processorConfigs(settings.processors, configFile),
    metadataChannels: settings.metadata.channels,
    endOfAcquisition: settings.endOfAcquisition as ConsumerConfig['endOfAcquisition'],
    objectIdField: input.idField,
    fieldRequest: input.fields.join(','),
    serverQueueSize: input.serverQueue,
    outputOnFull: output.onFull,
    statusPeriod: settings.status.period,
    drainTimeout: settings.drainTimeout,
    network: settings.network as NonNullable<ConsumerConfig['network']>,
  };
}

/** What is about the one input that consumers and splitters have, and the mode of the output. */
export interface InputPlace {
  /** How many consumers share the stream. */
  readonly consumers: number;
  /** The name by which the distributor knows this one. */
  readonly client: string;
  readonly configFile: string | undefined;
}

export function singleInputConfig(settings: SingleInputSettings, { consumers, client, configFile }: InputPlace) {
  const { input, output, distribute } = settings;
  const { updates, sets = 1 } = distribute ?? {};
  const updatesOfTurn = updates ?? (takesTurns(distribute) ? 1 : undefined);
  return {
    ...streamConfig(settings, configFile),
    inputMode: input.mode,
    inputArgs: input.args,
    outputMode: output.mode,
    outputArgs: output.args,
    objectIdOffset: automaticOffset({ offset: input.idOffset, updates: updatesOfTurn, sets, consumers }),
    sequentialUpdates: updates ?? 1,
    ...(input.skipInitial === undefined ? {} : { skipInitialUpdates: input.skipInitial }),
    ...queueConfig(input.queue),
    distributor: distributorOf(distribute, client),
  };
}

function queueConfig(queue: SingleInputSettings['input']['queue']): Partial<ConsumerConfig> {
  const accumulate = queue === 'none' ? undefined : queue.accumulate;
  return {
    ...receiverQueue(queue),
    ...(accumulate && { accumulateObjects: accumulate.objects, accumulationTimeout: accumulate.timeout }),
  };
}

/** Whether each update goes to one consumer: a distributor that is not told how many make a turn gives one at a time. */
function takesTurns(distribute: DistributeSettings | undefined): boolean {
  return distribute !== undefined && distribute.set === undefined && distribute.mode !== 'all';
}

/** What is asked of the distributor, in the name of a client. */
function distributorOf(distribute: DistributeSettings | undefined, client: string): ConsumerConfig['distributor'] {
  if (distribute === undefined) return undefined;
  const { plugin, group, set, trigger, updates, mode } = distribute;
  return { plugin, group, set, trigger, updates, mode, id: client };
}
