import type { Command } from 'commander';
import { parseIdList } from '../../hpc/channel-names.js';
import type { OptionPlaces } from '../given-options.js';
import { consumerId, positiveWholeNumber, secondsFromZero, wholeNumber } from '../option-values.js';

/** The options that make several consumers of one. */
export interface ConsumersCliOptions {
  readonly consumerId: number;
  readonly nConsumers: number;
  readonly consumerIdList?: string;
  readonly threads?: true;
  readonly maxRestarts: number;
  readonly stallTimeout: number;
}

/** The settings that they stand for. */
export const consumersPlaces: OptionPlaces<ConsumersCliOptions> = {
  consumerId: { path: ['id'] },
  nConsumers: { path: ['consumers'] },
  consumerIdList: { path: ['ids'], read: parseIdList },
  threads: { path: ['threads'] },
  stallTimeout: { path: ['stallTimeout'] },
  maxRestarts: { path: ['maxRestarts'], read: (value: number) => Math.max(-1, value) },
};

export function addConsumersOptions(command: Command): void {
  command
    .option('--consumer-id <id>', 'id of this consumer, of the first of several', consumerId, 1)
    .option('--n-consumers <n>', 'number of consumers, each a process of its own', positiveWholeNumber, 1)
    .option('--consumer-id-list <list>', '1,2,5 or [4,7] or range(first,end[,step]); instead of the two above')
    .option('--threads', 'several consumers as threads of one process, instead of a process each')
    .option(
      '--max-restarts <n>',
      'one of several consumers that crashes is started again; give it up after so many times in an hour; -1: never',
      wholeNumber,
      -1,
    )
    .option(
      '--stall-timeout <s>',
      'a consumer whose event loop or processor is stuck for so long is killed and started again; 0: never',
      secondsFromZero,
      0,
    );
}
