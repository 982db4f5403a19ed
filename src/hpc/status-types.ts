import { structure, type TypeFields } from '../pva/pv-type.js';

/** A `time_t`, as normative types have it. */
export const timeType = structure({ secondsPastEpoch: 'long', nanoseconds: 'int', userTag: 'int' }, 'time_t');

const rateNames: Readonly<Record<string, string>> = {
  nReceived: 'receivedRate',
  nRejected: 'rejectedRate',
  nErrors: 'errorRate',
  nOverruns: 'overrunRate',
  nPublished: 'publishedRate',
  nProcessed: 'processedRate',
  nMissed: 'missedRate',
  nCollected: 'collectedRate',
};

/** pvaPy's counts, each with its rate: `counted('nMissed')` is `{ nMissed: 'uint', missedRate: 'double' }`. */
export function counted(...names: string[]): TypeFields {
  return Object.fromEntries(
    names.flatMap((name) => [[name, 'uint'] as const, [rateNames[name] as string, 'double'] as const]),
  );
}

/** pvaPy's queue statistics. */
export const queueTypes: TypeFields = { nReceived: 'uint', nRejected: 'uint', nDelivered: 'uint', nQueued: 'uint' };

/** pvaPy's processor statistics. */
export const processorTypes: TypeFields = {
  runtime: 'double',
  startTime: 'double',
  endTime: 'double',
  receivingTime: 'double',
  firstObjectTime: 'double',
  lastObjectTime: 'double',
  firstObjectId: 'uint',
  lastObjectId: 'uint',
  ...counted('nProcessed', 'nErrors', 'nMissed'),
};

/** pvaPy's counts are 32 bits wide: after 2^32 they begin again with 0. Negative ids become large, as in C. */
export function wrapCounts(part: object): Record<string, unknown> {
  const isCount = (name: string) => /^n[A-Z]|Id$/.test(name);
  const wrap = (name: string, value: unknown) => (typeof value === 'number' && isCount(name) ? value >>> 0 : value);
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, wrap(name, value)]));
}

/** A figure of a user's: a count that has outgrown its 32 bits begins again, too, and keeps no other figure from being seen. */
export function wrapFigure(value: unknown, type: unknown): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value)) return value;
  if (type === 'uint' && value >= 2 ** 32) return value >>> 0;
  return type === 'int' && value >= 2 ** 31 ? value | 0 : value;
}
