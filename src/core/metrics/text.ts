import { AggregatorRegistry, Registry } from 'prom-client';
import type { Labels, MetricFamily } from './metric.js';

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * The figures of one or several processes in the text format of Prometheus. Figures of the same name and the same labels
 * are added up.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function metricsText(processes: readonly (readonly MetricFamily[])[]): Promise<string> {
  const summed = processes.map((families) => families.map((family) => ({ ...family, aggregator: 'sum' })));
  return AggregatorRegistry.aggregate(summed).metrics();
}

/** The figures with labels that tell whose they are. Labels that are there already stay. */
export function labelled(families: readonly MetricFamily[], labels: Labels): MetricFamily[] {
  return families.map((family) => ({
    ...family,
    values: family.values.map((each) => ({ ...each, labels: { ...labels, ...each.labels } })),
  }));
}
