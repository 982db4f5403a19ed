import type { Command } from 'commander';
import { collectorDefaults } from '../../hpc/collector/collector-config.js';
import { cachePolicies, type CachePolicy } from '../../hpc/collector/ordering-options.js';
import { addAcquisitionOption, type AcquisitionCliOptions } from '../acquisition-options.js';
import { collectorReportParts } from '../../hpc/schema/collector-schema.js';
import { addLoggingOptions, type LoggingCliOptions } from '../logging-options.js';
import { addMetricsOption, type MetricsCliOptions } from '../metrics-options.js';
import { byteCount, consumerId, numberOption, oneOf, secondsFromZero, wholeNumber } from '../option-values.js';
import { addPassOnOption, addProcessorFileOptions, type ProcessorCliOptions } from '../processor-options.js';
import { addQueueOptions, type QueueCliOptions } from '../queue-options.js';
import { addServerOptions, type ServerCliOptions } from '../server-options.js';
import { addRunOptions, type RunCliOptions } from '../run-options.js';
import { addConfigOption, type ConfigCliOptions } from '../settings.js';
import { addShortOptions } from '../short-options.js';

export type CollectorReportPart = (typeof collectorReportParts)[number];

/** The options of `pvaflow collector` as they were given. */
export interface CollectorOptions
  extends
    AcquisitionCliOptions,
    ConfigCliOptions,
    LoggingCliOptions,
    MetricsCliOptions,
    ProcessorCliOptions,
    QueueCliOptions,
    RunCliOptions<CollectorReportPart>,
    ServerCliOptions {
  collectorId: number;
  producerIdList: string;
  inputChannel?: string;
  outputChannel?: string;
  statusChannel?: string;
  controlChannel?: string;
  idFormatSpec?: string;
  oidField: string;
  oidOffset: number;
  fieldRequest: string;
  skipInitialUpdates: number;
  collectorCacheSize: number;
  collectorCacheBytes: number;
  cacheOnFull: CachePolicy;
  cacheTimeout: number;
  watermark: boolean;
  tiles: number;
}

const shortSpellings = {
  id: 'collector-id',
  pid: 'producer-id-list',
  ic: 'input-channel',
  oc: 'output-channel',
  sc: 'status-channel',
  cc: 'control-channel',
  ifs: 'id-format-spec',
  sqs: 'server-queue-size',
  rqs: 'receiver-queue-size',
  ccs: 'collector-cache-size',
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

/** All options of pvaPy's collector, in both spellings, and ours. */
export function addCollectorOptions(command: Command): void {
  addConfigOption(command);
  addChannelOptions(command);
  addOrderOptions(command);
  addProcessorFileOptions(command);
  addPassOnOption(command);
  addQueueOptions(
    command,
    'queue of each producer in front of the cache; -1: none, 0: any number; else ten times the cache at least',
  );
  addServerOptions(command);
  addAcquisitionOption(command);
  addRunOptions(command, collectorReportParts);
  addMetricsOption(command);
  addLoggingOptions(command);
  addShortOptions(command, shortSpellings);
}

function addChannelOptions(command: Command): void {
  command
    .option('--input-channel <name>', 'channels to monitor; * becomes the id of each producer')
    .option('--output-channel <name>', 'channel to publish on; _ is pvapy:collector:<id>:output, * becomes the id')
    .option('--status-channel <name>', 'channel with statistics; _ is pvapy:collector:<id>:status')
    .option('--control-channel <name>', 'channel that takes commands; _ is pvapy:collector:<id>:control')
    .option('--collector-id <id>', 'id of this collector', consumerId, collectorDefaults.collectorId)
    .option('--producer-id-list <list>', 'ids of the producers: 1,2,5 or [4,7] or range(first,end[,step])', '1,2')
    .option('--id-format-spec <spec>', 'how ids are written in the names of channels, such as 03d');
}

function addOrderOptions(command: Command): void {
  const { collectorCacheSize, collectorCacheBytes, cacheTimeout, tilesPerId } = collectorDefaults;
  command
    .option(
      '--collector-cache-size <n>',
      'objects that are held to be put in order; -1: ten for each producer; at least one for each',
      wholeNumber,
      collectorCacheSize,
    )
    .option('--collector-cache-bytes <bytes>', 'memory that they may take', byteCount, collectorCacheBytes)
    .option(
      '--cache-on-full <policy>',
      'when it is full: wait holds back producers that are ahead of others, release lets the smallest ids go',
      oneOf(cachePolicies),
      collectorDefaults.cacheOnFull,
    )
    .option('--cache-timeout <s>', 'no object is held for longer', secondsFromZero, cacheTimeout)
    .option('--no-watermark', 'hold objects also when all producers have passed their id: they may send out of order')
    .option(
      '--tiles <n>',
      'objects that share an id and belong together; 0: any number',
      numberOption(0, true),
      tilesPerId,
    )
    .option('--oid-field <field>', 'field with the id by which objects are put in order', 'uniqueId')
    .option('--oid-offset <n>', 'how far ids are apart', numberOption(1, true), 1)
    .option('--field-request <fields>', 'fields to ask for, such as value,timeStamp; the id is added', '')
    .option('--skip-initial-updates <n>', 'updates of each producer that are not collected at first', wholeNumber, 1);
}
