import type { Command } from 'commander';
import type { Override } from '../core/schema/configuration.js';
import type { ConfigDocument } from '../core/schema/document.js';
import { memberOf } from '../core/schema/json-schema.js';
import type { Path } from '../core/schema/problem.js';
import { parseIdList } from '../hpc/channel-names.js';
import type { ConsumerConfig, ProcessorConfig } from '../hpc/consumer-config.js';
import { fieldList } from '../hpc/inputs/requested-fields.js';
import { consumerConfigs } from '../hpc/schema/consumer-configs.js';
import type { ConsumerSettings } from '../hpc/schema/consumer-schema.js';
import { consumerKind } from './config-kinds/consumer.js';
import type { ConsumerOptions } from './consumer-options.js';
import { usageError } from './exit.js';
import { fromZero, type GivenOptions, type OptionPlaces } from './given-options.js';
import { loggingPlaces } from './logging-options.js';
import { metricsPlaces } from './metrics-options.js';
import { processorConfigs } from './processor-options.js';
import { serverPlaces } from './server-options.js';
import { readSettings } from './settings.js';

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
    ...queueOverrides(given, isMapping(document, ['input', 'queue'])),
    ...distributorOverrides(given, isMapping(document, ['distribute'])),
    ...processorOverrides(given, document),
  ];
}

function isMapping(document: ConfigDocument | undefined, path: Path): boolean {
  const found = path.reduce(memberOf, document?.value);
  return typeof found === 'object' && found !== null;
}

function onFullOverrides(given: Given): Override[] {
  const both = given.value('onFull');
  const path = ['output', 'onFull'];
  if (given.has('outputOnFull')) return [given.override('outputOnFull', path, given.value('outputOnFull'))];
  if (both === undefined) return [];
  return [given.override('onFull', path, both === 'fail' ? 'wait' : both)]; // no subscriber can make an output fail
}

/** The queue in front of the processors. Without one, what it would do has no meaning and is not looked at, as in pvaPy. */
function queueOverrides(given: Given, isInFile: boolean): Override[] {
  const frames = given.value('receiverQueueSize');
  const at = (...path: Path) => ['input', 'queue', ...path];
  const hasQueue = frames === undefined ? isInFile : frames >= 0;
  if (!hasQueue) {
    if (given.has('inputOnFull')) {
      throw usageError('--input-on-full: there is no queue that could be full; add --receiver-queue-size');
    }
    return given.has('receiverQueueSize') ? [given.override('receiverQueueSize', at(), undefined)] : [];
  }
  const onFull = given.has('inputOnFull') ? 'inputOnFull' : 'onFull';
  const accumulate = given.value('accumulateObjects');
  const accumulates = accumulate !== undefined && accumulate > 0;
  return [
    ...given.overrides({
      receiverQueueSize: { path: at('frames') },
      receiverQueueBytes: { path: at('bytes') },
      [onFull]: { path: at('onFull') },
      accumulateObjects: accumulates
        ? { path: at('accumulate', 'objects') }
        : { path: at('accumulate'), read: nothing },
      ...(accumulates ? { accumulationTimeout: { path: at('accumulate', 'timeout') } } : {}),
    }),
  ];
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

/** pvaPy's users write it among the arguments of a processor, in its guide as a text; it is for whoever runs the processor. */
function idOffsetOverrides(given: Given, chain: readonly ProcessorConfig[]): Override[] {
  const offset = chain.map(({ args }) => args?.objectIdOffset).find((each) => each !== undefined);
  if (offset === undefined || given.has('oidOffset')) return [];
  return [given.override('processorArgs', ['input', 'idOffset'], Number(offset))];
}

/** Processors of the command line take the place of those in the file; arguments alone are for the only one there. */
function processorOverrides(given: Given, document: ConfigDocument | undefined): Override[] {
  const names = (['processorFile', 'processorClass', 'processorArgs'] as const).filter((name) => given.has(name));
  const [first] = names;
  if (first === undefined) return [];
  const chain = processorConfigs(given.options);
  const [only] = chain;
  if (first !== 'processorArgs') {
    const processors = chain.map(({ file, className, args: { objectIdOffset: _runs, ...config } = {} }) => {
      return { file, class: className, config };
    });
    return [given.override(first, ['processors'], processors), ...idOffsetOverrides(given, chain)];
  }
  const inFile = memberOf(document?.value, 'processors');
  if (!Array.isArray(inFile) || inFile.length !== 1) {
    throw usageError('--processor-args: there is not one processor that they could be for; add --processor-file');
  }
  return Object.entries(only?.args ?? {}).map(([key, value]) =>
    given.override(first, ['processors', 0, 'config', key], value),
  );
}

const nothing = (): undefined => undefined;
