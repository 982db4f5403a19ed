import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { MetricsRegistry } from '../../src/core/metrics/registry.js';
import { metricsText } from '../../src/core/metrics/text.js';
import { consumerMetrics } from '../../src/hpc/consumer-metrics.js';
import type { Consumer } from '../../src/hpc/consumer.js';
import { Stream, until } from './stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const file = fileURLToPath(new URL('fixtures/throws.ts', import.meta.url));

/** Values by name and labels, as Prometheus would store them. */
async function figuresOf(consumer: Consumer): Promise<Map<string, number>> {
  const registry = new MetricsRegistry();
  registry.add(consumerMetrics(consumer.config.consumerId, consumer));
  const lines = (await metricsText([await registry.scrape()])).split('\n').filter((line) => /^[^#]/.test(line));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

describe('the figures of a consumer for Prometheus', () => {
  it('are those of its statistics', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels: { input: 'in:image', output: 'out:image' } });
    await stream.send(1, 2, 5, 5);
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    const figures = await figuresOf(consumer);
    const expected = {
      'pvaflow_frames_received_total{consumer="7"}': 4,
      'pvaflow_frames_processed_total{consumer="7"}': 4,
      'pvaflow_frames_filtered_total{consumer="7"}': 0,
      'pvaflow_frames_rejected_total{consumer="7",reason="queue full"}': 0,
      'pvaflow_frames_missed_total{consumer="7"}': 2,
      'pvaflow_frames_missing{consumer="7"}': 2,
      'pvaflow_frames_published_total{consumer="7"}': 4,
      'pvaflow_frames_in_flight{consumer="7"}': 0,
      'pvaflow_ids_irregular_total{consumer="7",kind="repeated"}': 1,
      'pvaflow_input_connected{consumer="7"}': 1,
      'pvaflow_last_frame_id{consumer="7"}': 5,
      'pvaflow_stage_frames_total{consumer="7",stage="passThrough",outcome="processed"}': 4,
      'pvaflow_stage_frames_total{consumer="7",stage="passThrough",outcome="failed"}': 0,
    };
    expect(Object.fromEntries(figures)).toMatchObject(expected);
    expect(figures.get('pvaflow_stage_seconds{consumer="7",stage="passThrough",quantile="0.99"}')).toBeGreaterThan(0);
    expect(figures.get('pvaflow_input_bytes_total{consumer="7"}')).toBeGreaterThan(0);
  });

  it('never take back that a frame was missed, but say when it came late', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    await stream.send(1, 2, 6, 4);
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    const figures = await figuresOf(consumer);
    expect(figures.get('pvaflow_frames_missed_total{consumer="7"}')).toBe(3);
    expect(figures.get('pvaflow_frames_missing{consumer="7"}')).toBe(2);
  });

  it('tell failures by their cause', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: [{ file, args: { where: 'process' } }] });
    await stream.send(1, 2, 3, 4); // every second one fails
    await until(() => consumer.stats().frameStats.nFailed === 2);
    const figures = await figuresOf(consumer);
    const failed = [...figures].filter(([name]) => name.startsWith('pvaflow_frames_failed_total'));
    expect(failed).toEqual([[expect.stringMatching(/\{consumer="7",cause="\w+ in \w+\.process"\}$/), 2]]);
  });

  it('say why it is not ready', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    expect(consumer.notReady()).toBeUndefined();
    stream.source.close();
    await until(() => consumer.notReady() !== undefined);
    expect(consumer.notReady()).toBe('consumer 7: in:image is not connected');
    await consumer.abort();
    expect(consumer.notReady()).toBe('consumer 7 is ending');
  });
});
