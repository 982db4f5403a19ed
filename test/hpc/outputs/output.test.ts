import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import { Stream, until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const processors = [{ className: 'AdImageProcessor' }];
const count = (ids: number) => Array.from({ length: ids }, (_, i) => i + 1);

describe('an output with the policy fail', () => {
  const channels = { input: 'in:image', output: 'out:image' };

  it('ends the run when a subscriber has no room, and accounts for what was not published', async () => {
    await using stream = new Stream();
    const config = { channels, processors, outputOnFull: 'fail', outputArgs: { queueFrames: 4 } } as const;
    const consumer = await stream.consumer({ ...config, drainTimeout: 0.1 });
    using _stalled = stream
      .clientOf(consumer)
      .monitor('out:image', { pipeline: true, queueSize: 2, queue: { frames: 2 } });
    await until(() => consumer.output?.subscribers === 1);
    void stream.send(...count(1000));
    await expect(consumer.ended).rejects.toMatchObject({
      code: 'PVAFLOW_OUTPUT_FULL',
      message: expect.stringMatching(/^out:image: the queue of 127\.0\.0\.1:\d+ was full, and the policy/) as string,
    });
    await consumer.drain();
    const report = consumer.report();
    expect(report.notPublished.count).toBe(1);
    expect(report.published).toBe(report.received - (report.rejected.stopped?.count ?? 0)); // it was in work then
    expect(isLossless(report)).toBe(false);
  });

  it('publishes as any other as long as there is room', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels, processors, outputOnFull: 'fail' });
    using output = stream.clientOf(consumer).monitor('out:image', { pipeline: true });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const update of output) {
        if (update.type === 'update') seen.push(update.value.get('uniqueId'));
        if (seen.at(-1) === 20) return;
      }
    })();
    await until(() => consumer.output?.subscribers === 1);
    for (const id of count(20)) {
      await stream.send(id);
      await until(() => consumer.stats().publisherStats.nPublished === id);
    }
    await reading;
    expect(isLossless(consumer.report())).toBe(true);
  });

  it('ends the run when the server that it sends to is away for too long', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({
      channels: { ...channels, output: 'remote:image' },
      processors,
      outputMode: 'pva',
      outputArgs: { maxWaiting: 3 },
      outputOnFull: 'fail',

      drainTimeout: 0.1,
    });
    void stream.send(1, 2, 3, 4, 5);
    await expect(consumer.ended).rejects.toThrow('remote:image: the queue for its server, of 3 objects, was full');
    await consumer.drain();
    const { notPublished, received, processed, rejected } = consumer.report();
    expect(notPublished.count).toBe(4); // three that waited, and the one that there was no room for
    expect(received).toBe(processed + (rejected.stopped?.count ?? 0));
  });
});
