import type { Command } from 'commander';
import type { Override } from '../core/schema/configuration.js';
import type { ConfigDocument } from '../core/schema/document.js';
import { parseIdList } from '../hpc/channel-names.js';
import type { ConsumerConfig } from '../hpc/consumer-config.js';
import { fieldList } from '../hpc/inputs/requested-fields.js';
import { consumerConfigs } from '../hpc/schema/consumer-configs.js';
import type { ConsumerSettings } from '../hpc/schema/consumer-schema.js';
import { consumerKind } from './config-kinds/consumer.js';
import type { ConsumerOptions } from './consumer-options.js';
import { fromZero, type GivenOptions, type OptionPlaces } from './given-options.js';
import { loggingPlaces } from './logging-options.js';
import { metricsPlaces } from './metrics-options.js';
import { serverPlaces } from './server-options.js';
import { readSettings } from './settings.js';
import { hasQueue, isMapping, onFullOverrides, processorOverrides, queueOverrides } from './stream-settings.js';

/** What a command line and the file that it names ask for. */
export interface ConsumerRun {
  readonly settings: ConsumerSettings;
  readonly configs: readonly ConsumerConfig[];
}

type Given = GivenOptions<ConsumerOptions>;

/** The settings that options stand for. What a queue does and what a chain has, several options say together: see below. */
export const consumerPlaces: OptionPlaces<ConsumerOptions> = {
  consumerId: { path: ['id'] },
  nConsumers: { path: ['consumers'] },
  consumerIdList: { path: ['ids'], read: parseIdList },
  threads: { path: ['threads'] },
  maxRestarts: { path: ['maxRestarts'], read: (value: number) => Math.max(-1, value) },
  idFormatSpec: { path: ['idFormat'] },
  inputChannel: { path: ['input', 'channel'] },
  inputMode: { path: ['input', 'mode'] },
  inputArgs: { path: ['input', 'args'] },
  serverQueueSize: { path: ['input', 'serverQueue'], read: fromZero },
  oidField: { path: ['input', 'idField'] },
  oidOffset: { path: ['input', 'idOffset'], read: fromZero },
  fieldRequest: { path: ['input', 'fields'], read: fieldList },
  skipInitialUpdates: { path: ['input', 'skipInitial'], read: fromZero },
  outputChannel: { path: ['output', 'channel'] },
  outputMode: { path: ['output', 'mode'] },
  outputArgs: { path: ['output', 'args'] },
  passOn: { path: ['output', 'passOn'] },
  statusChannel: { path: ['status', 'channel'] },
  statusPeriod: { path: ['status', 'period'] },
  controlChannel: { path: ['control', 'channel'] },
  metadataChannels: { path: ['metadata', 'channels'], read: fieldList },
  endOfAcquisition: { path: ['endOfAcquisition'] },
  runtime: { path: ['runtime'], read: fromZero },
  drainTimeout: { path: ['drainTimeout'] },
  reportPeriod: { path: ['report', 'period'], read: fromZero },
  reportStats: { path: ['report', 'stats'] },
  disableCurses: { path: ['report', 'plain'] },
  reportFile: { path: ['report', 'file'] },
  failOnLoss: { path: ['report', 'failOnLoss'] },
  ...serverPlaces,
  ...metricsPlaces,
  ...loggingPlaces,
};

/**
 * Reads what a command line and its file ask for.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG_FILE, PVAFLOW_CONFIG or PVAFLOW_USAGE, saying what is wrong and where
 */
export function consumerRun(command: Command, options: ConsumerOptions): ConsumerRun {
  const { settings, configuration } = readSettings(command, options, {
    kind: consumerKind,
    places: consumerPlaces,
    combined: consumerCombined,
  });
  return { settings, configs: consumerConfigs(settings, configuration.fileOf(['processors'])) };
}

/** The settings that several options say together. */
export function consumerCombined(given: Given, document: ConfigDocument | undefined): Override[] {
  return [
    ...onFullOverrides(given),
    ...queueOverrides(given, document),
    ...(hasQueue(given, document) ? accumulateOverrides(given) : []),
    ...distributorOverrides(given, isMapping(document, ['distribute'])),
    ...processorOverrides(given, document),
  ];
}

/** How many objects are to gather, where there is a queue for them. */
function accumulateOverrides(given: Given): Override[] {
  const path = ['input', 'queue', 'accumulate'];
  const objects = given.value('accumulateObjects');
  if (objects === undefined || objects <= 0) return given.overrides({ accumulateObjects: { path, read: nothing } });
  return given.overrides({
    accumulateObjects: { path: [...path, 'objects'] },
    accumulationTimeout: { path: [...path, 'timeout'] },
  });
}

/** A part of a stream is asked for when an option says which. */
function distributorOverrides(given: Given, isInFile: boolean): Override[] {
  const deciding = (['distributorGroup', 'distributorSet', 'distributorTrigger', 'distributorUpdates'] as const).some(
    (name) => given.has(name),
  );
  const sets = given.value('nDistributorSets') ?? 1;
  if (!deciding && !isInFile && sets === 1) return [];
  return given.overrides({
    distributorPluginName: { path: ['distribute', 'plugin'] },
    distributorGroup: { path: ['distribute', 'group'] },
    distributorSet: { path: ['distribute', 'set'] },
    distributorTrigger: { path: ['distribute', 'trigger'] },
    distributorUpdates: { path: ['distribute', 'updates'] },
    nDistributorSets: { path: ['distribute', 'sets'] },
  });
}

const nothing = (): undefined => undefined;
