import type { Command } from 'commander';
import { addAcquisitionOption, type AcquisitionCliOptions } from './acquisition-options.js';
import { addLoggingOptions, type LoggingCliOptions } from './logging-options.js';
import { addMetricsOption, type MetricsCliOptions } from './metrics-options.js';
import { addProcessorFileOptions, type ProcessorCliOptions } from './processor-options.js';
import { addQueueOptions, type QueueCliOptions } from './queue-options.js';
import { addRunOptions, type RunCliOptions } from './run-options.js';
import { addServerOptions, type ServerCliOptions } from './server-options.js';
import { addShortOptions } from './short-options.js';
import { addConfigOption, type ConfigCliOptions } from './settings.js';

/** The options that consumers, collectors and splitters have alike. */
export interface StreamCliOptions<Part extends string = string>
  extends
    AcquisitionCliOptions,
    ConfigCliOptions,
    LoggingCliOptions,
    MetricsCliOptions,
    ProcessorCliOptions,
    QueueCliOptions,
    RunCliOptions<Part>,
    ServerCliOptions {
  inputChannel?: string;
  outputChannel?: string;
  statusChannel?: string;
  controlChannel?: string;
  idFormatSpec?: string;
  oidField: string;
  oidOffset: number;
  fieldRequest: string;
  skipInitialUpdates?: number;
}

/** In what the commands differ. */
export interface StreamOptionTexts {
  /** As it stands in the names of channels: `consumer`. */
  readonly kind: string;
  /** What the queue of the receiver is. */
  readonly receiverQueue: string;
  /** What a report may show. */
  readonly reportParts: readonly string[];
}

/** Adds those of them that mean the same everywhere; the input, the output and the ids of objects are each command's own. */
export function addStreamOptions(command: Command, { kind, receiverQueue, reportParts }: StreamOptionTexts): void {
  command
    .option('--status-channel <name>', `channel with statistics; _ is pvapy:${kind}:<id>:status`)
    .option('--control-channel <name>', `channel that takes commands; _ is pvapy:${kind}:<id>:control`)
    .option('--id-format-spec <spec>', 'how ids are written in the names of channels, such as 03d')
    .option('--field-request <fields>', 'fields to ask for, such as value,timeStamp; the id is added', '');
  addConfigOption(command);
  addProcessorFileOptions(command);
  addQueueOptions(command, receiverQueue);
  addServerOptions(command);
  addAcquisitionOption(command);
  addRunOptions(command, reportParts);
  addMetricsOption(command);
  addLoggingOptions(command);
}

/** Their short spellings, and those of options that two of the three have. */
const shortSpellings: Readonly<Record<string, string>> = {
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

/**
 * Gives a command the short spellings of its options; to be called when it has them all.
 *
 * @param own those of this command alone
 */
export function addStreamShortOptions(command: Command, own: Readonly<Record<string, string>>): void {
  const known = new Set(command.options.map((option) => option.long));
  const shared = Object.entries(shortSpellings).filter(([, long]) => known.has(`--${long}`));
  addShortOptions(command, { ...Object.fromEntries(shared), ...own });
}
