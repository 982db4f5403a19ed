import { counter, gauge, type MetricReading } from '../../core/metrics/metric.js';
import type { MeasuredPart } from '../../core/metrics/registry.js';
import { pipelineReadings } from '../../pipeline/pipeline-metrics.js';
import type { MirrorServer } from './mirror-server.js';
import type { MirroredChannel } from './mirrored-channel.js';

const received = counter('mirror_received', 'Updates that came from the source.');
const overruns = counter(
  'mirror_overruns',
  'Updates that were lost between the source and the mirror, as far as it tells.',
);
const missing = gauge('mirror_missing', 'Frames that never came, by their ids.');
const published = counter('mirror_published', 'Updates that were published.');
const errors = counter('mirror_errors', 'Updates that could not be published.');
const dropped = counter('mirror_dropped', 'Updates that slow subscribers lost by the policy.');
const losses = counter('mirror_losses', 'How often the source went away.');
const subscribers = gauge('mirror_subscribers', 'Subscribers of the mirror.');
const connected = gauge('mirror_connected', 'Whether the source is there: 1 or 0.');

/** The figures of a mirror server for the registry; it is ready when all sources are there. */
export function mirrorMetrics(server: MirrorServer): MeasuredPart {
  return {
    readings: () => server.channels.flatMap((channel) => [...readings(channel)]),
    notReady: () => server.notReady(),
  };
}

function* readings(channel: MirroredChannel): Iterable<MetricReading> {
  const labels = { mirror: channel.name };
  const figures = channel.figures();
  yield* pipelineReadings(channel.pipelineStats(), labels);
  yield { metric: received, value: figures.nReceived, labels };
  yield { metric: overruns, value: figures.nOverruns, labels };
  yield { metric: missing, value: figures.nMissed, labels };
  yield { metric: published, value: figures.nPublished, labels };
  yield { metric: errors, value: figures.nErrors, labels };
  yield { metric: dropped, value: figures.nDropped, labels };
  yield { metric: losses, value: figures.nLosses, labels };
  yield { metric: subscribers, value: figures.subscribers, labels };
  yield { metric: connected, value: figures.isConnected ? 1 : 0, labels };
}
