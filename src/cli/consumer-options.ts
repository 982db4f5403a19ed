import type { Command } from 'commander';
import { reportParts, type ReportPart } from '../hpc/schema/run-schema.js';
import { addConsumersOptions, type ConsumersCliOptions } from './consumers/options.js';
import { addPassOnOption } from './processor-options.js';
import { addSingleInputOptions, type SingleInputCliOptions } from './single-input.js';
import { addStreamOptions, addStreamShortOptions } from './stream-options.js';

/** The options of `pvaflow consumer` as they were given. */
export interface ConsumerOptions extends ConsumersCliOptions, SingleInputCliOptions<ReportPart> {}

/** All options of pvaPy's consumer, in both spellings, and ours. */
export function addConsumerOptions(command: Command): void {
  command
    .option('--input-channel <name>', 'channel to monitor; * becomes the id')
    .option('--output-channel <name>', 'channel to publish on; _ is pvapy:consumer:<id>:output, * becomes the id');
  addConsumersOptions(command);
  addSingleInputOptions(command);
  addStreamOptions(command, {
    kind: 'consumer',
    receiverQueue: 'queue in front of the processor; -1: none, 0: any number',
    reportParts,
  });
  addPassOnOption(command);
  addStreamShortOptions(command, { id: 'consumer-id', nc: 'n-consumers', cid: 'consumer-id-list' });
}
