import { InvalidArgumentError, type Command } from 'commander';
import { messageOf } from '../core/errors.js';
import { parseEndOfAcquisition, type EndOfAcquisition } from '../hpc/acquisitions.js';
import { onFullPolicies, type OnFull } from '../pipeline/bounded-queue.js';
import { defaultReceiverQueueBytes } from '../hpc/consumer-config.js';
import { reportParts, type ReportPart } from '../hpc/schema/run-schema.js';
import type { OutputOnFull } from '../hpc/outputs/output.js';
import { addConsumersOptions, type ConsumersCliOptions } from './consumers/options.js';
import { addDistributorOptions, type DistributorCliOptions } from './distributor-options.js';
import { addLoggingOptions, type LoggingCliOptions } from './logging-options.js';
import { addMetricsOption, type MetricsCliOptions } from './metrics-options.js';
import {
  byteCount,
  consumerId,
  jsonObject,
  numberOption,
  oneOf,
  positiveWholeNumber,
  seconds,
  secondsFromZero,
  wholeNumber,
} from './option-values.js';
import { addProcessorFileOptions, type ProcessorCliOptions } from './processor-options.js';
import { addServerOptions, type ServerCliOptions } from './server-options.js';
import { addShortOptions } from './short-options.js';

/** The options of `pvaflow consumer` as they were given. */
export interface ConsumerOptions
  extends
    ConsumersCliOptions,
    DistributorCliOptions,
    LoggingCliOptions,
    MetricsCliOptions,
    ProcessorCliOptions,
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
  serverQueueSize: number;
  receiverQueueSize: number;
  receiverQueueBytes: number;
  accumulateObjects: number;
  accumulationTimeout: number;
  passOn?: true;
  endOfAcquisition?: EndOfAcquisition;
  oidField: string;
  oidOffset: number;
  fieldRequest: string;
  skipInitialUpdates?: number;
  metadataChannels?: string;
  runtime: number;
  reportPeriod: number;
  reportStats: ReportPart[];
  disableCurses?: true;
  onFull: OnFull;
  outputOnFull?: OutputOnFull;
  inputOnFull?: OnFull;
  statusPeriod: number;
  drainTimeout: number;
  reportFile?: string;
  failOnLoss?: true;
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
  addProcessorOptions(command);
  addQueueOptions(command);
  addDistributorOptions(command);
  addServerOptions(command);
  addRunOptions(command);
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

function addProcessorOptions(command: Command): void {
  addProcessorFileOptions(command);
  command
    .option(
      '--pass-on',
      'publish what the last processor returns without having published: for a part of a chain that was cut',
    )
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

function addQueueOptions(command: Command): void {
  command
    .option(
      '--on-full <policy>',
      'when a queue is full, of the output or of the input: wait, dropOldest, dropNewest, fail (input)',
      oneOf(onFullPolicies),
      'wait',
    )
    .option(
      '--output-on-full <policy>',
      'the same for subscribers of the output channel alone',
      oneOf(['wait', 'dropOldest', 'dropNewest']),
    )
    .option('--input-on-full <policy>', 'the same for the receiver queue alone', oneOf(onFullPolicies))
    .option('--server-queue-size <n>', 'queue to ask the server for; 0 or less: as it thinks', wholeNumber, 0)
    .option('--receiver-queue-size <n>', 'queue in front of the processor; -1: none, 0: any number', wholeNumber, -1)
    .option('--receiver-queue-bytes <bytes>', 'memory that this queue may take', byteCount, defaultReceiverQueueBytes)
    .option('--accumulate-objects <n>', 'process when so many are queued; needs a receiver queue', wholeNumber, -1)
    .option('--accumulation-timeout <s>', '… or when nothing came for so long', secondsFromZero, 1);
}

function addRunOptions(command: Command): void {
  command
    .option('--metadata-channels <list>', 'channels whose updates processors find in queues: pva://x,ca://y')
    .option(
      '--end-of-acquisition <how>',
      'how the last frame is known: attribute=NAME, or count=N frames; told on the status channel and to the next consumer',
      endOfAcquisition,
    )
    .option('--runtime <s>', 'seconds to run for; 0: until stopped', seconds, 0)
    .option('--report-period <s>', 'seconds between two reports; 0: none', seconds, 0)
    .option('--report-stats <list>', `what is reported: ${reportParts.join(',')}`, readReportParts, ['all'])
    .option('--status-period <s>', 'seconds between two updates of the status channel', seconds, 1)
    .option('--disable-curses', 'plain lines instead of a screen that is redrawn')
    .option(
      '--drain-timeout <s>',
      'seconds without progress after which, at the end, a processor or a slow subscriber is given up',
      secondsFromZero,
      5,
    )
    .option('--report-file <file>', 'write the loss report there, also if nothing was lost')
    .option('--fail-on-loss', 'end with exit code 4 when a frame was lost');
}

function endOfAcquisition(text: string): EndOfAcquisition {
  try {
    return parseEndOfAcquisition(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

function readReportParts(text: string): ReportPart[] {
  return text.split(',').map((part) => oneOf(reportParts)(part.trim()));
}
