import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Labels, MetricFamily, MetricReading, MetricsSource } from './metric.js';

/** A part of the program that has figures. */
export interface MeasuredPart {
  /** Reads the figures of this moment. Called when somebody asks, never on the path of the frames. */
  readings(): Iterable<MetricReading>;
  /** Why this part does no work at this moment; undefined when it does. */
  notReady?(): string | undefined;
}

/** The figures of this process. Parts are asked when somebody wants to know, so that counting costs nothing but itself. */
export class MetricsRegistry implements MetricsSource {
  readonly #parts = new Set<MeasuredPart>();
  #ofProcess: Registry | undefined;

  /** @returns a function that takes the part out again */
  add(part: MeasuredPart): () => void {
    this.#parts.add(part);
    return () => void this.#parts.delete(part);
  }

  /**
   * Adds what is known of the process: CPU time, memory, delays of the event loop, garbage collection. Once per process.
   *
   * @param labels what tells this process from others whose figures are shown together
   */
  addProcess(labels: Labels = {}): void {
    this.#ofProcess ??= new Registry();
    collectDefaultMetrics({ register: this.#ofProcess, labels: { ...labels } });
  }

  async scrape(): Promise<MetricFamily[]> {
    const ofProcess = ((await this.#ofProcess?.getMetricsAsJSON()) ?? []) as unknown as MetricFamily[];
    return [...this.#families(), ...ofProcess];
  }

  notReady(): string | undefined {
    for (const part of this.#parts) {
      const reason = part.notReady?.();
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  #families(): MetricFamily[] {
    const families = new Map<string, { family: MetricFamily; values: MetricFamily['values'][number][] }>();
    for (const part of this.#parts) {
      for (const { metric, value, labels = {} } of part.readings()) {
        let entry = families.get(metric.name);
        if (entry === undefined) {
          const values: MetricFamily['values'][number][] = [];
          families.set(metric.name, (entry = { family: { ...metric, values }, values }));
        }
        entry.values.push({ value, labels });
      }
    }
    return [...families.values()].map(({ family }) => family);
  }
}
