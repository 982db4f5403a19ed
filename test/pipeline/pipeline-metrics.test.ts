import { expect, it } from 'vitest';
import { pipelineReadings } from '../../src/pipeline/pipeline-metrics.js';
import { Pipeline } from '../../src/pipeline/pipeline.js';

it('tells of queues between stages, and of throttles', async () => {
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const pipeline = new Pipeline<number>({
    sources: [],
    processors: [
      { name: 'first', processor: { process: (event) => event } },
      {
        name: 'slow',
        concurrency: 1,
        edge: { items: 2, bytes: 100, onFull: 'dropNewest', sizeOf: () => 8 },
        processor: {
          process: async (event: number) => {
            await gate;
            return event;
          },
        },
      },
    ],
  });
  pipeline.start();
  for (const event of [1, 2, 3, 4]) void pipeline.inject(event, 'first');
  await Promise.resolve();
  pipeline.throttle('disk', true);
  const figures = () =>
    Object.fromEntries(
      [...pipelineReadings(pipeline.stats(), {})]
        .filter(({ labels = {} }) => labels.stage === 'slow' || labels.throttle === 'disk')
        .map(({ metric, value }) => [metric.name, value]),
    );
  expect(figures()).toMatchObject({
    pvaflow_edge_frames: 2,
    pvaflow_edge_bytes: 16,
    pvaflow_edge_limit_frames: 2,
    pvaflow_edge_dropped_total: 1,
    pvaflow_throttle_on: 1,
    pvaflow_throttle_seconds_total: expect.any(Number) as number,
  });
  pipeline.throttle('disk', false);
  go();
  await pipeline.drain();
  expect(figures()).toMatchObject({ pvaflow_edge_frames: 0, pvaflow_edge_dropped_total: 1, pvaflow_throttle_on: 0 });
});
