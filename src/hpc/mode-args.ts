import { checkKeys } from '../core/check-keys.js';
import { PvaflowError } from '../core/errors.js';

/** What an argument of a mode holds: a whole number from 1 on, or a text. */
export type ArgType = 'count' | 'text';

/**
 * Checks the arguments of a mode (`--input-args`, `--output-args`).
 *
 * @throws {PvaflowError} PVAFLOW_OPTION naming a key that the mode does not have, and the nearest; PVAFLOW_CONFIG for a value
 */
export function checkModeArgs(
  mode: string,
  args: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, ArgType>>,
): void {
  checkKeys(mode, args, Object.keys(types));
  for (const [key, value] of Object.entries(args)) {
    const isRight = types[key] === 'count' ? Number.isSafeInteger(value) && Number(value) > 0 : isText(value);
    if (isRight) continue;
    const wanted = types[key] === 'count' ? 'a whole number from 1 on' : 'a text';
    throw new PvaflowError('PVAFLOW_CONFIG', `${mode}: ${key} must be ${wanted}, not ${JSON.stringify(value)}`);
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
