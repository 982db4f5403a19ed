import type { Command } from 'commander';
import { collectorDefaults } from '../../hpc/collector/collector-config.js';
import { cachePolicies, type CachePolicy } from '../../hpc/collector/ordering-options.js';
import { collectorReportParts, type CollectorReportPart } from '../../hpc/schema/collector-schema.js';
import { byteCount, consumerId, numberOption, oneOf, secondsFromZero, wholeNumber } from '../option-values.js';
import { addPassOnOption } from '../processor-options.js';
import { addStreamOptions, addStreamShortOptions, type StreamCliOptions } from '../stream-options.js';

/** The options of `pvaflow collector` as they were given. */
export interface CollectorOptions extends StreamCliOptions<CollectorReportPart> {
  collectorId: number;
  producerIdList: string;
  collectorCacheSize: number;
  collectorCacheBytes: number;
  cacheOnFull: CachePolicy;
  cacheTimeout: number;
  watermark: boolean;
  tiles: number;
}

/** All options of pvaPy's collector, in both spellings, and ours. */
export function addCollectorOptions(command: Command): void {
  addChannelOptions(command);
  addOrderOptions(command);
  addStreamOptions(command, {
    kind: 'collector',
    receiverQueue:
      'queue of each producer in front of the cache; -1: none, 0: any number; else ten times the cache at least',
    reportParts: collectorReportParts,
  });
  addPassOnOption(command);
  addStreamShortOptions(command, { id: 'collector-id', pid: 'producer-id-list', ccs: 'collector-cache-size' });
}

function addChannelOptions(command: Command): void {
  command
    .option('--input-channel <name>', 'channels to monitor; * becomes the id of each producer')
    .option('--output-channel <name>', 'channel to publish on; _ is pvapy:collector:<id>:output, * becomes the id')
    .option('--collector-id <id>', 'id of this collector', consumerId, collectorDefaults.collectorId)
    .option('--producer-id-list <list>', 'ids of the producers: 1,2,5 or [4,7] or range(first,end[,step])', '1,2');
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
    .option('--skip-initial-updates <n>', 'updates of each producer that are not collected at first', wholeNumber, 1);
}
