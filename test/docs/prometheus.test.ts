import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { MetricsRegistry } from '../../src/core/metrics/registry.js';
import { collectorMetrics } from '../../src/hpc/collector/collector-metrics.js';
import { consumerMetrics } from '../../src/hpc/consumer-metrics.js';
import { pipelineReadings } from '../../src/pipeline/pipeline-metrics.js';
import { Pipeline } from '../../src/pipeline/pipeline.js';
import { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import { Gathering } from '../hpc/collector/gathering.js';
import { Stream, until } from '../hpc/stream.js';
import { projectRoot } from '../peers/install.js';

const text = readFileSync(join(projectRoot, 'docs', 'how-to', 'prometheus.md'), 'utf8');

beforeAll(() => configureLogging({ level: 'silent' }));

/** Names of the figures that consumers and collectors serve; there was a failure, so that all are there. */
async function servedFigures(): Promise<string[]> {
  await using stream = new Stream();
  await using gathering = new Gathering(1);
  stream.source.addChannel('x', NtScalar.type('double'));
  const file = join(projectRoot, 'test', 'hpc', 'fixtures', 'throws.ts');
  const processors = [{ file, args: { where: 'process' } }];
  const consumer = await stream.consumer({ processors, metadataChannels: ['pva://x'] });
  const collector = await gathering.collector();
  await stream.send(1, 2);
  await until(() => consumer.stats().frameStats.nFailed === 1);
  const registry = new MetricsRegistry();
  registry.add(consumerMetrics(1, consumer));
  registry.add(collectorMetrics(1, collector));
  registry.add({ readings: () => pipelineReadings(pipelineWithAll().stats(), {}) });
  return (await registry.scrape()).map(({ name }) => name);
}

/** With a queue between stages and a throttle, which consumers need not have. */
function pipelineWithAll(): Pipeline<number> {
  const processor = { process: (event: number) => event };
  const edge = { items: 1, bytes: 1, onFull: 'wait', sizeOf: () => 1 } as const;
  const pipeline = new Pipeline<number>({ sources: [], processors: [{ name: 'stage', processor, edge }] });
  pipeline.throttle('any', true);
  return pipeline;
}

test('docs/how-to/prometheus.md has all figures, and no others', async () => {
  const rows = [...text.matchAll(/^\| `(pvaflow_\w+)`/gm)].map(([, name]) => name);
  const served = await servedFigures();
  expect(rows.toSorted()).toEqual(served.toSorted());
  const used = [...text.matchAll(/pvaflow_\w+/g)].map(([name]) => name);
  expect(used.filter((name) => !served.includes(name))).toEqual([]);
});
