import { InvalidArgumentError, type Command } from 'commander';
import { messageOf } from '../../core/errors.js';
import { splitterReportParts, type SplitterReportPart } from '../../hpc/schema/splitter-schema.js';
import type { OutputOnFull } from '../../hpc/outputs/output.js';
import { onFullPolicies } from '../../pipeline/bounded-queue.js';
import { splitterDefaults } from '../../hpc/splitter/splitter-config.js';
import { parseTileLayout } from '../../image/tile-grid.js';
import { consumerId, oneOf, positiveWholeNumber } from '../option-values.js';
import { addSingleInputOptions, type SingleInputCliOptions } from '../single-input.js';
import { addStreamOptions, addStreamShortOptions } from '../stream-options.js';

/** The options of `pvaflow splitter` as they were given. */
export interface SplitterOptions extends SingleInputCliOptions<SplitterReportPart> {
  splitterId: number;
  nOutputs?: number;
  outputIdList?: string;
  outputPolicies?: readonly OutputOnFull[];
  sequentialUpdates?: number;
  hash?: string;
  tiles?: string;
}

/** The options of `pvaflow splitter`, in both spellings where the other commands have them. */
export function addSplitterOptions(command: Command): void {
  addChannelOptions(command);
  addRuleOptions(command);
  addSingleInputOptions(command);
  addStreamOptions(command, {
    kind: 'splitter',
    receiverQueue: 'queue in front of the processor; -1: none, 0: any number',
    reportParts: splitterReportParts,
  });
  addStreamShortOptions(command, { id: 'splitter-id', no: 'n-outputs', su: 'sequential-updates' });
}

function addChannelOptions(command: Command): void {
  command
    .option('--input-channel <name>', 'channel to monitor; * becomes the id of the splitter')
    .option(
      '--output-channel <name>',
      'channels to publish on; * becomes the id of each output, _ is pvapy:splitter:<id>:output:*',
    )
    .option('--n-outputs <n>', 'number of outputs, with the ids 1, 2 …; 2, or one for each tile', positiveWholeNumber)
    .option('--output-id-list <list>', 'ids of the outputs: 1,2,5 or [4,7] or range(first,end[,step])')
    .option(
      '--output-policies <list>',
      'a policy for each output, in place of one for all: wait (holds back all), dropOldest, dropNewest',
      policies,
    )
    .option('--splitter-id <id>', 'id of this splitter', consumerId, splitterDefaults.splitterId);
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

function policies(text: string): OutputOnFull[] {
  return text.split(',').map((each) => oneOf<OutputOnFull>(onFullPolicies)(each.trim()));
}

function tileLayout(text: string): string {
  try {
    parseTileLayout(text);
    return text.trim();
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
