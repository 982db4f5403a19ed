import type { Command } from 'commander';
import type { Override } from '../core/schema/configuration.js';
import type { ConfigDocument } from '../core/schema/document.js';
import { isMapping, type Given } from './given-options.js';
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

/** A part of a stream is asked for when an option says which. */
export function distributorOverrides(
  given: Given<DistributorCliOptions>,
  document: ConfigDocument | undefined,
): Override[] {
  const deciding = (['distributorGroup', 'distributorSet', 'distributorTrigger', 'distributorUpdates'] as const).some(
    (name) => given.has(name),
  );
  const sets = given.value('nDistributorSets') ?? 1;
  if (!deciding && sets === 1 && !isMapping(document, ['distribute'])) return [];
  return given.overrides({
    distributorPluginName: { path: ['distribute', 'plugin'] },
    distributorGroup: { path: ['distribute', 'group'] },
    distributorSet: { path: ['distribute', 'set'] },
    distributorTrigger: { path: ['distribute', 'trigger'] },
    distributorUpdates: { path: ['distribute', 'updates'] },
    nDistributorSets: { path: ['distribute', 'sets'] },
  });
}
