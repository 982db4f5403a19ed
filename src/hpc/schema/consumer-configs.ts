import { resolveChannelNames } from '../channel-names.js';
import type { ConsumerConfig } from '../consumer-config.js';
import type { ConsumerSettings } from './consumer-schema.js';
import { channelNames, singleInputConfig } from './stream-config.js';

/**
 * What each of the consumers has to know that a configuration asks for.
 *
 * @param configFile the file in which the processors are named; their own files are relative to it
 */
export function consumerConfigs(settings: ConsumerSettings, configFile: string | undefined): ConsumerConfig[] {
  const { ids = Array.from({ length: settings.consumers }, (_, i) => settings.id + i) } = settings;
  return ids.map((id) => ({
    consumerId: id,
    channels: resolveChannelNames('consumer', id, channelNames(settings), settings.idFormat),
    passOn: settings.output.passOn,
    ...singleInputConfig(settings, { consumers: ids.length, client: `consumer-${id}`, configFile }),
  }));
}
