import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import type { ConsumerConfig, ProcessorConfig } from '../../../src/hpc/consumer-config.js';
import { completeConfig } from '../../../src/hpc/consumer-config.js';
import type { Consumer } from '../../../src/hpc/consumer.js';
import { consumerReadings } from '../../../src/hpc/consumer-metrics.js';
import { consumerTypes, consumerValues } from '../../../src/hpc/consumer-status.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import type { StageQueue } from '../../../src/hpc/stages/stage-place.js';
import { plainConfig, Stream, until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.ts`, import.meta.url));
const file = fixture('holds');
const collects = { file: fixture('collects') };

interface Holds {
  readonly inWork: number[];
  concurrency: number;
  finish(...ids: number[]): void;
  fail(id: number): void;
}

const holdsOf = (consumer: Consumer, name = 'holds') => consumer.stages.named(name).user.processor as unknown as Holds;
const seenOf = (consumer: Consumer) =>
  (consumer.stages.last.processor as unknown as { seen: string[] }).seen.map((each) => Number(each.split(':')[0]));

describe('the queue in front of a processor', () => {
  const processors = (queue: StageQueue): ProcessorConfig[] => [{}, { file, queue }];
  const queue = (onFull: StageQueue['onFull'], frames = 2) => ({ frames, bytes: 2 ** 20, onFull });

  it.each([
    ['dropOldest', [1, 5, 6], { first: 2, last: 4, step: 1 }],
    ['dropNewest', [1, 2, 3], { first: 4, last: 6, step: 1 }],
  ] as const)('gives up what its policy says, and every account has it: %s', async (onFull, kept, lost) => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: processors(queue(onFull)) });
    await stream.send(1, 2, 3, 4, 5, 6);
    await until(() => consumer.stats().frameStats.nRejected === 3);
    const { frameStats, stageStats } = consumer.stats();
    expect(frameStats).toMatchObject({ nReceived: 6, nRejected: 3, nInFlight: 3 });
    expect(stageStats.holds).toMatchObject({ nReceived: 1, nInFlight: 1, nQueued: 2, nDropped: 3 });
    const { rejected } = consumer.report();
    expect(rejected).toEqual({ 'queue full in front of holds': { count: 3, ids: [lost], unlisted: 0 } });
    expect(isLossless(consumer.report())).toBe(false);
    const readings = [...consumerReadings(consumer.snapshot(), {})];
    expect(readings.find(({ metric }) => metric.name === 'pvaflow_edge_dropped_total')).toMatchObject({
      value: 3,
      labels: { stage: 'holds' },
    });
    const values = consumerValues(consumer.stats(), consumer.userTypes) as { stageStats: object };
    expect(values.stageStats).toMatchObject({ holds: { nQueued: 2, nDropped: 3 } });
    expect(consumerTypes(consumer.userTypes, 0)).toMatchObject({ stageStats: { holds: { nDropped: 'ulong' } } });
    for (const id of kept) {
      await until(() => holdsOf(consumer).inWork.includes(id));
      holdsOf(consumer).finish(id);
    }
    await until(() => consumer.stats().frameStats.nProcessed === 3);
  });

  it('is limited in bytes, too', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: processors({ ...queue('dropNewest', 0), bytes: 1 }) });
    await stream.send(1, 2, 3);
    await until(() => consumer.stats().frameStats.nRejected === 1);
    expect(consumer.stats().stageStats.holds).toMatchObject({ nInFlight: 1, nQueued: 1, nDropped: 1 });
  });

  it('holds the source back with the policy wait', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: processors(queue('wait')) });
    void stream.send(...Array.from({ length: 20 }, (_, i) => i + 1));
    for (let id = 1; id <= 20; id++) {
      await until(() => holdsOf(consumer).inWork.length > 0);
      const { nQueued, nReceived } = consumer.stats().stageStats.holds!;
      expect(nQueued).toBeLessThanOrEqual(2);
      expect(nReceived).toBe(id);
      holdsOf(consumer).finish(id);
      await until(() => consumer.stats().frameStats.nProcessed === id);
    }
    expect(isLossless(consumer.report())).toBe(true);
  });

  it('ends the run with the policy fail, and says which queue it was', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: processors(queue('fail')) });
    await stream.send(1, 2, 3, 4);
    await expect(consumer.ended).rejects.toThrow(
      'the queue in front of holds, of 2 events and 1048576 bytes, was full',
    );
    await consumer.abort();
    const { received, inFlight, rejected } = consumer.report();
    const lost = Object.values(rejected).reduce((sum, { count }) => sum + count, 0);
    expect([received, inFlight, rejected['queue full in front of holds']?.count]).toEqual([lost, 0, 1]);
  });

  it('stays when the processor behind it is replaced', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: processors(queue('dropNewest')) });
    await stream.send(1, 2, 3);
    await until(() => consumer.stats().stageStats.holds?.nQueued === 2);
    const old = holdsOf(consumer);
    let isReplaced = false;
    const replaced = consumer.replace('holds', collects).then(() => (isReplaced = true));
    await until(() => (old.finish(...old.inWork), isReplaced));
    await replaced;
    await stream.send(4);
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    expect(seenOf(consumer)).toContain(4);
    expect(consumer.snapshot().pipeline.edges).toMatchObject([{ name: 'holds', received: 4, dropped: 0, length: 0 }]);
  });
});

describe('several objects in work', () => {
  it('are as many as the place says, and leave as they came', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: [{ file, concurrency: 3 }, collects] });
    await stream.send(1, 2, 3, 4);
    await until(() => holdsOf(consumer).inWork.length === 3);
    holdsOf(consumer).finish(3, 2);
    await until(() => holdsOf(consumer).inWork.length === 1);
    expect(seenOf(consumer)).toEqual([]);
    holdsOf(consumer).finish(1);
    await until(() => holdsOf(consumer).inWork.includes(4));
    holdsOf(consumer).finish(4);
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    expect(seenOf(consumer)).toEqual([1, 2, 3, 4]);
  });

  it('overtake each other where their order is that of completion', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: [{ file, concurrency: 2, order: 'completion' }, collects] });
    await stream.send(1, 2, 3);
    for (const id of [2, 3, 1]) {
      await until(() => holdsOf(consumer).inWork.includes(id));
      holdsOf(consumer).finish(id);
      await until(() => seenOf(consumer).includes(id));
    }
    await until(() => consumer.stats().frameStats.nProcessed === 3);
    expect(seenOf(consumer)).toEqual([2, 3, 1]);
    expect(isLossless(consumer.report())).toBe(true);
  });

  it('may not where a processor behind needs their order, nor where a place is taken by such a one', async () => {
    await using stream = new Stream();
    const overtaking = { file, concurrency: 2, order: 'completion' as const };
    await expect(stream.consumer({ processors: [overtaking, { className: 'AdImageSum' }] })).rejects.toThrow(
      'AdImageSum needs objects in the order of their ids: leave `order` of the processors in front of it at arrival',
    );
    const consumer = await stream.consumer({ processors: [overtaking, collects] });
    await expect(consumer.replace('collects', { className: 'AdImageSum' })).rejects.toThrow('AdImageSum needs objects');
  });

  it('may not where the end of acquisitions is looked for', () => {
    const config: ConsumerConfig = { ...plainConfig, processors: [{}, { order: 'completion' }] };
    expect(() => completeConfig({ ...config, endOfAcquisition: { count: 3 } })).toThrow(
      'processors[1].order: completion lets objects overtake each other, and the end of acquisitions is looked for',
    );
    expect(completeConfig(config).processors[1]).toEqual({ order: 'completion' });
  });

  it('cannot be told to a processor that decides itself', async () => {
    await using stream = new Stream();
    const args = { codec: 'lz4', concurrency: 5 };
    await expect(
      stream.consumer({ processors: [{ className: 'AdImageCompressor', args, concurrency: 3 }] }),
    ).rejects.toThrow('adImageCompressor: concurrency 3 cannot be: the processor decides itself');
  });
});

describe('a processor that fails', () => {
  it('fails the run if it is to, with an account of all that came', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: [{ file, concurrency: 3, onError: 'hard' }] });
    await stream.send(1, 2, 3);
    await until(() => holdsOf(consumer).inWork.length === 3);
    holdsOf(consumer).fail(2);
    await expect(consumer.ended).rejects.toMatchObject({
      code: 'PVAFLOW_PROCESSOR_FAILED',
      message: 'holds failed, and the run with it (onError: hard): no 2',
    });
    await consumer.abort();
    const { received, processed, failed, rejected, inFlight } = consumer.report();
    expect([received, processed, inFlight]).toEqual([3, 0, 0]);
    expect(failed['RangeError in holds.process']).toMatchObject({ count: 1, ids: [{ first: 2, last: 2, step: 1 }] });
    expect(rejected.stopped).toMatchObject({ count: 2 });
  });

  it('fails its object alone otherwise, also beside one of that kind', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({
      processors: [{ file }, { file: fixture('throws'), args: { where: 'process' }, onError: 'soft' }],
    });
    await stream.send(1);
    await until(() => holdsOf(consumer).inWork.length === 1);
    holdsOf(consumer).fail(1);
    await until(() => consumer.stats().frameStats.nFailed === 1);
    await stream.send(2);
    await until(() => holdsOf(consumer).inWork.length === 1);
    holdsOf(consumer).finish(2);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
  });
});

it.each([
  [{ concurrency: 0 }, 'concurrency of a processor: expected a whole number from 1 on, found 0'],
  [{ order: 'compleiton' }, 'order of a processor: expected arrival or completion, found "compleiton"'],
  [{ onError: 'fail' }, 'onError of a processor: expected soft or hard, found "fail"'],
  [
    { queue: { frames: 1, bytes: 1, onFul: 'wait' } },
    'the queue of a processor has no option onFul. Did you mean onFull?',
  ],
  [{ queue: { frames: -1, bytes: 1, onFull: 'wait' } }, 'queue.frames of a processor'],
  [{ concurency: 2 }, 'a processor has no option concurency. Did you mean concurrency?'],
])('a place that cannot be is refused: %j', (place, message) => {
  expect(() => completeConfig({ ...plainConfig, processors: [place as ProcessorConfig] })).toThrow(message);
});
