import { counter, gauge, type Labels, type MetricReading } from '../../core/metrics/metric.js';
import type { MeasuredPart } from '../../core/metrics/registry.js';
import { consumerReadings } from '../consumer-metrics.js';
import type { CollectorSnapshot } from './collector.js';
import { releaseReasons } from './ordering-options.js';

const cached = gauge('collector_cached', 'Objects that are held to be put in order.');
const cachedBytes = gauge('collector_cached_bytes', 'Bytes of the objects that are held to be put in order.');
const released = counter('collector_released', 'Objects that left the cache, by what made them leave.');
const received = counter('collector_producer_received', 'Objects that came, by producer.');
const connected = gauge('collector_producer_connected', 'Whether the channel of a producer is connected: 1 or 0.');

/** What a collector tells of itself. */
export interface MeasuredCollector {
  snapshot(): CollectorSnapshot;
  notReady(): string | undefined;
}

/** A collector's figures for the registry, labelled with its id. */
export function collectorMetrics(collectorId: number, collector: MeasuredCollector): MeasuredPart {
  const labels = { collector: String(collectorId) };
  return {
    readings: () => collectorReadings(collector.snapshot(), labels),
    notReady: () => collector.notReady(),
  };
}

/** The figures of a snapshot in the words of Prometheus. */
function* collectorReadings(snapshot: CollectorSnapshot, labels: Labels): Iterable<MetricReading> {
  const { orderStats, producerStats } = snapshot.stats;
  yield* consumerReadings(snapshot, labels);
  yield { metric: cached, value: orderStats.nCached, labels };
  yield { metric: cachedBytes, value: orderStats.cachedBytes, labels };
  for (const reason of releaseReasons) {
    const field = `nBy${reason.charAt(0).toUpperCase()}${reason.slice(1)}` as keyof typeof orderStats;
    yield { metric: released, value: orderStats[field], labels: { ...labels, reason } };
  }
  for (const { producerId, receiverStats } of producerStats) {
    const ofProducer = { ...labels, producer: String(producerId) };
    yield { metric: received, value: receiverStats.nReceived, labels: ofProducer };
    yield { metric: connected, value: snapshot.connected.includes(producerId) ? 1 : 0, labels: ofProducer };
  }
}
