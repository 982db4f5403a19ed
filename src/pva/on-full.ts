import { badOption } from './options.js';

const POLICIES = ['wait', 'dropOldest', 'dropNewest'] as const;

/**
 * What happens to an update that finds a queue full: with `wait` the sender waits and nothing is lost, the others drop an
 * update and count it.
 */
export type OnFull = (typeof POLICIES)[number];

/** Refuses what is no policy; undefined passes. */
export function checkOnFull(what: string, value: unknown): void {
  if (value === undefined || POLICIES.includes(value as OnFull)) return;
  throw badOption(`${what} must be one of ${POLICIES.join(', ')}, found ${JSON.stringify(value)}`);
}
