import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/core/metrics/metric.js';
import { MetricsRegistry } from '../../../src/core/metrics/registry.js';
import { labelled, metricsText } from '../../../src/core/metrics/text.js';

const frames: Metric = { name: 'x_frames_total', help: 'Frames.', type: 'counter' };
const queue: Metric = { name: 'x_queue', help: 'Queue.', type: 'gauge' };

function partOf(consumer: string, values: { frames: number }, reason?: string) {
  return {
    readings: () => [{ metric: frames, value: values.frames, labels: { consumer } }],
    notReady: () => reason,
  };
}

describe('MetricsRegistry', () => {
  it('reads its parts when it is asked, and puts figures of one name together', async () => {
    const registry = new MetricsRegistry();
    const values = { frames: 1 };
    registry.add(partOf('1', values));
    const remove = registry.add(partOf('2', { frames: 5 }));
    registry.add({ readings: () => [{ metric: queue, value: 3 }] });
    values.frames = 2;
    const text = await metricsText([await registry.scrape()]);
    expect(text.split('\n')).toEqual([
      '# HELP x_frames_total Frames.',
      '# TYPE x_frames_total counter',
      'x_frames_total{consumer="1"} 2',
      'x_frames_total{consumer="2"} 5',
      '',
      '# HELP x_queue Queue.',
      '# TYPE x_queue gauge',
      'x_queue 3',
      '',
    ]);
    remove();
    expect((await registry.scrape())[0]?.values).toHaveLength(1);
  });

  it('writes labels so that they can be read again', async () => {
    const registry = new MetricsRegistry();
    const labels = { cause: 'a "b"\\c\nd' };
    registry.add({ readings: () => [{ metric: frames, value: 1, labels }] });
    expect(await metricsText([await registry.scrape()])).toContain('x_frames_total{cause="a \\"b\\"\\\\c\\nd"} 1');
  });

  it('is as ready as the least ready of its parts', () => {
    const registry = new MetricsRegistry();
    expect(registry.notReady()).toBeUndefined();
    registry.add(partOf('1', { frames: 0 }));
    expect(registry.notReady()).toBeUndefined();
    registry.add(partOf('2', { frames: 0 }, 'x:image is not connected'));
    expect(registry.notReady()).toBe('x:image is not connected');
  });

  it('tells of the process', async () => {
    const registry = new MetricsRegistry();
    registry.addProcess({ consumer: '7' });
    const text = await metricsText([await registry.scrape()]);
    expect(text).toMatch(/^process_resident_memory_bytes\{consumer="7"\} [1-9]\d+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{consumer="7"\} /m);
  });
});

describe('metricsText', () => {
  it('shows several processes as one, each with its labels', async () => {
    const one = new MetricsRegistry();
    const other = new MetricsRegistry();
    one.add({ readings: () => [{ metric: frames, value: 1 }] });
    other.add({ readings: () => [{ metric: frames, value: 2 }] });
    const processes = await Promise.all([one.scrape(), other.scrape()]);
    // What came from another process has been JSON on the way.
    const received = JSON.parse(JSON.stringify(processes)) as typeof processes;
    const text = await metricsText(received.map((families, i) => labelled(families, { process: String(i) })));
    expect(text).toContain('x_frames_total{process="0"} 1\nx_frames_total{process="1"} 2\n');
    expect(text.match(/# TYPE/g)).toHaveLength(1);
    expect(await metricsText(received)).toContain('x_frames_total 3\n');
  });
});
