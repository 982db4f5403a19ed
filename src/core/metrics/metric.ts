/** What a figure is: it only grows, it goes up and down, or it is a quantile of many. */
export type MetricType = 'counter' | 'gauge' | 'summary';

/**
 * A figure by its name, as the conventions of Prometheus want it: base units, and counters that end with `_total`.
 * https://prometheus.io/docs/practices/naming/
 */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
}

/** A counter of pvaflow's. @param name without what all of them begin and end with */
export function counter(name: string, help: string): Metric {
  return { name: `pvaflow_${name}_total`, help, type: 'counter' };
}

/** A gauge of pvaflow's. @param name without what all of them begin with */
export function gauge(name: string, help: string): Metric {
  return { name: `pvaflow_${name}`, help, type: 'gauge' };
}

export type Labels = Readonly<Record<string, string>>;

/** The value of a figure at one moment. */
export interface MetricReading {
  readonly metric: Metric;
  readonly value: number;
  readonly labels?: Labels;
}

/** All values of one figure. Plain data: it can be sent from one process to another. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  /** Those of {@link MetricType}; and `histogram`, which Node's own figures have. */
  readonly type: string;
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Record<string, string | number>>;
    /** Where it is not that of the family: the parts of a histogram. */
    readonly metricName?: string;
  }[];
}

/** Whoever can be asked for figures: the registry of this process, or what stands for another process. */
export interface MetricsSource {
  /** The figures of this moment. Called for each request; not often. */
  scrape(): Promise<readonly MetricFamily[]>;
  /** Why there is no work done at this moment; undefined when there is. */
  notReady(): string | undefined | Promise<string | undefined>;
}
