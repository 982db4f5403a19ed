import type { Command } from 'commander';
import { parseIdList } from '../../hpc/channel-names.js';
import { collectorDefaults, type CollectorConfig } from '../../hpc/collector/collector-config.js';
import { collectorConfig } from '../../hpc/schema/collector-config.js';
import type { CollectorSettings } from '../../hpc/schema/collector-schema.js';
import { collectorKind } from '../config-kinds/collector.js';
import type { OptionPlaces } from '../given-options.js';
import { passOnPlaces } from '../processor-options.js';
import { readSettings, type OptionSettings } from '../settings.js';
import { streamCombined, streamPlaces } from '../stream-settings.js';
import type { CollectorOptions } from './options.js';

/** The settings that options of collectors alone stand for. */
const ownPlaces: OptionPlaces<CollectorOptions> = {
  collectorId: { path: ['id'] },
  producerIdList: { path: ['producers'], read: parseIdList },
  collectorCacheSize: { path: ['order', 'frames'], read: (size: number) => (size < 0 ? 'auto' : size) },
  collectorCacheBytes: {
    path: ['order', 'bytes'],
    read: (bytes: number) => (bytes === collectorDefaults.collectorCacheBytes ? 'auto' : bytes),
  },
  cacheOnFull: { path: ['order', 'onFull'] },
  cacheTimeout: { path: ['order', 'timeout'] },
  watermark: { path: ['order', 'watermark'] },
  tiles: { path: ['order', 'tiles'] },
};

/** How the options of `pvaflow collector` become settings. */
export const collectorSettings: OptionSettings<CollectorOptions, typeof collectorKind.schema> = {
  kind: collectorKind,
  places: { ...ownPlaces, ...streamPlaces, ...passOnPlaces },
  combined: streamCombined,
};

/**
 * Reads what a command line and its file ask for.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG_FILE, PVAFLOW_CONFIG or PVAFLOW_USAGE, saying what is wrong and where
 */
export function collectorRun(
  command: Command,
  options: CollectorOptions,
): { settings: CollectorSettings; config: CollectorConfig } {
  const { settings, configuration } = readSettings(command, options, collectorSettings);
  return { settings, config: collectorConfig(settings, configuration.fileOf(['processors'])) };
}
