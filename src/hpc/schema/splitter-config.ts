import { PvaflowError } from '../../core/errors.js';
import { parseTileLayout } from '../../image/tile-grid.js';
import { resolveSplitterChannels, type SplitterConfig } from '../splitter/splitter-config.js';
import { outputsOf, type SplitRule } from '../splitter/splitting.js';
import type { SplitterSettings } from './splitter-schema.js';
import { channelNames, singleInputConfig } from './stream-config.js';

/**
 * What the splitter has to know that a configuration asks for.
 *
 * @param configFile the file in which the processors are named; their own files are relative to it
 * @throws {PvaflowError} PVAFLOW_CONFIG when there is not a policy for each output
 */
export function splitterConfig(settings: SplitterSettings, configFile: string | undefined): SplitterConfig {
  const { id, idFormat, output } = settings;
  const rule = ruleOf(settings);
  const names = { ...channelNames(settings), output: output.channel };
  const { outputs, channels } = resolveSplitterChannels(id, outputIds(settings, rule), names, idFormat);
  return {
    channels,
    outputs: withPolicies(outputs, output.policies),
    splitterId: id,
    rule,
    ...singleInputConfig(settings, { consumers: 1, client: `splitter-${id}`, configFile }),
  };
}

function ruleOf({ split: { updates = 1, hash, tiles } }: SplitterSettings): SplitRule {
  if (hash !== undefined) return { by: 'hash', field: hash };
  return tiles === undefined ? { by: 'turns', updates } : { by: 'tile', ...parseTileLayout(tiles) };
}

function outputIds({ output: { ids, number } }: SplitterSettings, rule: SplitRule): readonly number[] {
  return ids ?? Array.from({ length: number ?? outputsOf(rule) ?? 2 }, (_, at) => at + 1);
}

function withPolicies(
  outputs: SplitterConfig['outputs'],
  policies: SplitterSettings['output']['policies'],
): SplitterConfig['outputs'] {
  if (policies === undefined) return outputs;
  if (policies.length === outputs.length) return outputs.map((each, at) => ({ ...each, onFull: policies[at] }));
  throw new PvaflowError(
    'PVAFLOW_CONFIG',
    `output.policies (--output-policies): ${policies.length} policies for ${outputs.length} outputs; give one for each`,
  );
}
