import { PvaflowError } from '../core/errors.js';

/** An error about an option that a user gave. */
export function badOption(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_OPTION', message);
}

/** Refuses what is no whole number from `least` to `most`; undefined passes. */
export function checkInteger(what: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw badOption(`${what} must be a whole number ${range}, found ${JSON.stringify(value)}`);
}

/** Refuses what is no number of seconds above 0; undefined passes. */
export function checkSeconds(what: string, value: unknown): void {
  if (value === undefined || (typeof value === 'number' && value > 0)) return;
  throw badOption(`${what} must be a number of seconds above 0, found ${JSON.stringify(value)}`);
}
