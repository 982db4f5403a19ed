import type { PipelineStats } from '../pipeline/pipeline.js';
import type { AcquisitionStats } from './acquisitions/acquisition-stats.js';
import type { InputAlarm } from './inputs/input-alarm.js';
import { receivingTimeOf, runtimeOf, type RunTimes } from './run-times.js';
import type { IdTracker } from './ids/id-tracker.js';
import type { ChannelStats } from './channel-stats.js';

/** Statistics in pvaPy's words and order, as the status channel and the reports show them. Times are in seconds since 1970. */
export interface ConsumerStats {
  receiverStats: {
    nReceived: number;
    receivedRate: number;
    nRejected: number;
    rejectedRate: number;
    nErrors: number;
    errorRate: number;
    nOverruns: number;
    overrunRate: number;
  };
  publisherStats: { nPublished: number; publishedRate: number; nErrors: number; errorRate: number };
  queueStats: { nReceived: number; nRejected: number; nDelivered: number; nQueued: number };
  processorStats: {
    runtime: number;
    startTime: number;
    endTime: number;
    receivingTime: number;
    firstObjectTime: number;
    lastObjectTime: number;
    firstObjectId: number;
    lastObjectId: number;
    nProcessed: number;
    processedRate: number;
    nErrors: number;
    errorRate: number;
    nMissed: number;
    missedRate: number;
  };
  userStats: Record<string, unknown>;
  /** Those of the metadata channels, in the order in which they were named. */
  metadataStats: readonly ChannelStats[];
  /** What pvaPy does not have: the account of every frame, and what the ids tell. */
  frameStats: FrameStats;
  /** The account of the acquisition that runs, or was complete last. */
  acquisitionStats: AcquisitionStats;
  /** INVALID when the input is not connected, or shows that its own source is not. */
  inputAlarm: InputAlarm;
  /** What each stage did, by its name. */
  stageStats: Record<string, StageStats>;
}

/**
 * What a stage did with the objects that it got; `nReceived = nProcessed + nFiltered + nRejected + nFailed + nInFlight`.
 */
export interface StageStats {
  nReceived: number;
  nProcessed: number;
  nFiltered: number;
  nRejected: number;
  nFailed: number;
  nInFlight: number;
  /** Those that wait in the queue in front of it, which it has not received; 0 where there is none. */
  nQueued: number;
  /** Those that this queue turned away or gave up because it was full; 0 where there is none. */
  nDropped: number;
  /** Milliseconds that half of them, and all but one in a hundred, did not exceed. */
  p50Ms: number;
  p99Ms: number;
  userStats: Record<string, unknown>;
}

/**
 * `nExpected = nReceived + nMissed`, `nReceived = nProcessed + nFiltered + nRejected + nFailed + nInFlight`. Skipped initial
 * updates are in none of them.
 */
export interface FrameStats {
  nExpected: number;
  nReceived: number;
  nProcessed: number;
  nFiltered: number;
  nRejected: number;
  nFailed: number;
  nInFlight: number;
  nMissed: number;
  nSkipped: number;
  nRepeated: number;
  nRewound: number;
  nRestarted: number;
  nWrapped: number;
  nLate: number;
  nOffPhase: number;
}

/** What the statistics are made of. */
export interface StatsInput {
  readonly pipeline: PipelineStats;
  readonly ids: IdTracker;
  readonly times: RunTimes;
  readonly receiver: { readonly errors: number; readonly overruns: number; readonly skipped: number };
  readonly publisher: { readonly published: number; readonly errors: number };
  /** Whether a receiver queue was asked for: without one pvaPy's queue statistics are zero. */
  readonly hasQueue: boolean;
  /** The figures of the processors, by the names of their stages. */
  readonly userStats: Record<string, Record<string, unknown>>;
  /** The stage whose figures are the user's. */
  readonly shownStage: string;
  readonly metadata: readonly ChannelStats[];
  readonly acquisition: AcquisitionStats;
  readonly inputAlarm: InputAlarm;
}

/** Puts the figures of the parts together. Rates are averages over the time in which objects came, as in pvaPy. */
export function consumerStats(input: StatsInput): ConsumerStats {
  const { pipeline, ids, times, receiver, publisher } = input;
  const receivingTime = receivingTimeOf(times);
  const rate = (count: number) => (receivingTime > 0 ? count / receivingTime : 0);
  const nProcessed = pipeline.processed + pipeline.filtered;
  return {
    receiverStats: {
      nReceived: pipeline.received,
      receivedRate: rate(pipeline.received),
      nRejected: pipeline.rejected,
      rejectedRate: rate(pipeline.rejected),
      nErrors: receiver.errors,
      errorRate: rate(receiver.errors),
      nOverruns: receiver.overruns,
      overrunRate: rate(receiver.overruns),
    },
    publisherStats: {
      nPublished: publisher.published,
      publishedRate: rate(publisher.published),
      nErrors: publisher.errors,
      errorRate: rate(publisher.errors),
    },
    queueStats: queueStats(input),
    processorStats: {
      runtime: runtimeOf(times),
      startTime: times.startTime,
      endTime: times.endTime,
      receivingTime,
      firstObjectTime: times.firstObjectTime,
      lastObjectTime: times.lastObjectTime,
      firstObjectId: ids.firstId ?? 0,
      lastObjectId: times.lastObjectId ?? 0,
      nProcessed,
      processedRate: rate(nProcessed),
      nErrors: pipeline.failed,
      errorRate: rate(pipeline.failed),
      nMissed: ids.missed,
      missedRate: rate(ids.missed),
    },
    userStats: input.userStats[input.shownStage] ?? {},
    metadataStats: input.metadata,
    frameStats: frameStats(pipeline, ids, receiver.skipped),
    acquisitionStats: input.acquisition,
    inputAlarm: input.inputAlarm,
    stageStats: stageStats(input),
  };
}

function queueStats({ hasQueue, pipeline: { queue } }: StatsInput): ConsumerStats['queueStats'] {
  if (!hasQueue) return { nReceived: 0, nRejected: 0, nDelivered: 0, nQueued: 0 };
  return { nReceived: queue.received, nRejected: queue.dropped, nDelivered: queue.delivered, nQueued: queue.length };
}

function frameStats(pipeline: PipelineStats, ids: IdTracker, skipped: number): FrameStats {
  return {
    nExpected: pipeline.received + ids.missed,
    nReceived: pipeline.received,
    nProcessed: pipeline.processed,
    nFiltered: pipeline.filtered,
    nRejected: pipeline.rejected,
    nFailed: pipeline.failed,
    nInFlight: pipeline.inFlight,
    nMissed: ids.missed,
    nSkipped: skipped,
    nRepeated: ids.repeated,
    nRewound: ids.rewound,
    nRestarted: ids.restarted,
    nWrapped: ids.wrapped,
    nLate: ids.late,
    nOffPhase: ids.offPhase,
  };
}

function stageStats({ pipeline, userStats }: StatsInput): Record<string, StageStats> {
  const edgeOf = (name: string) => pipeline.edges.find((edge) => edge.name === name);
  const figures = pipeline.stages.map((stage) => ({
    nReceived: stage.received,
    nProcessed: stage.processed,
    nFiltered: stage.filtered,
    nRejected: stage.rejected,
    nFailed: stage.failed,
    nInFlight: stage.inFlight,
    nQueued: edgeOf(stage.name)?.length ?? 0,
    nDropped: edgeOf(stage.name)?.dropped ?? 0,
    p50Ms: stage.p50Ms,
    p99Ms: stage.p99Ms,
    userStats: userStats[stage.name] ?? {},
  }));
  return Object.fromEntries(pipeline.stages.map(({ name }, at) => [name, figures[at] as StageStats]));
}
