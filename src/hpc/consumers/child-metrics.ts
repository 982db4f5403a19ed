import type { MetricFamily, MetricsSource } from '../../core/metrics/metric.js';
import type { SupervisedChild } from '../../supervisor/supervised-child.js';
import { METRICS_REQUEST } from './consumer-task.js';

/** Figures that a child has not sent in this time are left out of those of all. */
const PATIENCE_MS = 5000;

/** A child as its metrics need to know it. */
export type MeasuredChild = Pick<SupervisedChild, 'request' | 'stats'>;

/**
 * The figures of a child, for the metrics of this process. One that is down or does not respond has none, which must not keep
 * those of the others from being seen.
 *
 * @param name what it is called
 * @param notReady why it processes nothing although it runs
 */
export function childMetrics(
  child: MeasuredChild,
  name: string,
  notReady: () => string | undefined,
  patienceMs = PATIENCE_MS,
): MetricsSource {
  return {
    scrape: () => scrape(child, patienceMs),
    notReady: () => {
      const { state, isResponding } = child.stats();
      if (state !== 'running') return `${name} is ${state}`;
      return isResponding ? notReady() : `${name} does not respond`;
    },
  };
}

async function scrape(child: MeasuredChild, patienceMs: number): Promise<readonly MetricFamily[]> {
  if (!child.stats().isResponding) return []; // what is asked of it would pile up
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly MetricFamily[]>((resolve) => (timer = setTimeout(() => resolve([]), patienceMs)));
  const answer = child.request(METRICS_REQUEST) as Promise<readonly MetricFamily[]>;
  const figures = await Promise.race([answer.catch(() => []), late]);
  clearTimeout(timer);
  return figures;
}
