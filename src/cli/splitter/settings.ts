import type { Command } from 'commander';
import type { Override } from '../../core/schema/configuration.js';
import { parseIdList } from '../../hpc/channel-names.js';
import { splitterConfig } from '../../hpc/schema/splitter-config.js';
import type { SplitterSettings } from '../../hpc/schema/splitter-schema.js';
import type { SplitterConfig } from '../../hpc/splitter/splitter-config.js';
import { splitterKind } from '../config-kinds/splitter.js';
import { usageError } from '../exit.js';
import type { Given, OptionPlaces } from '../given-options.js';
import { readSettings, type OptionSettings } from '../settings.js';
import { singleInputCombined, singleInputPlaces } from '../single-input.js';
import type { SplitterOptions } from './options.js';

/** The settings that options of splitters alone stand for. */
const ownPlaces: OptionPlaces<SplitterOptions> = {
  splitterId: { path: ['id'] },
  outputPolicies: { path: ['output', 'policies'] },
};

/** How the options of `pvaflow splitter` become settings. */
export const splitterSettings: OptionSettings<SplitterOptions, typeof splitterKind.schema> = {
  kind: splitterKind,
  places: { ...ownPlaces, ...singleInputPlaces },
  combined: (given, document) => [
    ...ruleOverrides(given),
    ...outputOverrides(given),
    ...singleInputCombined(given, document),
  ],
};

/** A way to split that an option names takes the place of that in the file. */
function ruleOverrides(given: Given<SplitterOptions>): Override[] {
  const rules = { sequentialUpdates: 'updates', hash: 'hash', tiles: 'tiles' } as const;
  const names = (['sequentialUpdates', 'hash', 'tiles'] as const).filter((name) => given.has(name));
  const [first, second] = names;
  if (first === undefined) return [];
  if (second !== undefined)
    throw usageError(`${names.map((name) => given.flag(name)).join(' and ')}: it can be split in one way at a time`);
  return [given.override(first, ['split'], { [rules[first]]: given.value(first) })];
}

/** How many outputs there are, and their ids, are two ways to say the same. */
function outputOverrides(given: Given<SplitterOptions>): Override[] {
  const [number, ids] = [given.value('nOutputs'), given.value('outputIdList')];
  if (number !== undefined && ids !== undefined) throw usageError('--n-outputs and --output-id-list: give one of them');
  if (number === undefined && ids === undefined) return [];
  const name = number === undefined ? 'outputIdList' : 'nOutputs';
  return [
    given.override(name, ['output', 'number'], number),
    given.override(name, ['output', 'ids'], ids === undefined ? undefined : parseIdList(ids)),
  ];
}

/**
 * Reads what a command line and its file ask for.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG_FILE, PVAFLOW_CONFIG or PVAFLOW_USAGE, saying what is wrong and where
 */
export function splitterRun(
  command: Command,
  options: SplitterOptions,
): { settings: SplitterSettings; config: SplitterConfig } {
  const { settings, configuration } = readSettings(command, options, splitterSettings);
  return { settings, config: splitterConfig(settings, configuration.fileOf(['processors'])) };
}
