import { resolveSplitterChannels, type SplitterConfig } from '../../hpc/splitter/splitter-config.js';
import type { SplitRule } from '../../hpc/splitter/splitting.js';
import { usageError } from '../exit.js';
import { processorConfigs } from '../processor-options.js';
import { positive } from '../run-options.js';
import type { SplitterOptions } from './options.js';

/** The configuration of the splitter that these options ask for. */
export function splitterConfig(options: SplitterOptions): SplitterConfig {
  refuseOptions(options);
  const { splitterId, idFormatSpec } = options;
  const { inputChannel: input, outputChannel: output, statusChannel: status, controlChannel: control } = options;
  const names = { input, output, status, control };
  const { outputs, channels } = resolveSplitterChannels(splitterId, outputIds(options), names, idFormatSpec);
  const { outputPolicies } = options;
  if (outputPolicies !== undefined && outputPolicies.length !== outputs.length)
    throw usageError(
      `--output-policies: ${outputPolicies.length} policies for ${outputs.length} outputs; give one for each`,
    );
  return {
    channels,
    outputs: outputs.map((each, at) => ({ ...each, onFull: outputPolicies?.[at] })),
    splitterId,
    inputMode: options.inputMode,
    ...(options.inputArgs === undefined ? {} : { inputArgs: options.inputArgs }),
    outputMode: options.outputMode,
    ...(options.outputArgs === undefined ? {} : { outputArgs: options.outputArgs }),
    rule: ruleOf(options),
    processors: processorConfigs(options),
    metadataChannels: (options.metadataChannels ?? '').split(',').filter((name) => name.trim() !== ''),
    objectIdField: options.oidField,
    objectIdOffset: options.oidOffset,
    ...(options.skipInitialUpdates === undefined ? {} : { skipInitialUpdates: options.skipInitialUpdates }),
    endOfAcquisition: options.endOfAcquisition,
    fieldRequest: options.fieldRequest,
    serverQueueSize: options.serverQueueSize,
    receiverQueueSize: options.receiverQueueSize,
    receiverQueueBytes: options.receiverQueueBytes,
    accumulateObjects: options.accumulateObjects,
    accumulationTimeout: options.accumulationTimeout,
    inputOnFull: options.inputOnFull ?? options.onFull,
    outputOnFull: options.outputOnFull ?? (options.onFull === 'fail' ? 'wait' : options.onFull),
    statusPeriod: positive('--status-period', options.statusPeriod),
    drainTimeout: options.drainTimeout,
    network: { server: { threads: options.serverThreads } },
  };
}

function refuseOptions({ hash, tiles, sequentialUpdates, nOutputs, outputIdList, ...others }: SplitterOptions): void {
  const rules = { '--sequential-updates': sequentialUpdates, '--hash': hash, '--tiles': tiles };
  const given = Object.entries(rules).flatMap(([option, value]) => (value === undefined ? [] : [option]));
  if (given.length > 1) throw usageError(`${given.join(' and ')}: it can be split in one way at a time`);
  if (nOutputs !== undefined && outputIdList !== undefined)
    throw usageError('--n-outputs and --output-id-list: give one of them');
  if (others.inputOnFull !== undefined && others.receiverQueueSize < 0)
    throw usageError('--input-on-full: there is no queue that could be full; add --receiver-queue-size');
}

function ruleOf({ hash, tiles, sequentialUpdates = 1 }: SplitterOptions): SplitRule {
  if (hash !== undefined) return { by: 'hash', field: hash };
  if (tiles !== undefined) return { by: 'tile', ...tiles };
  return { by: 'turns', updates: sequentialUpdates };
}

function outputIds({ outputIdList, nOutputs, tiles }: SplitterOptions): readonly number[] {
  if (outputIdList !== undefined) return outputIdList;
  const outputs = nOutputs ?? (tiles === undefined ? 2 : tiles.columns * tiles.rows);
  return Array.from({ length: outputs }, (_, at) => at + 1);
}
