import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { MetricsRegistry } from '../../src/core/metrics/registry.js';
import { consumerMetrics } from '../../src/hpc/consumer-metrics.js';
import { Stream, until } from '../hpc/stream.js';
import { projectRoot } from '../peers/install.js';

const text = readFileSync(join(projectRoot, 'docs', 'how-to', 'prometheus.md'), 'utf8');

beforeAll(() => configureLogging({ level: 'silent' }));

/** Names of the figures that a consumer serves; it has seen a failure, so that all are there. */
async function servedFigures(): Promise<string[]> {
  await using stream = new Stream();
  const file = join(projectRoot, 'test', 'hpc', 'fixtures', 'throws.ts');
  const consumer = await stream.consumer({ processors: [{ file, args: { where: 'process' } }] });
  await stream.send(1, 2);
  await until(() => consumer.stats().frameStats.nFailed === 1);
  const registry = new MetricsRegistry();
  registry.add(consumerMetrics(1, consumer));
  return (await registry.scrape()).map(({ name }) => name);
}

test('docs/how-to/prometheus.md has all figures, and no others', async () => {
  const rows = [...text.matchAll(/^\| `(pvaflow_\w+)`/gm)].map(([, name]) => name);
  const served = await servedFigures();
  expect(rows.toSorted()).toEqual(served.toSorted());
  const used = [...text.matchAll(/pvaflow_\w+/g)].map(([name]) => name);
  expect(used.filter((name) => !served.includes(name))).toEqual([]);
});
