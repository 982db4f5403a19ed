import { PvaflowError } from './errors.js';
import { nearestName } from './nearest-name.js';

/**
 * Refuses keys that options do not have. Throws PVAFLOW_OPTION naming the key and the nearest known one; `what` says whose
 * options they are.
 */
export function checkKeys(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    const all = known.length > 0 ? `It has ${known.join(', ')}.` : 'It has none.';
    const hint = nearest === undefined ? all : `Did you mean ${nearest}?`;
    throw new PvaflowError('PVAFLOW_OPTION', `${what} has no option ${key}. ${hint}`);
  }
}
