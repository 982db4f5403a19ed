import type { Command } from 'commander';
import type { DistributorOptions } from '../pva/distributor-options.js';
import { usageError } from './exit.js';
import { positiveWholeNumber } from './option-values.js';

/** The options of a client of a data distributor, as they were given. */
export interface DistributorCliOptions {
  distributorPluginName: string;
  distributorGroup?: string;
  distributorSet?: string;
  distributorTrigger?: string;
  distributorUpdates?: number;
  nDistributorSets: number;
}

export function addDistributorOptions(command: Command): void {
  command
    .option('--distributor-plugin-name <name>', 'name of the distributor of the server', 'pydistributor')
    .option('--distributor-group <name>', 'group of clients that share the updates')
    .option('--distributor-set <name>', 'set within the group whose clients get the same')
    .option('--distributor-trigger <field>', 'field that tells updates apart')
    .option('--distributor-updates <n>', 'sequential updates of each turn', positiveWholeNumber)
    .option('--n-distributor-sets <n>', 'number of sets', positiveWholeNumber, 1);
}

/** What is asked of the distributor, in the name of consumer `id`; nothing without an option that asks for one. */
export function distributorOf(options: DistributorCliOptions, id: number): DistributorOptions | undefined {
  const { distributorGroup: group, distributorSet: set, distributorTrigger: trigger } = options;
  const updates = options.distributorUpdates;
  if (options.nDistributorSets > 1 && set === undefined) {
    throw usageError('--n-distributor-sets: of several sets this consumer belongs to one; add --distributor-set');
  }
  if ([group, set, trigger, updates].every((each) => each === undefined)) return undefined;
  return { plugin: options.distributorPluginName, group, set, trigger, updates, id: `consumer-${id}` };
}
