import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { isLossless } from '../../src/hpc/loss-report.js';
import { runSummary } from '../../src/hpc/run-summary.js';
import { PvObject } from '../../src/pva/pv-object.js';
import { PvType } from '../../src/pva/pv-type.js';
import { nextValue, Stream, until } from './stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const file = fileURLToPath(new URL('fixtures/throws.ts', import.meta.url));
const throwing = (where: string) => ({ processors: [{ file, args: { where } }] });
const channels = { input: 'in:image', output: 'out:image', status: 'out:status', control: 'out:control' };

function counts(ids: number): number[] {
  return Array.from({ length: ids }, (_, i) => i + 1);
}

describe('a consumer', () => {
  it('takes every frame through its processor and publishes it', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels });
    const output = stream.clientOf(consumer).monitor('out:image');
    const first = await nextValue(output, () => true);
    expect(first.get('uniqueId')).toBe(0); // the record that the source began with, also seen by who comes late
    const sent = stream.send(...counts(500));
    for (const id of counts(500)) {
      const frame = await nextValue(output, () => true);
      expect(frame.get('uniqueId')).toBe(id);
      expect(frame.get<Uint8Array>('value')[0]).toBe(id & 255);
      frame.release();
    }
    await sent;
    const { frameStats, publisherStats, processorStats } = consumer.stats();
    expect(frameStats).toMatchObject({ nExpected: 500, nReceived: 500, nProcessed: 500, nMissed: 0, nSkipped: 1 });
    expect(publisherStats).toMatchObject({ nPublished: 500, nErrors: 0 });
    expect(processorStats).toMatchObject({ firstObjectId: 1, lastObjectId: 500, nProcessed: 500 });
    expect(isLossless(consumer.report())).toBe(true);
  });

  it('counts what ids tell, and reports it', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    await stream.send(1, 2, 5, 5, 4, 9, 1, 2);
    await until(() => consumer.stats().frameStats.nProcessed === 8);
    expect(consumer.stats().frameStats).toMatchObject({
      nMissed: 4,
      nRepeated: 1,
      nLate: 1,
      nRewound: 1,
      nExpected: 12,
    });
    const report = consumer.report();
    expect(report.missed).toMatchObject({
      count: 4,
      ids: [
        { first: 3, last: 3 },
        { first: 6, last: 8 },
      ],
    });
    expect(runSummary(report, 'run.json').join('\n')).toContain('missed 4 (ids 3 and 6–8)');
  });

  it('skips initial updates, and processes all when there are none to skip', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ skipInitialUpdates: 0 });
    await stream.send(1, 2);
    await until(() => consumer.stats().frameStats.nProcessed === 3);
    expect(consumer.stats().frameStats).toMatchObject({ nReceived: 3, nSkipped: 0 });
    expect(consumer.stats().processorStats.firstObjectId).toBe(0);
  });

  it('takes ids from another field', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ objectIdField: 'timeStamp.userTag' });
    for (const userTag of [3, 4, 8]) await stream.input.post({ timeStamp: { userTag } });
    await until(() => consumer.stats().frameStats.nProcessed === 3);
    expect(consumer.stats().frameStats.nMissed).toBe(3);
  });

  it('goes on without ids where there are none', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ objectIdField: 'frameNumber' });
    await stream.send(1, 5);
    await until(() => consumer.stats().frameStats.nProcessed === 2);
    expect(consumer.report()).toMatchObject({ firstId: null, received: 2, missed: { count: 0 } });
    expect(runSummary(consumer.report(), undefined)[0]).toContain('2 frames expected, without ids');
  });

  it('loses nothing to a slow subscriber of its output, which holds it back', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels });
    const output = stream.clientOf(consumer).monitor('out:image', { queueSize: 4, queue: { frames: 4 } });
    await until(() => consumer.output?.subscribers === 1);
    const sent = stream.send(...counts(1000));
    await until(() => consumer.snapshot().pipeline.waitedMs > 0 || consumer.output?.ready() !== undefined);
    const ids: number[] = [];
    while (ids.length < 1001) {
      for (const event of output.take(50)) if (event.type === 'update') ids.push(event.value.get('uniqueId'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await sent;
    expect(ids).toEqual([0, ...counts(1000)]);
    expect(consumer.report()).toMatchObject({ expected: 1000, missed: { count: 0 }, notPublished: { count: 0 } });
  });

  it('opens its output anew when the type of the objects changes', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels });
    await stream.send(1);
    await until(() => consumer.stats().publisherStats.nPublished === 1);
    const output = stream.clientOf(consumer).monitor('out:image');
    await nextValue(output, () => true);
    const other = new PvType({ uniqueId: 'int', value: 'double' });
    stream.input.open(new PvObject(other, { uniqueId: 2, value: 2.5 }));
    const value = await nextValue(output, (each) => each.get('uniqueId') === 2);
    expect(value.get('value')).toBe(2.5);
    await stream.input.post({ uniqueId: 3, value: 3.5 });
    expect((await nextValue(output, () => true)).get('value')).toBe(3.5);
    expect(consumer.report()).toMatchObject({ published: 3, missed: { count: 0 }, notPublished: { count: 0 } });
  });

  it('accumulates in its receiver queue', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ receiverQueueSize: 10, accumulateObjects: 5, accumulationTimeout: 3600 });
    await stream.send(1, 2, 3, 4);
    await until(() => consumer.stats().queueStats.nQueued === 4);
    expect(consumer.stats().frameStats).toMatchObject({ nReceived: 4, nProcessed: 0, nInFlight: 4 });
    await stream.send(5);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
    await consumer.drain();
    expect(consumer.stats().frameStats).toMatchObject({ nProcessed: 5, nInFlight: 0 });
    expect(consumer.stats().queueStats).toMatchObject({ nReceived: 5, nDelivered: 5, nQueued: 0 });
  });

  it.each(['dropOldest', 'dropNewest'] as const)(
    'tells what its queue gave up (%s) from what never came',
    async (inputOnFull) => {
      await using stream = new Stream();
      const consumer = await stream.consumer({ receiverQueueSize: 3, inputOnFull });
      let go: (() => void) | undefined;
      const gate = new Promise<void>((resolve) => (go = resolve));
      consumer.stages.last.processor.process = async (object) => {
        await gate;
        return object;
      };
      await stream.send(...counts(300).filter((id) => id !== 150)); // this one never comes
      await until(() => consumer.stats().frameStats.nReceived === 299);
      const { nInFlight, nRejected } = consumer.stats().frameStats;
      expect(nInFlight).toBeLessThanOrEqual(4); // three are queued, one is in the processor
      expect(nInFlight + nRejected).toBe(299);
      go?.();
      await consumer.drain();
      const { missed, rejected, processed, expected } = consumer.report();
      expect({ missed: missed.count, processed, expected }).toEqual({ missed: 1, processed: nInFlight, expected: 300 });
      expect(rejected['queue full']).toMatchObject({ count: nRejected });
    },
  );

  it('tells of subscribers that lost what it published', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels, outputOnFull: 'dropOldest' });
    using output = stream.clientOf(consumer).monitor('out:image', { queueSize: 2, queue: { frames: 2 } });
    await until(() => consumer.output?.subscribers === 1);
    await stream.send(...counts(500));
    await until(() => consumer.stats().publisherStats.nPublished === 500);
    expect(output.closed).toBe(false);
    expect(consumer.report().droppedForSubscribers).toBeGreaterThan(0);
  });

  it('counts a source that restarts', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    await stream.send(1, 2, 3);
    await until(() => consumer.stats().frameStats.nProcessed === 3);
    stream.input.open(stream.input.value ?? {}); // clients are disconnected, as by a restart, and see the last frame again
    await until(() => consumer.stats().frameStats.nSkipped === 2);
    await stream.send(6, 7);
    await until(() => consumer.stats().frameStats.nProcessed === 5);
    expect(consumer.stats().frameStats).toMatchObject({ nMissed: 2, nRepeated: 0, nRestarted: 0 });
  });
});

describe('a processor that throws', () => {
  it.each(['getStats', 'getStatsPvaTypes', 'getOutputPvObjectType', 'resetStats'])(
    'in %s does not stop the stream',
    async (where) => {
      await using stream = new Stream();
      const consumer = await stream.consumer({ ...throwing(where), channels });
      await stream.send(1, 2, 3);
      await until(() => consumer.stats().frameStats.nProcessed === 3);
      if (where === 'resetStats') consumer.stages.last.resetStats();
      expect(consumer.stages.last.faults).toBeGreaterThan(0);
      expect(consumer.report()).toMatchObject({ published: 3, missed: { count: 0 } });
    },
  );

  it('in process loses that frame alone, and its id is told', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ ...throwing('process'), channels });
    await stream.send(1, 2, 3, 4, 5);
    await until(() => consumer.stats().frameStats.nFailed === 2 && consumer.stats().frameStats.nProcessed === 3);
    const report = consumer.report();
    expect(report).toMatchObject({
      published: 3,
      failed: { 'RangeError in throws.process': { count: 2, ids: [{ first: 2 }, { first: 4 }] } },
    });
    expect(runSummary(report, undefined)[1]).toContain('failed 2 (ids 2 and 4: RangeError in throws.process)');
    expect(isLossless(report)).toBe(false);
  });

  it('in process loses nothing of what that frame changed for those after it', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ ...throwing('process'), channels });
    const output = stream.clientOf(consumer).monitor('out:image');
    await stream.send(1);
    await stream.input.post({ uniqueId: 2, codec: { name: 'lz4' } });
    await stream.input.post({ uniqueId: 3 });
    const third = await nextValue(output, (value) => value.get('uniqueId') === 3);
    expect(third.get('codec.name')).toBe('lz4');
  });

  it.each(['constructor', 'configure', 'start'])('in %s is not run at all', async (where) => {
    await using stream = new Stream();
    await expect(stream.consumer(throwing(where))).rejects.toThrow(`${where} does not work`);
  });

  it.each(['a number', 'a plain object', 'an array', 'a promise of a string', 'a generator of strings'])(
    'or that gives %s from process loses that frame alone',
    async (what) => {
      await using stream = new Stream();
      const consumer = await stream.consumer({ ...throwing(what), channels });
      await stream.send(1, 2, 3);
      await until(() => consumer.stats().frameStats.nProcessed === 2);
      expect(consumer.report()).toMatchObject({
        failed: { 'TypeError in throws.process': { count: 1, ids: [{ first: 2 }] } },
      });
    },
  );

  it('or that is asynchronous where it cannot be is told', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ ...throwing('async getStats'), channels });
    await until(() => consumer.stages.last.faults > 0);
    await stream.send(1);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
  });

  it('or that never returns does not keep the consumer from ending', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ ...throwing('never'), receiverQueueSize: 10, drainTimeout: 0.1 });
    await stream.send(1, 2, 3);
    await until(() => consumer.stats().frameStats.nReceived === 3);
    await consumer.drain();
    expect(consumer.report()).toMatchObject({ processed: 1, rejected: { stopped: { count: 2 } }, inFlight: 0 });
  });

  it('or whose stop never returns does not either', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ ...throwing('never stop'), drainTimeout: 0.1 });
    await consumer.drain();
    expect(consumer.stages.stopFailed).toBe(true);
  });

  it('in stop is told', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer(throwing('stop'));
    await consumer.drain();
    expect(consumer.stages.stopFailed).toBe(true);
  });
});

describe('the status channel', () => {
  const truth = (name: string) =>
    JSON.parse(readFileSync(new URL(`../truth/${name}.json`, import.meta.url), 'utf8')) as object;

  it.each([
    ['status_plain', {}],
    ['status_user', throwing('nowhere')],
  ])('has the fields of %s, in their order, and ours at the end', async (name, changes) => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels, ...changes });
    const type = await stream.clientOf(consumer).info('out:status');
    const fields = Object.keys(type.fields);
    expect(fields).toEqual([
      ...Object.keys(truth(name)),
      'frameStats',
      'stageStats',
      'nRestarts',
      'lastExit',
      'acquisitionStats',
      'inputAlarm',
    ]);
    for (const [field, part] of Object.entries(truth(name))) {
      if (typeof part !== 'object' || field === 'userStats') continue;
      const found = type.fields[field] as { fields: object };
      expect(Object.keys(found.fields)).toEqual(Object.keys(part as object));
    }
  });

  it('is updated periodically, with the figures of the user', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels, ...throwing('nowhere') });
    await stream.send(1, 2, 3);
    const status = stream.clientOf(consumer).monitor('out:status');
    const value = await nextValue(status, (each) => each.has('userStats.count') && each.get('userStats.count') === 3);
    expect(value.get('processorStats.nProcessed')).toBe(3);
    expect(value.get('consumerId')).toBe(7);
    expect(value.get('frameStats.nExpected')).toBe(3n);
  });
});

describe('a configuration', () => {
  it.each([
    { input: 'a', output: 'a' },
    { input: 'a', status: 's', control: 's' },
  ])('that names one channel twice is refused: %o', async (names) => {
    await using stream = new Stream();
    await expect(stream.consumer({ channels: names })).rejects.toThrow(/same name/);
  });
});
