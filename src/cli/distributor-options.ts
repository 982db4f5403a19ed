import type { Command } from 'commander';
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
