import { checkKeys } from '../core/check-keys.js';
import { badOption, checkInteger } from './options.js';
import type { PvRequestOptions } from './pv-request.js';

/**
 * What a monitor asks of the data distributor of its server, ours or pvaPy's
 * (https://github.com/epics-base/pvaPy, documentation/dataDistributorPlugin.md). The first client of a set decides on
 * `trigger`, `updates` and `mode`.
 */
export interface DistributorOptions {
  /** Name of the distributor; `pydistributor` if not given. */
  readonly plugin?: string | undefined;
  /** Clients that share the updates; the group `default` if not given. */
  readonly group?: string | undefined;
  /** Within the group, clients that work together; the set `default` if not given. */
  readonly set?: string | undefined;
  /**
   * Field by which updates are told apart. If not given, every update with a new `value`, `uniqueId` or `timeStamp` counts with
   * our servers, and every one with another `timeStamp` with pvaPy's.
   */
  readonly trigger?: string | undefined;
  /** Sequential updates of each turn; 1 if not given. */
  readonly updates?: number | undefined;
  /** Whether one client of a set gets an update, or all. `all` if a set is named, else `one`. */
  readonly mode?: 'one' | 'all' | undefined;
  /** How our servers call this client in their statistics; others ignore it. */
  readonly id?: string | undefined;
}

const PARAMETERS = ['group', 'set', 'trigger', 'updates', 'mode', 'id'] as const;

/** Throws PVAFLOW_OPTION naming what is wrong. */
export function checkDistributorOptions(options: DistributorOptions): void {
  distributorFieldOptions(options);
}

/** The options of `field(_[…])`. Throws PVAFLOW_OPTION naming what is wrong. */
export function distributorFieldOptions(options: DistributorOptions): PvRequestOptions {
  checkKeys('distributor', options, ['plugin', ...PARAMETERS]);
  checkInteger('distributor: updates', options.updates, 1, 999_999_999);
  if (options.mode !== undefined && !['one', 'all'].includes(options.mode)) {
    throw badOption(`distributor: mode must be one or all, found ${JSON.stringify(options.mode)}`);
  }
  const parameters = PARAMETERS.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`${name}:${checkedText(name, String(value))}`];
  });
  // A distributor without any parameter is one with its defaults; the option must say something to be sent.
  const text = parameters.length > 0 ? parameters.join(';') : 'group:default';
  return { [options.plugin ?? 'pydistributor']: text };
}

function checkedText(name: string, value: string): string {
  if (value !== '' && !/[;:,[\]\s]/.test(value)) return value;
  throw badOption(
    `distributor: ${name} ${JSON.stringify(value)} cannot be sent: spaces and ; : , [ ] have a meaning in requests`,
  );
}
