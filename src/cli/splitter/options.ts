import { InvalidArgumentError, type Command } from 'commander';
import { messageOf } from '../../core/errors.js';
import { parseIdList } from '../../hpc/channel-names.js';
import type { OutputOnFull } from '../../hpc/outputs/output.js';
import { splitterDefaults } from '../../hpc/splitter/splitter-config.js';
import { parseTileLayout } from '../../image/tile-grid.js';
import { addAcquisitionOption, type AcquisitionCliOptions } from '../acquisition-options.js';
import { addLoggingOptions, type LoggingCliOptions } from '../logging-options.js';
import { addMetricsOption, type MetricsCliOptions } from '../metrics-options.js';
import {
  consumerId,
  jsonObject,
  numberOption,
  oneOf,
  positiveWholeNumber,
  secondsFromZero,
  wholeNumber,
} from '../option-values.js';
import { addProcessorFileOptions, type ProcessorCliOptions } from '../processor-options.js';
import { addQueueOptions, type QueueCliOptions } from '../queue-options.js';
import { addRunOptions, type RunCliOptions } from '../run-options.js';
import { addServerOptions, type ServerCliOptions } from '../server-options.js';
import { addShortOptions } from '../short-options.js';

/** What a report may show. */
export const splitterReportParts = [
  'receiver',
  'publisher',
  'queue',
  'metadata',
  'processor',
  'user',
  'frame',
  'stage',
  'output',
  'all',
] as const;
export type SplitterReportPart = (typeof splitterReportParts)[number];

/** The options of `pvaflow splitter` as they were given. */
export interface SplitterOptions
  extends
    AcquisitionCliOptions,
    LoggingCliOptions,
    MetricsCliOptions,
    ProcessorCliOptions,
    QueueCliOptions,
    RunCliOptions<SplitterReportPart>,
    ServerCliOptions {
  splitterId: number;
  inputChannel: string;
  outputChannel: string;
  nOutputs?: number;
  outputIdList?: readonly number[];
  statusChannel?: string;
  controlChannel?: string;
  idFormatSpec?: string;
  inputMode: string;
  inputArgs?: Record<string, unknown>;
  outputMode: string;
  outputArgs?: Record<string, unknown>;
  sequentialUpdates?: number;
  hash?: string;
  tiles?: { readonly columns: number; readonly rows: number };
  oidField: string;
  oidOffset: number;
  fieldRequest: string;
  skipInitialUpdates?: number;
  outputPolicies?: readonly OutputOnFull[];
  accumulateObjects: number;
  accumulationTimeout: number;
}

const shortSpellings = {
  id: 'splitter-id',
  no: 'n-outputs',
  ic: 'input-channel',
  im: 'input-mode',
  ia: 'input-args',
  oc: 'output-channel',
  om: 'output-mode',
  oa: 'output-args',
  sc: 'status-channel',
  cc: 'control-channel',
  ifs: 'id-format-spec',
  su: 'sequential-updates',
  sqs: 'server-queue-size',
  rqs: 'receiver-queue-size',
  ao: 'accumulate-objects',
  at: 'accumulation-timeout',
  pf: 'processor-file',
  pc: 'processor-class',
  pa: 'processor-args',
  of: 'oid-field',
  oo: 'oid-offset',
  fr: 'field-request',
  siu: 'skip-initial-updates',
  mc: 'metadata-channels',
  rt: 'runtime',
  rp: 'report-period',
  rs: 'report-stats',
  ll: 'log-level',
  lf: 'log-file',
  dc: 'disable-curses',
};

/** The options of `pvaflow splitter`, in both spellings where the other commands have them. */
export function addSplitterOptions(command: Command): void {
  addChannelOptions(command);
  addRuleOptions(command);
  addProcessorOptions(command);
  addFlowOptions(command);
  addServerOptions(command);
  addRunOptions(command, splitterReportParts);
  addMetricsOption(command);
  addLoggingOptions(command);
  addShortOptions(command, shortSpellings);
}

function addChannelOptions(command: Command): void {
  command
    .requiredOption('--input-channel <name>', 'channel to monitor; * becomes the id of the splitter')
    .requiredOption(
      '--output-channel <name>',
      'channels to publish on; * becomes the id of each output, _ is pvapy:splitter:<id>:output:*',
    )
    .option('--n-outputs <n>', 'number of outputs, with the ids 1, 2 …; 2, or one for each tile', positiveWholeNumber)
    .option('--output-id-list <list>', 'ids of the outputs: 1,2,5 or [4,7] or range(first,end[,step])', parseIdList)
    .option('--status-channel <name>', 'channel with statistics; _ is pvapy:splitter:<id>:status')
    .option('--control-channel <name>', 'channel that takes commands; _ is pvapy:splitter:<id>:control')
    .option('--splitter-id <id>', 'id of this splitter', consumerId, splitterDefaults.splitterId)
    .option('--id-format-spec <spec>', 'how ids are written in the names of channels, such as 03d')
    .option('--input-mode <mode>', 'pva, pvas, rpc or ca', splitterDefaults.inputMode)
    .option('--input-args <json>', 'arguments of the receiver; pvas, rpc: maxWaiting (1000)', jsonObject)
    .option('--output-mode <mode>', 'pvas, pva or rpc', splitterDefaults.outputMode)
    .option(
      '--output-args <json>',
      'arguments of each output; pvas: queueFrames, queueBytes; pva, rpc: maxWaiting (8); rpc: server',
      jsonObject,
    );
}

function addRuleOptions(command: Command): void {
  command
    .option(
      '--sequential-updates <n>',
      'by turns, as without the other two: so many updates in a row for each output; 1',
      positiveWholeNumber,
    )
    .option('--hash <field>', 'by the value of a field, such as timeStamp.userTag: equal values go to the same output')
    .option('--tiles <layout>', 'cut images into columns x rows, such as 2x2: one tile for each output', tileLayout);
}

function addProcessorOptions(command: Command): void {
  addProcessorFileOptions(command);
  command
    .option('--oid-field <field>', 'field with the id by which missed frames are told', splitterDefaults.objectIdField)
    .option('--oid-offset <n>', 'how far ids are apart', numberOption(1, true), splitterDefaults.objectIdOffset)
    .option('--field-request <fields>', 'fields to ask for, such as value,timeStamp; the id is added', '')
    .option(
      '--skip-initial-updates <n>',
      'updates at the beginning that are not split, 0 or less: none; by default 1 in the modes pva and ca, else 0',
      wholeNumber,
    );
  addAcquisitionOption(command);
}

function addFlowOptions(command: Command): void {
  addQueueOptions(command, 'queue in front of the processor; -1: none, 0: any number');
  command
    .option(
      '--output-policies <list>',
      'a policy for each output, in place of one for all: wait (holds back all), dropOldest, dropNewest',
      outputPolicies,
    )
    .option('--accumulate-objects <n>', 'split when so many are queued; needs a receiver queue', wholeNumber, -1)
    .option('--accumulation-timeout <s>', '… or when nothing came for so long', secondsFromZero, 1);
}

function outputPolicies(text: string): OutputOnFull[] {
  return text.split(',').map((each) => oneOf<OutputOnFull>(['wait', 'dropOldest', 'dropNewest'])(each.trim()));
}

function tileLayout(text: string): { columns: number; rows: number } {
  try {
    return parseTileLayout(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
