import type { Command } from 'commander';
import type { Override } from '../../core/schema/configuration.js';
import type { ConfigDocument } from '../../core/schema/document.js';
import { parseIdList } from '../../hpc/channel-names.js';
import { collectorDefaults, type CollectorConfig } from '../../hpc/collector/collector-config.js';
import { fieldList } from '../../hpc/inputs/requested-fields.js';
import { collectorConfig } from '../../hpc/schema/collector-config.js';
import type { CollectorSettings } from '../../hpc/schema/collector-schema.js';
import { collectorKind } from '../config-kinds/collector.js';
import { fromZero, type GivenOptions, type OptionPlaces } from '../given-options.js';
import { loggingPlaces } from '../logging-options.js';
import { metricsPlaces } from '../metrics-options.js';
import { serverPlaces } from '../server-options.js';
import { readSettings } from '../settings.js';
import { onFullOverrides, processorOverrides, queueOverrides } from '../stream-settings.js';
import type { CollectorOptions } from './options.js';

/** The settings that options stand for. */
export const collectorPlaces: OptionPlaces<CollectorOptions> = {
  collectorId: { path: ['id'] },
  producerIdList: { path: ['producers'], read: parseIdList },
  idFormatSpec: { path: ['idFormat'] },
  inputChannel: { path: ['input', 'channel'] },
  serverQueueSize: { path: ['input', 'serverQueue'], read: fromZero },
  oidField: { path: ['input', 'idField'] },
  oidOffset: { path: ['input', 'idOffset'] },
  fieldRequest: { path: ['input', 'fields'], read: fieldList },
  skipInitialUpdates: { path: ['input', 'skipInitial'], read: fromZero },
  collectorCacheSize: { path: ['order', 'frames'], read: (size: number) => (size < 0 ? 'auto' : size) },
  collectorCacheBytes: {
    path: ['order', 'bytes'],
    read: (bytes: number) => (bytes === collectorDefaults.collectorCacheBytes ? 'auto' : bytes),
  },
  cacheOnFull: { path: ['order', 'onFull'] },
  cacheTimeout: { path: ['order', 'timeout'] },
  watermark: { path: ['order', 'watermark'] },
  tiles: { path: ['order', 'tiles'] },
  outputChannel: { path: ['output', 'channel'] },
  passOn: { path: ['output', 'passOn'] },
  statusChannel: { path: ['status', 'channel'] },
  statusPeriod: { path: ['status', 'period'] },
  controlChannel: { path: ['control', 'channel'] },
  metadataChannels: { path: ['metadata', 'channels'], read: fieldList },
  runtime: { path: ['runtime'], read: fromZero },
  drainTimeout: { path: ['drainTimeout'] },
  reportPeriod: { path: ['report', 'period'], read: fromZero },
  reportStats: { path: ['report', 'stats'] },
  disableCurses: { path: ['report', 'plain'] },
  reportFile: { path: ['report', 'file'] },
  failOnLoss: { path: ['report', 'failOnLoss'] },
  endOfAcquisition: { path: ['endOfAcquisition'] },
  ...serverPlaces,
  ...metricsPlaces,
  ...loggingPlaces,
};

/** The settings that several options say together. */
export function collectorCombined(
  given: GivenOptions<CollectorOptions>,
  document: ConfigDocument | undefined,
): Override[] {
  return [...onFullOverrides(given), ...queueOverrides(given, document), ...processorOverrides(given, document)];
}

/**
 * Reads what a command line and its file ask for.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG_FILE, PVAFLOW_CONFIG or PVAFLOW_USAGE, saying what is wrong and where
 */
export function collectorRun(
  command: Command,
  options: CollectorOptions,
): { settings: CollectorSettings; config: CollectorConfig } {
  const how = { kind: collectorKind, places: collectorPlaces, combined: collectorCombined };
  const { settings, configuration } = readSettings(command, options, how);
  return { settings, config: collectorConfig(settings, configuration.fileOf(['processors'])) };
}
