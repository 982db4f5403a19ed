import type { Command } from 'commander';
import { reportParts, type ReportPart } from '../hpc/schema/run-schema.js';
import { addAcquisitionOption, type AcquisitionCliOptions } from './acquisition-options.js';
import { addConsumersOptions, type ConsumersCliOptions } from './consumers/options.js';
import { addDistributorOptions, type DistributorCliOptions } from './distributor-options.js';
import { addLoggingOptions, type LoggingCliOptions } from './logging-options.js';
import { addMetricsOption, type MetricsCliOptions } from './metrics-options.js';
import {
  consumerId,
  jsonObject,
  numberOption,
  positiveWholeNumber,
  secondsFromZero,
  wholeNumber,
} from './option-values.js';
import { addPassOnOption, addProcessorFileOptions, type ProcessorCliOptions } from './processor-options.js';
import { addQueueOptions, type QueueCliOptions } from './queue-options.js';
import { addRunOptions, type RunCliOptions } from './run-options.js';
import { addServerOptions, type ServerCliOptions } from './server-options.js';
import { addShortOptions } from './short-options.js';

/** The options of `pvaflow consumer` as they were given. */
export interface ConsumerOptions
  extends
    AcquisitionCliOptions,
    ConsumersCliOptions,
    DistributorCliOptions,
    LoggingCliOptions,
    MetricsCliOptions,
    ProcessorCliOptions,
    QueueCliOptions,
    RunCliOptions<ReportPart>,
    ServerCliOptions {
  config?: string;
  inputChannel?: string;
  inputMode: string;
  inputArgs?: Record<string, unknown>;
  outputChannel?: string;
  outputMode: string;
  outputArgs?: Record<string, unknown>;
  statusChannel?: string;
  controlChannel?: string;
  idFormatSpec?: string;
  accumulateObjects: number;
  accumulationTimeout: number;
  oidField: string;
  oidOffset: number;
  fieldRequest: string;
  skipInitialUpdates?: number;
}

const shortSpellings = {
  id: 'consumer-id',
  nc: 'n-consumers',
  cid: 'consumer-id-list',
  ic: 'input-channel',
  im: 'input-mode',
  ia: 'input-args',
  oc: 'output-channel',
  om: 'output-mode',
  oa: 'output-args',
  sc: 'status-channel',
  cc: 'control-channel',
  ifs: 'id-format-spec',
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
  dpn: 'distributor-plugin-name',
  dg: 'distributor-group',
  ds: 'distributor-set',
  dt: 'distributor-trigger',
  du: 'distributor-updates',
  nds: 'n-distributor-sets',
  mc: 'metadata-channels',
  rt: 'runtime',
  rp: 'report-period',
  rs: 'report-stats',
  ll: 'log-level',
  lf: 'log-file',
  dc: 'disable-curses',
};

/** All options of pvaPy's consumer, in both spellings, and ours. */
export function addConsumerOptions(command: Command): void {
  addChannelOptions(command);
  addProcessorFileOptions(command);
  addPassOnOption(command);
  addIdOptions(command);
  addQueueOptions(command, 'queue in front of the processor; -1: none, 0: any number');
  addAccumulationOptions(command);
  addDistributorOptions(command);
  addServerOptions(command);
  addAcquisitionOption(command);
  addRunOptions(command, reportParts);
  addConsumersOptions(command);
  addMetricsOption(command);
  addLoggingOptions(command);
  addShortOptions(command, shortSpellings);
}

function addChannelOptions(command: Command): void {
  command
    .option('--config <file>', 'configuration, YAML or JSON; options of the command line go before what it says')
    .option('--input-channel <name>', 'channel to monitor; * becomes the id')
    .option('--output-channel <name>', 'channel to publish on; _ is pvapy:consumer:<id>:output, * becomes the id')
    .option('--status-channel <name>', 'channel with statistics; _ is pvapy:consumer:<id>:status')
    .option('--control-channel <name>', 'channel that takes commands; _ is pvapy:consumer:<id>:control')
    .option('--consumer-id <id>', 'id of this consumer, of the first of several', consumerId, 1)
    .option('--n-consumers <n>', 'number of consumers, each a process of its own', positiveWholeNumber, 1)
    .option('--consumer-id-list <list>', '1,2,5 or [4,7] or range(first,end[,step]); instead of the two above')
    .option('--id-format-spec <spec>', 'how the id is written in the names of channels, such as 03d')
    .option('--input-mode <mode>', 'pva, pvas, rpc or ca', 'pva')
    .option('--input-args <json>', 'arguments of the receiver; pvas, rpc: maxWaiting (1000)', jsonObject)
    .option('--output-mode <mode>', 'pvas, pva or rpc', 'pvas')
    .option(
      '--output-args <json>',
      'arguments of the publisher; pvas: queueFrames, queueBytes; pva, rpc: maxWaiting (8); rpc: server',
      jsonObject,
    );
}

function addIdOptions(command: Command): void {
  command
    .option('--oid-field <field>', 'field with the id by which missed frames are told', 'uniqueId')
    .option(
      '--oid-offset <n>',
      'how far ids are apart from one turn to the next; 0: from the distributor options',
      numberOption(0, true),
      0,
    )
    .option('--field-request <fields>', 'fields to ask for, such as value,timeStamp; the id is added', '')
    .option(
      '--skip-initial-updates <n>',
      'updates at the beginning that are not processed, 0 or less: none; by default 1 in the modes pva and ca, else 0',
      wholeNumber,
    );
}

function addAccumulationOptions(command: Command): void {
  command
    .option('--accumulate-objects <n>', 'process when so many are queued; needs a receiver queue', wholeNumber, -1)
    .option('--accumulation-timeout <s>', '… or when nothing came for so long', secondsFromZero, 1);
}
