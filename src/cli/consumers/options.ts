import type { Command } from 'commander';
import { wholeNumber } from '../option-values.js';

/** The options that make several consumers of one. */
export interface ConsumersCliOptions {
  readonly consumerId: number;
  readonly nConsumers: number;
  readonly consumerIdList?: string;
  readonly threads?: true;
  readonly maxRestarts: number;
}

export function addConsumersOptions(command: Command): void {
  command
    .option('--threads', 'several consumers as threads of one process, instead of a process each')
    .option(
      '--max-restarts <n>',
      'one of several consumers that crashes is started again; give it up after so many times in an hour; -1: never',
      wholeNumber,
      -1,
    );
}
