import type { Command } from 'commander';
import { parseIdList } from '../../hpc/channel-names.js';
import { usageError } from '../exit.js';
import { MAX_ID, wholeNumber } from '../option-values.js';

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

/**
 * The ids of the consumers that are asked for, in this order.
 *
 * @throws {PvaflowError} PVAFLOW_ID_LIST for what is no list of ids, PVAFLOW_USAGE for ids that no consumers can have
 */
export function consumerIds({ consumerId, nConsumers, consumerIdList }: ConsumersCliOptions): number[] {
  const ids =
    consumerIdList === undefined
      ? Array.from({ length: nConsumers }, (_, at) => consumerId + at)
      : parseIdList(consumerIdList);
  const wrong = ids.find((id) => id < 0 || id > MAX_ID);
  if (wrong !== undefined) throw usageError(`the id ${wrong} of a consumer is not from 0 to ${MAX_ID}`);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw usageError(`the id ${twice} is given to two consumers`);
  return ids;
}
