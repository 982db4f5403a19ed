import { counter, gauge, type Labels, type Metric, type MetricReading } from '../core/metrics/metric.js';
import { QUEUE_FULL } from './bounded-queue.js';
import type { PipelineStats } from './pipeline.js';

const received = counter('frames_received', 'Events that came in.');
const processed = counter('frames_processed', 'Events that went through all stages.');
const filtered = counter('frames_filtered', 'Events that a stage did not hand on, as it wanted it.');
const rejected = counter('frames_rejected', 'Events that were turned away, by reason.');
const failed = counter('frames_failed', 'Events on which a stage failed, by cause.');
const inFlight = gauge('frames_in_flight', 'Events that came in and are not done with.');
const queueFrames = gauge('queue_frames', 'Events in the queue in front of the first stage.');
const queueBytes = gauge('queue_bytes', 'Bytes that these events hold.');
const queueLimit = gauge('queue_limit_frames', 'Events that this queue holds at most.');
const waited = counter('output_waited_seconds', 'Time for which the output held the stages back.');
const stageEvents = counter('stage_frames', 'Events that a stage has done with, by what became of them.');
const stageInFlight = gauge('stage_frames_in_flight', 'Events that are in a stage.');
const edgeFrames = gauge('edge_frames', 'Events in the queue in front of a stage behind others.');
const edgeBytes = gauge('edge_bytes', 'Bytes that these events hold.');
const edgeLimit = gauge('edge_limit_frames', 'Events that this queue holds at most.');
const edgeDropped = counter('edge_dropped', 'Events that this queue turned away or gave up because it was full.');
const throttleOn = gauge('throttle_on', 'Whether a throttle holds the sources back: 1 or 0.');
const throttleSeconds = counter('throttle_seconds', 'Time for which a throttle held the sources back.');
const stageSeconds: Metric = {
  name: 'pvaflow_stage_seconds',
  help: 'Time that a stage took for an event; one event in eight is timed.',
  type: 'summary',
};

/** The figures of a pipeline in the words of Prometheus. `labels` tell which pipeline it is. */
export function* pipelineReadings(stats: PipelineStats, labels: Labels): Iterable<MetricReading> {
  yield { metric: received, value: stats.received, labels };
  yield { metric: processed, value: stats.processed, labels };
  yield { metric: filtered, value: stats.filtered, labels };
  // What is there from the beginning, with 0, can be seen to grow.
  for (const [reason, value] of Object.entries({ [QUEUE_FULL]: 0, ...stats.rejectedBy }))
    yield { metric: rejected, value, labels: { ...labels, reason } };
  for (const [cause, value] of Object.entries(stats.failedBy))
    yield { metric: failed, value, labels: { ...labels, cause } };
  yield { metric: inFlight, value: stats.inFlight, labels };
  yield { metric: queueFrames, value: stats.queue.length, labels };
  yield { metric: queueBytes, value: stats.queue.bytes, labels };
  yield { metric: queueLimit, value: stats.queue.limit, labels };
  yield { metric: waited, value: stats.waitedMs / 1000, labels };
  for (const stage of stats.stages) yield* stageReadings(stage, { ...labels, stage: stage.name });
  for (const edge of stats.edges) yield* edgeReadings(edge, { ...labels, stage: edge.name });
  for (const [throttle, { isOn, ms }] of Object.entries(stats.throttles)) {
    yield { metric: throttleOn, value: isOn ? 1 : 0, labels: { ...labels, throttle } };
    yield { metric: throttleSeconds, value: ms / 1000, labels: { ...labels, throttle } };
  }
}

function* stageReadings(stage: PipelineStats['stages'][number], labels: Labels): Iterable<MetricReading> {
  for (const outcome of ['processed', 'filtered', 'rejected', 'failed'] as const)
    yield { metric: stageEvents, value: stage[outcome], labels: { ...labels, outcome } };
  yield { metric: stageInFlight, value: stage.inFlight, labels };
  yield { metric: stageSeconds, value: stage.p50Ms / 1000, labels: { ...labels, quantile: '0.5' } };
  yield { metric: stageSeconds, value: stage.p99Ms / 1000, labels: { ...labels, quantile: '0.99' } };
}

function* edgeReadings(edge: PipelineStats['edges'][number], labels: Labels): Iterable<MetricReading> {
  yield { metric: edgeFrames, value: edge.length, labels };
  yield { metric: edgeBytes, value: edge.bytes, labels };
  yield { metric: edgeLimit, value: edge.limit, labels };
  yield { metric: edgeDropped, value: edge.dropped, labels };
}
