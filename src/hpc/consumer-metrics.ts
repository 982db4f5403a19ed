import { counter, gauge, type Labels, type MetricReading } from '../core/metrics/metric.js';
import type { MeasuredPart } from '../core/metrics/registry.js';
import { pipelineReadings } from '../pipeline/pipeline-metrics.js';
import type { ChannelStats } from './channel-stats.js';
import type { ConsumerSnapshot } from './consumer.js';

const missed = counter('frames_missed', 'Frames that had not come when a later one came, as their ids tell.');
const missing = gauge('frames_missing', 'Of the missed frames, those that have not come late either.');
const published = counter('frames_published', 'Objects published on the output channel.');
const notPublished = counter('publish_errors', 'Objects that could not be published.');
const subscribers = gauge('output_subscribers', 'Subscribers of the output channel.');
const irregular = counter('ids_irregular', 'Ids that did not follow the one before, by kind.');
const connected = gauge('input_connected', 'Whether the input channel is connected: 1 or 0.');
const inputBytes = counter('input_bytes', 'Bytes that came from the input channel.');
const overruns = counter(
  'input_overruns',
  'Updates that the server of the input, or the client library, squashed or could not send.',
);
const inputErrors = counter('input_errors', 'Errors of the input channel.');
const lastFrame = gauge('last_frame_timestamp_seconds', 'When the last frame was processed, in seconds since 1970.');
const lastId = gauge('last_frame_id', 'Id of the last frame that was processed.');
const metadataReceived = counter('metadata_received', 'Updates that came from a metadata channel.');
const metadataDropped = counter('metadata_dropped', 'Updates of a metadata channel that no processor took in time.');
const metadataQueued = gauge('metadata_queued', 'Updates of a metadata channel that wait for processors.');
const metadataOverruns = counter('metadata_overruns', 'Updates of a metadata channel that were lost on the way.');
const userFigure = gauge('user', 'Figures of the processor itself, by name.');

/** What a consumer tells of itself, whatever runs it. */
export interface Measured {
  snapshot(): ConsumerSnapshot;
  notReady(): string | undefined;
}

/** A consumer's figures for the registry, labelled with its id, and with what else tells it from others. */
export function consumerMetrics(consumerId: number, consumer: Measured, others: Labels = {}): MeasuredPart {
  const labels = { consumer: String(consumerId), ...others };
  return {
    readings: () => consumerReadings(consumer.snapshot(), labels),
    notReady: () => consumer.notReady(),
  };
}

/** The figures of a snapshot in the words of Prometheus. */
export function* consumerReadings(snapshot: ConsumerSnapshot, labels: Labels): Iterable<MetricReading> {
  const { stats, pipeline, input } = snapshot;
  const { receiverStats, publisherStats, processorStats, frameStats } = stats;
  yield* pipelineReadings(pipeline, labels);
  yield { metric: missed, value: snapshot.everMissed, labels };
  yield { metric: missing, value: frameStats.nMissed, labels };
  yield { metric: published, value: publisherStats.nPublished, labels };
  yield { metric: notPublished, value: publisherStats.nErrors, labels };
  yield { metric: subscribers, value: snapshot.subscribers, labels };
  for (const kind of ['Repeated', 'Rewound', 'Restarted', 'Wrapped', 'Late', 'OffPhase'] as const)
    yield { metric: irregular, value: frameStats[`n${kind}`], labels: { ...labels, kind: kindNames[kind] } };
  yield { metric: connected, value: snapshot.isConnected ? 1 : 0, labels };
  yield { metric: inputBytes, value: input.bytes, labels };
  yield { metric: overruns, value: receiverStats.nOverruns, labels };
  yield { metric: inputErrors, value: receiverStats.nErrors, labels };
  yield { metric: lastFrame, value: processorStats.lastObjectTime, labels };
  yield { metric: lastId, value: processorStats.lastObjectId, labels };
  for (const channel of stats.metadataStats) yield* metadataReadings(channel, labels);
  for (const [name, value] of Object.entries(stats.userStats))
    if (typeof value === 'number' || typeof value === 'bigint')
      yield { metric: userFigure, value: Number(value), labels: { ...labels, name } };
}

function* metadataReadings({ channel, receiverStats, queueStats }: ChannelStats, of: Labels): Iterable<MetricReading> {
  const labels = { ...of, channel };
  yield { metric: metadataReceived, value: receiverStats.nReceived, labels };
  yield { metric: metadataDropped, value: receiverStats.nRejected, labels };
  yield { metric: metadataQueued, value: queueStats.nQueued, labels };
  yield { metric: metadataOverruns, value: receiverStats.nOverruns, labels };
}

const kindNames = {
  Repeated: 'repeated',
  Rewound: 'rewound',
  Restarted: 'restarted',
  Wrapped: 'wrapped',
  Late: 'late',
  OffPhase: 'off_phase',
} as const;
