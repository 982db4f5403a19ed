import { counter, gauge, type Labels, type MetricReading } from '../../core/metrics/metric.js';
import type { MeasuredPart } from '../../core/metrics/registry.js';
import { consumerReadings } from '../consumer-metrics.js';
import type { SplitterSnapshot } from './splitter.js';

const routed = counter('splitter_output_routed', 'Objects that were to go to an output.');
const published = counter('splitter_output_published', 'Objects published on an output.');
const dropped = counter('splitter_output_dropped', 'Updates that slow subscribers of an output lost by its policy.');
const unheard = counter('splitter_output_unheard', 'Objects published on an output while it had no subscriber.');
const subscribers = gauge('splitter_output_subscribers', 'Subscribers of an output.');

/** What a splitter tells of itself. */
export interface MeasuredSplitter {
  snapshot(): SplitterSnapshot;
  notReady(): string | undefined;
}

/** A splitter's figures for the registry, labelled with its id. */
export function splitterMetrics(splitterId: number, splitter: MeasuredSplitter): MeasuredPart {
  const labels = { splitter: String(splitterId) };
  return {
    readings: () => splitterReadings(splitter.snapshot(), labels),
    notReady: () => splitter.notReady(),
  };
}

/** The figures of a snapshot in the words of Prometheus. */
function* splitterReadings(snapshot: SplitterSnapshot, labels: Labels): Iterable<MetricReading> {
  yield* consumerReadings(snapshot, labels);
  for (const output of snapshot.stats.outputStats) {
    const ofOutput = { ...labels, output: String(output.outputId) };
    yield { metric: routed, value: output.nRouted, labels: ofOutput };
    yield { metric: published, value: output.nPublished, labels: ofOutput };
    yield { metric: dropped, value: output.nDropped, labels: ofOutput };
    yield { metric: unheard, value: output.nUnheard, labels: ofOutput };
    yield { metric: subscribers, value: output.nSubscribers, labels: ofOutput };
  }
}
