import type { Override } from '../core/schema/configuration.js';
import type { ConfigDocument } from '../core/schema/document.js';
import { memberOf } from '../core/schema/json-schema.js';
import type { Path } from '../core/schema/problem.js';
import type { ProcessorConfig } from '../hpc/consumer-config.js';
import { fieldList } from '../hpc/inputs/requested-fields.js';
import { usageError } from './exit.js';
import { fromZero, isMapping, type Given, type OptionPlaces } from './given-options.js';
import { loggingPlaces } from './logging-options.js';
import { metricsPlaces } from './metrics-options.js';
import { processorConfigs, type ProcessorCliOptions } from './processor-options.js';
import type { QueueCliOptions } from './queue-options.js';
import { serverPlaces } from './server-options.js';
import type { StreamCliOptions } from './stream-options.js';

/** The settings that the options of consumers, collectors and splitters stand for. */
export const streamPlaces: OptionPlaces<StreamCliOptions> = {
  idFormatSpec: { path: ['idFormat'] },
  inputChannel: { path: ['input', 'channel'] },
  serverQueueSize: { path: ['input', 'serverQueue'], read: fromZero },
  oidField: { path: ['input', 'idField'] },
  oidOffset: { path: ['input', 'idOffset'] },
  fieldRequest: { path: ['input', 'fields'], read: fieldList },
  skipInitialUpdates: { path: ['input', 'skipInitial'], read: fromZero },
  outputChannel: { path: ['output', 'channel'] },
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

/** The settings that several of these options say together. */
export function streamCombined(given: Given<StreamCliOptions>, document: ConfigDocument | undefined): Override[] {
  return [...onFullOverrides(given), ...queueOverrides(given, document), ...processorOverrides(given, document)];
}

function onFullOverrides(given: Given<QueueCliOptions>): Override[] {
  const both = given.value('onFull');
  const path = ['output', 'onFull'];
  if (given.has('outputOnFull')) return [given.override('outputOnFull', path, given.value('outputOnFull'))];
  if (both === undefined) return [];
  return [given.override('onFull', path, both === 'fail' ? 'wait' : both)]; // what a subscriber may end has to be asked for by name
}

/** Whether there is to be a queue in front of the processors. Without one, what it would do has no meaning, as in pvaPy. */
export function hasQueue(given: Given<QueueCliOptions>, document: ConfigDocument | undefined): boolean {
  const frames = given.value('receiverQueueSize');
  return frames === undefined ? isMapping(document, ['input', 'queue']) : frames >= 0;
}

function queueOverrides(given: Given<QueueCliOptions>, document: ConfigDocument | undefined): Override[] {
  const at = (...path: Path) => ['input', 'queue', ...path];
  if (!hasQueue(given, document)) {
    if (given.has('inputOnFull')) {
      throw usageError('--input-on-full: there is no queue that could be full; add --receiver-queue-size');
    }
    return given.has('receiverQueueSize') ? [given.override('receiverQueueSize', at(), undefined)] : [];
  }
  const onFull = given.has('inputOnFull') ? 'inputOnFull' : 'onFull';
  return given.overrides({
    receiverQueueSize: { path: at('frames') },
    receiverQueueBytes: { path: at('bytes') },
    [onFull]: { path: at('onFull') },
  });
}

/** pvaPy's users write it among the arguments of a processor, in its guide as a text; it is for whoever runs the processor. */
function idOffsetOverrides(given: Given<OwnOptions>, chain: readonly ProcessorConfig[]): Override[] {
  const offset = chain.map(({ args }) => args?.objectIdOffset).find((each) => each !== undefined);
  if (offset === undefined || given.has('oidOffset')) return [];
  return [given.override('processorArgs', ['input', 'idOffset'], Number(offset))];
}

interface OwnOptions extends ProcessorCliOptions {
  oidOffset: number;
}

/** Processors of the command line take the place of those in the file; arguments alone are for the only one there. */
function processorOverrides(given: Given<OwnOptions>, document: ConfigDocument | undefined): Override[] {
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
