import { badOption } from './options.js';

export const onFullNames = ['wait', 'dropOldest', 'dropNewest'] as const;

/**
 * What happens to an update that finds a queue full: with `wait` the sender waits and nothing is lost, the others drop an
 * update and count it.
 */
export type OnFull = (typeof onFullNames)[number];

/** Refuses what is no policy; undefined passes. */
export function checkOnFull(what: string, value: unknown): void {
  if (value === undefined || onFullNames.includes(value as OnFull)) return;
  throw badOption(`${what} must be one of ${onFullNames.join(', ')}, found ${JSON.stringify(value)}`);
}
