import { PvObject } from '../pva/pv-object.js';
import { PvType, structure, type TypeFields } from '../pva/pv-type.js';
import type { PvaChannel } from '../pva/channel.js';
import type { PvaServer } from '../pva/server.js';
import { PvTimeStamp } from '../pva/time-stamp.js';
import type { ConsumerStats } from './consumer-stats.js';

/** A `time_t`, as normative types have it. */
export const timeType = structure({ secondsPastEpoch: 'long', nanoseconds: 'int', userTag: 'int' }, 'time_t');

/** pvaPy's fields, with its names, order and types. What is ours comes at the end. */
export function statusType(userTypes: TypeFields): PvType {
  return new PvType({
    consumerId: 'uint',
    inputChannel: 'string',
    objectId: 'uint',
    objectTime: 'double',
    objectTimestamp: timeType,
    receiverStats: {
      ...counted('nReceived'),
      ...counted('nRejected'),
      ...counted('nErrors'),
      ...counted('nOverruns'),
    },
    publisherStats: { ...counted('nPublished'), ...counted('nErrors') },
    queueStats: { nReceived: 'uint', nRejected: 'uint', nDelivered: 'uint', nQueued: 'uint' },
    processorStats: processorTypes,
    ...(Object.keys(userTypes).length > 0 ? { userStats: userTypes } : {}),
    frameStats: Object.fromEntries(frameFields.map((field) => [field, 'ulong'])),
  });
}

const rateNames: Readonly<Record<string, string>> = {
  nReceived: 'receivedRate',
  nRejected: 'rejectedRate',
  nErrors: 'errorRate',
  nOverruns: 'overrunRate',
  nPublished: 'publishedRate',
  nProcessed: 'processedRate',
  nMissed: 'missedRate',
};

function counted(name: string): TypeFields {
  return { [name]: 'uint', [rateNames[name] as string]: 'double' };
}

const processorTypes: TypeFields = {
  runtime: 'double',
  startTime: 'double',
  endTime: 'double',
  receivingTime: 'double',
  firstObjectTime: 'double',
  lastObjectTime: 'double',
  firstObjectId: 'uint',
  lastObjectId: 'uint',
  ...counted('nProcessed'),
  ...counted('nErrors'),
  ...counted('nMissed'),
};

const frameFields = [
  'nExpected',
  'nReceived',
  'nProcessed',
  'nFiltered',
  'nRejected',
  'nFailed',
  'nInFlight',
  'nMissed',
  'nSkipped',
  'nRepeated',
  'nRewound',
  'nRestarted',
  'nWrapped',
  'nLate',
  'nOffPhase',
] as const;

/** The channel on which a consumer says how it does. */
export class StatusChannel {
  readonly channel: PvaChannel;
  readonly #userFields: ReadonlySet<string>;
  #updates = 0;

  constructor(
    server: PvaServer,
    readonly name: string,
    readonly consumerId: number,
    readonly inputChannel: string,
    userTypes: TypeFields,
  ) {
    this.#userFields = new Set(Object.keys(userTypes));
    const first = new PvObject(statusType(userTypes), { consumerId });
    this.channel = server.addChannel(name, first, { onFull: 'dropOldest' });
  }

  /**
   * Publishes these figures.
   *
   * @throws when a user's figure does not fit the type that the user gave
   */
  update(stats: ConsumerStats): void {
    const now = PvTimeStamp.now();
    this.#updates += 1;
    const value = {
      consumerId: this.consumerId,
      inputChannel: this.inputChannel,
      objectId: this.#updates >>> 0,
      objectTime: now.seconds,
      objectTimestamp: now.toFields(),
      ...wrapCounts(stats),
      frameStats: stats.frameStats,
      ...this.#userStats(stats),
    };
    void this.channel.post(value); // its ring drops: nobody waits for figures
  }

  /** Only what has a type can be published. */
  #userStats({ userStats }: ConsumerStats): { userStats?: Record<string, unknown> } {
    if (this.#userFields.size === 0) return {};
    return { userStats: Object.fromEntries(Object.entries(userStats).filter(([key]) => this.#userFields.has(key))) };
  }
}

/** pvaPy's counts are 32 bits wide: after 2^32 they begin again with 0. Negative ids become large, as in C. */
function wrapCounts(stats: ConsumerStats): Record<string, Record<string, number>> {
  const { receiverStats, publisherStats, queueStats, processorStats } = stats;
  const parts = { receiverStats, publisherStats, queueStats, processorStats };
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, wrapPart(part)]));
}

function wrapPart(part: Readonly<Record<string, number>>): Record<string, number> {
  const isCount = (name: string) => name.startsWith('n') || name.endsWith('Id');
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, isCount(name) ? value >>> 0 : value]));
}
