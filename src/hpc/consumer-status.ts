import { alarmType } from '../pva/normative/standard-fields.js';
import type { TypeFields } from '../pva/pv-type.js';
import type { ConsumerStats } from './consumer-stats.js';
import { metadataStatusTypes, metadataStatusValues } from './metadata/metadata-status.js';
import type { StatusHead } from './status-channel.js';
import { counted, processorTypes, queueTypes, wrapCounts, wrapFigure } from './status-types.js';

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

/** What became of a consumer before: it is started again after a crash when it is one of several. */
export interface RunHistory {
  readonly nRestarts: number;
  /** How the one before this ended; empty when there was none. */
  readonly lastExit: string;
}

export const firstRun: RunHistory = { nRestarts: 0, lastExit: '' };

/** What the status channel of a consumer begins with, and what holds in it for good. */
export function consumerHead(consumerId: number, inputChannel: string, history: RunHistory): StatusHead {
  return { types: { consumerId: 'uint', inputChannel: 'string' }, values: { consumerId, inputChannel, ...history } };
}

/** The types of the users' figures. */
export interface UserTypes {
  /** By the name of the stage. */
  readonly byStage: Readonly<Record<string, TypeFields>>;
  /** The stage whose figures are pvaPy's `userStats`. */
  readonly shownStage: string;
}

const stageFields: TypeFields = {
  nReceived: 'ulong',
  nProcessed: 'ulong',
  nFiltered: 'ulong',
  nRejected: 'ulong',
  nFailed: 'ulong',
  nInFlight: 'ulong',
  nQueued: 'ulong',
  nDropped: 'ulong',
  p50Ms: 'double',
  p99Ms: 'double',
};

const acquisitionTypes: TypeFields = {
  nAcquisitions: 'ulong',
  isComplete: 'boolean',
  message: 'string',
  nReceived: 'ulong',
  nMissed: 'ulong',
  nProcessed: 'ulong',
  nFailed: 'ulong',
  nRejected: 'ulong',
  nPublished: 'ulong',
  firstId: 'long',
  lastId: 'long',
  startTime: 'double',
  endTime: 'double',
  isFailed: 'boolean',
};

/** pvaPy's figures of a consumer, with its names, order and types. What is ours comes at the end. */
export function consumerTypes({ byStage, shownStage }: UserTypes, nMetadataChannels: number): TypeFields {
  const stages = Object.entries(byStage).map(
    ([name, types]) => [name, { ...stageFields, ...userStats(types) }] as const,
  );
  return {
    receiverStats: counted('nReceived', 'nRejected', 'nErrors', 'nOverruns'),
    publisherStats: counted('nPublished', 'nErrors'),
    queueStats: queueTypes,
    processorStats: processorTypes,
    ...userStats(byStage[shownStage]),
    ...metadataStatusTypes(nMetadataChannels),
    frameStats: Object.fromEntries(frameFields.map((field) => [field, 'ulong'])),
    stageStats: Object.fromEntries(stages),
    nRestarts: 'uint',
    lastExit: 'string',
    acquisitionStats: acquisitionTypes,
    inputAlarm: alarmType,
  };
}

/** The values of these figures; of the users', those that have a type. */
export function consumerValues(stats: ConsumerStats, { byStage, shownStage }: UserTypes): Record<string, unknown> {
  const { receiverStats, publisherStats, queueStats, processorStats, frameStats } = stats;
  const wrapped = Object.entries({ receiverStats, publisherStats, queueStats, processorStats }).map(
    ([name, part]) => [name, wrapCounts(part)] as const,
  );
  const stages = Object.entries(byStage).map(([name, types]) => {
    const { userStats: figures, ...rest } = stats.stageStats[name] ?? { userStats: {} };
    return [name, { ...rest, ...userStats(typed(figures, types)) }] as const;
  });
  return {
    ...Object.fromEntries(wrapped),
    ...userStats(typed(stats.userStats, byStage[shownStage])),
    ...metadataStatusValues(stats.metadataStats),
    frameStats,
    stageStats: Object.fromEntries(stages),
    acquisitionStats: stats.acquisitionStats,
    inputAlarm: stats.inputAlarm,
  };
}

function typed(figures: Readonly<Record<string, unknown>>, types: TypeFields = {}): Record<string, unknown> {
  const known = Object.entries(figures).filter(([key]) => key in types);
  return Object.fromEntries(known.map(([key, value]) => [key, wrapFigure(value, types[key])]));
}

/** A structure needs a field. */
function userStats<T extends object>(fields?: T): { userStats?: T } {
  return fields === undefined || Object.keys(fields).length === 0 ? {} : { userStats: fields };
}
