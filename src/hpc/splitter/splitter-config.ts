import { checkKeys } from '../../core/check-keys.js';
import { PvaflowError } from '../../core/errors.js';
import { omit } from '../../core/omit.js';
import { formatId, refuseSharedNames, resolveChannelNames, type ChannelNames } from '../channel-names.js';
import { completeConfig, consumerDefaults, type ConsumerConfig } from '../consumer-config.js';
import type { OutputOnFull } from '../outputs/output.js';
import { checkRule, outputsOf, type SplitRule } from './splitting.js';

/** One of the channels that a splitter publishes on. */
export interface SplitOutputConfig {
  readonly outputId: number;
  readonly channel: string;
  /** For subscribers of this output that are too slow; as `outputOnFull` says if it is not given. */
  readonly onFull?: OutputOnFull | undefined;
}

/** The channels of a splitter besides its outputs. */
export type SplitterChannels = Omit<ChannelNames, 'output'>;

/**
 * Everything that a splitter has to know, as plain data. Channel names are final: see `resolveSplitterChannels`. What is not
 * given has the values of `splitterDefaults`.
 */
export interface SplitterConfig extends Partial<SplitterSettings>, SplitterParts {}

/** The same with nothing left open. */
export interface CompleteSplitterConfig extends SplitterSettings, SplitterParts {
  readonly outputs: readonly CompleteSplitOutputConfig[];
}

export interface CompleteSplitOutputConfig extends SplitOutputConfig {
  readonly onFull: OutputOnFull;
}

interface SplitterParts extends Pick<ConsumerConfig, 'distributor' | 'endOfAcquisition' | 'network'> {
  readonly channels: SplitterChannels;
  /** In the order of their turns, or of the tiles row by row. */
  readonly outputs: readonly SplitOutputConfig[];
}

/** What consumers can be told, and besides what is split how. */
interface SplitterSettings extends Omit<typeof consumerDefaults, 'consumerId' | 'passOn'> {
  readonly splitterId: number;
  /** Which output an object goes to. */
  readonly rule: SplitRule;
}

/** What a splitter does unless it is told otherwise. With `wait` as `outputOnFull` a slow output holds back all. */
export const splitterDefaults: SplitterSettings = {
  splitterId: 1,
  rule: { by: 'turns', updates: 1 },
  ...omit(consumerDefaults, 'consumerId', 'passOn'),
};

/**
 * Puts the defaults in the places of what is not given.
 *
 * @throws {PvaflowError} PVAFLOW_OPTION for a key that does not exist, PVAFLOW_CONFIG when options contradict each other
 */
export function completeSplitterConfig(config: SplitterConfig): CompleteSplitterConfig {
  const others = ['channels', 'outputs', 'distributor', 'endOfAcquisition', 'network'];
  checkKeys('a splitter', config, [...Object.keys(splitterDefaults), ...others]);
  checkKeys('channels of a splitter', config.channels, ['input', 'status', 'control']);
  const { splitterId = splitterDefaults.splitterId, rule = splitterDefaults.rule, outputs, ...rest } = config;
  checkRule(rule);
  checkOutputs(outputs, rule);
  checkNames(config);
  const complete = omit(completeConfig(rest), 'consumerId', 'passOn');
  const { outputOnFull } = complete;
  return {
    ...complete,
    splitterId,
    rule,
    outputs: outputs.map((each) => ({ ...each, onFull: each.onFull ?? outputOnFull })),
  };
}

/**
 * Puts the ids in their places: `*` becomes the id of the output in the output channel and that of the splitter elsewhere;
 * `_` becomes `pvapy:splitter:<id>:output:<output id>`, `…:status` or `…:control`.
 */
export function resolveSplitterChannels(
  splitterId: number,
  outputIds: readonly number[],
  names: ChannelNames & { readonly output: string },
  idFormat?: string,
): { outputs: SplitOutputConfig[]; channels: SplitterChannels } {
  const { input, status, control } = resolveChannelNames('splitter', splitterId, names, idFormat);
  const output = names.output === '_' ? `pvapy:splitter:${formatId(splitterId, idFormat)}:output:*` : names.output;
  const outputs = outputIds.map((outputId) => ({
    outputId,
    channel: output.replaceAll('*', formatId(outputId, idFormat)),
  }));
  return { outputs, channels: { input, status, control } };
}

function checkOutputs(outputs: readonly SplitOutputConfig[], rule: SplitRule): void {
  if (outputs.length === 0) throw wrong('a splitter needs at least one output: say how many with --n-outputs');
  const seen = new Set<number>();
  for (const output of outputs) {
    checkKeys('an output of a splitter', output, ['outputId', 'channel', 'onFull']);
    if (seen.has(output.outputId)) throw wrong(`the output ${output.outputId} is named twice`);
    seen.add(output.outputId);
  }
  const needed = outputsOf(rule);
  if (needed !== undefined && needed !== outputs.length) {
    throw wrong(
      `an image is cut into ${needed} tiles, and there are ${outputs.length} outputs: each tile needs its own`,
    );
  }
}

function checkNames({ outputs, channels }: SplitterConfig): void {
  refuseSharedNames(
    [
      ...(['input', 'status', 'control'] as const).map((role) => [`${role} channel`, channels[role]] as const),
      ...outputs.map(({ outputId, channel }) => [`channel of output ${outputId}`, channel] as const),
    ],
    'give each a name of its own; * in the output channel becomes the id of the output',
  );
}

function wrong(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_CONFIG', message);
}
