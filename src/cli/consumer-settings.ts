import type { Command } from 'commander';
import type { ConsumerConfig } from '../hpc/consumer-config.js';
import { consumerConfigs } from '../hpc/schema/consumer-configs.js';
import type { ConsumerSettings } from '../hpc/schema/consumer-schema.js';
import { consumerKind } from './config-kinds/consumer.js';
import type { ConsumerOptions } from './consumer-options.js';
import { consumersPlaces } from './consumers/options.js';
import { passOnPlaces } from './processor-options.js';
import { readSettings, type OptionSettings } from './settings.js';
import { singleInputCombined, singleInputPlaces } from './single-input.js';

/** What a command line and the file that it names ask for. */
export interface ConsumerRun {
  readonly settings: ConsumerSettings;
  readonly configs: readonly ConsumerConfig[];
}

/** How the options of `pvaflow consumer` become settings. */
export const consumerSettings: OptionSettings<ConsumerOptions, typeof consumerKind.schema> = {
  kind: consumerKind,
  places: { ...consumersPlaces, ...singleInputPlaces, ...passOnPlaces },
  combined: singleInputCombined,
};

/**
 * Reads what a command line and its file ask for.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG_FILE, PVAFLOW_CONFIG or PVAFLOW_USAGE, saying what is wrong and where
 */
export function consumerRun(command: Command, options: ConsumerOptions): ConsumerRun {
  const { settings, configuration } = readSettings(command, options, consumerSettings);
  return { settings, configs: consumerConfigs(settings, configuration.fileOf(['processors'])) };
}
