import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import type { Collector } from '../../../src/hpc/collector/collector.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import type { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import type { PvObject } from '../../../src/pva/pv-object.js';
import { frameOf, nextValue, until } from '../stream.js';
import { channels, Gathering } from './gathering.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const throws = fixture('throws.ts');
const oneAtATime = fixture('one-at-a-time.ts');

/** Watches the output of a collector, from the record on with which it is opened: gives the next ids when asked. */
async function watchOutput(gathering: Gathering, collector: Collector): Promise<(count: number) => Promise<number[]>> {
  const output = gathering.clientOf(collector).monitor('out:image');
  (await nextValue(output, () => true)).release();
  return async (count) => {
    const ids: number[] = [];
    while (ids.length < count) {
      const frame = await nextValue(output, () => true);
      ids.push(frame.get('uniqueId'));
      frame.release();
    }
    return ids;
  };
}

function counts(ids: number): number[] {
  return Array.from({ length: ids }, (_, i) => i + 1);
}

describe('a collector', () => {
  it('puts the frames of its producers in order, and publishes each once', async () => {
    await using gathering = new Gathering(3);
    const collector = await gathering.collector({ channels });
    const out = await watchOutput(gathering, collector);
    const shares = [1, 2, 3].map((each) => counts(300).filter((id) => id % 3 === each % 3));
    await Promise.all(shares.map((ids, at) => gathering.send(at + 1, ...ids)));
    const ids = out(300);
    await until(() => collector.stats().orderStats.nReceived === 300);
    await collector.drain();
    expect(await ids).toEqual(counts(300));
    const stats = collector.stats();
    expect(stats.frameStats).toMatchObject({
      nExpected: 300,
      nReceived: 300,
      nProcessed: 300,
      nMissed: 0,
      nSkipped: 3,
    });
    expect(stats.collectorStats).toMatchObject({ nCollected: 300, nRejected: 0, nMissed: 0, nCached: 0 });
    expect(stats.producerStats.map(({ receiverStats }) => receiverStats.nReceived)).toEqual([100, 100, 100]);
    expect(isLossless(collector.report())).toBe(true);
  });

  it('gives a processor one object at a time', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ processors: [{ file: oneAtATime }] });
    await gathering.send(1, 1, 3, 5, 7, 9);
    await gathering.send(2, 2, 4, 6, 8, 10);
    await until(() => collector.stats().frameStats.nProcessed === 8); // the others wait in the cache
    expect(collector.stats().userStats).toEqual({ nOverlaps: 0 });
  });

  it('holds what may have to wait for others: it is in flight', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector();
    await gathering.send(1, 1, 3, 5);
    await until(() => collector.stats().collectorStats.nCached === 3);
    expect(collector.stats().frameStats).toMatchObject({ nReceived: 3, nInFlight: 3, nProcessed: 0 });
    await gathering.send(2, 2, 4);
    await until(() => collector.stats().frameStats.nProcessed === 3);
    expect(collector.stats().orderStats).toMatchObject({ nByWatermark: 3, nCached: 2 });
  });

  it('tells which frames came too late, twice or not at all', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ collectorCacheSize: 2, watermark: false });
    await gathering.send(1, 1, 3, 4, 5, 8);
    await until(() => collector.stats().collectorStats.nCollected === 4);
    await gathering.send(2, 2, 4);
    await until(() => collector.stats().collectorStats.nRejected === 2);
    await collector.drain();
    expect(collector.report()).toMatchObject({
      expected: 9,
      received: 7,
      processed: 5,
      late: 1,
      missed: { count: 2, ids: [{ first: 6, last: 7 }] },
      rejected: { late: { count: 1, ids: [{ first: 2 }] }, duplicate: { count: 1, ids: [{ first: 4 }] } },
    });
  });

  it('holds back producers that are ahead of one that is slow, and loses nothing', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ collectorCacheSize: 4 });
    const sent = gathering.send(1, ...counts(600).filter((id) => id % 2 === 1));
    await until(() => collector.stats().collectorStats.nCached === 4);
    expect(collector.stats().frameStats.nProcessed).toBe(0);
    await gathering.send(2, ...counts(600).filter((id) => id % 2 === 0));
    await sent;
    await until(() => collector.stats().frameStats.nReceived === 600);
    await collector.drain();
    expect(collector.stats()).toMatchObject({
      frameStats: { nProcessed: 600, nMissed: 0 },
      orderStats: { nLate: 0, nBySize: 0 },
    });
  });

  it('lets go what has waited too long', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ cacheTimeout: 0.05 });
    await gathering.send(1, 4, 5);
    await until(() => collector.stats().frameStats.nProcessed === 2);
    expect(collector.stats().orderStats.nByTime).toBe(2);
  });

  it('does not wait for a producer that went away', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector();
    await gathering.send(2, 2);
    await gathering.send(1, 1, 3, 5);
    await until(() => collector.stats().collectorStats.nCached === 3);
    gathering.servers[1]?.close();
    await until(() => collector.stats().frameStats.nProcessed === 3);
    expect(collector.snapshot()).toMatchObject({ isConnected: false, connected: [1] });
    expect(collector.notReady()).toBe('collector 7: p:2:image is not connected');
  });

  it('keeps the objects of one id together', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ channels, tilesPerId: 2 });
    const out = await watchOutput(gathering, collector);
    await gathering.send(1, 1, 2, 3);
    await gathering.send(2, 1, 2, 3);
    expect(await out(6)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(collector.stats().orderStats).toMatchObject({ nIncomplete: 0, nDuplicate: 0 });
  });

  it('loses nothing to a slow subscriber of its output, which holds back the producers', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ channels, collectorCacheSize: 4 });
    const output = gathering.clientOf(collector).monitor('out:image', { queueSize: 4, queue: { frames: 4 } });
    await until(() => (collector.output?.subscribers ?? 0) === 1);
    const halves = [1, 0].map((rest) => counts(800).filter((id) => id % 2 === rest));
    const sent = Promise.all(halves.map((ids, at) => gathering.send(at + 1, ...ids)));
    await until(() => collector.output?.ready() !== undefined);
    const ids: number[] = [];
    const take = () => {
      for (const event of output.take(50)) if (event.type === 'update') ids.push(event.value.get('uniqueId'));
    };
    await until(() => (take(), ids.length + collector.stats().orderStats.nCached === 801));
    await sent;
    const drained = collector.drain();
    await until(() => (take(), ids.length === 801));
    await drained;
    expect(ids).toEqual([0, ...counts(800)]);
    expect(collector.report()).toMatchObject({ expected: 800, missed: { count: 0 }, notPublished: { count: 0 } });
  });

  it('takes failures of its processor for losses of these frames alone', async () => {
    await using gathering = new Gathering();
    const processors = [{ file: throws, args: { where: 'process' } }];
    const collector = await gathering.collector({ processors, tilesPerId: 1 });
    await gathering.send(1, 1, 3, 5);
    await gathering.send(2, 2, 4, 6);
    await until(() => collector.stats().orderStats.nReceived === 6);
    await collector.drain();
    expect(collector.report()).toMatchObject({
      processed: 3,
      failed: { 'RangeError in throws.process': { count: 3, ids: [{ first: 2 }, { first: 4 }, { first: 6 }] } },
    });
  });

  it('may have its cache made smaller while it runs', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ channels, collectorCacheSize: 100, watermark: false });
    await gathering.send(1, 1, 3, 5, 7);
    await until(() => collector.stats().collectorStats.nCached === 4);
    const client = gathering.clientOf(collector);
    await client.put('out:control', { command: 'configure', args: '{"collectorCacheSize": 2}' });
    const control = client.monitor('out:control');
    await nextValue(control, (value) => value.get('statusMessage') === 'Configuration successful');
    expect(collector.stats().collectorStats).toMatchObject({ nCached: 1, nCollected: 3 });
  });

  it('ends when all its producers have ended', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector();
    await gathering.send(1, 1);
    await gathering.send(2, 2);
    await until(() => collector.stats().orderStats.nReceived === 2);
    await collector.drain();
    expect(collector.stats().frameStats).toMatchObject({ nProcessed: 2, nInFlight: 0 });
  });
});

describe('an acquisition', () => {
  it('ends for all producers with the frame that says so, and the next collector or consumer is told', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ channels, endOfAcquisition: { attribute: 'last' } });
    const out = gathering.clientOf(collector).monitor('out:image');
    const post = async (producer: number, id: number, isLast: number) =>
      gathering.inputs[producer - 1]?.post(frameOf(id).setAttribute('last', isLast));
    for (const id of [1, 3, 5]) await post(1, id, 0);
    for (const id of [2, 4, 6]) await post(2, id, id === 4 ? 1 : 0);
    const last = await nextValue(out, (frame) => (frame as NtNdArray).attribute('last') === 1);
    expect(last.get('uniqueId')).toBe(4);
    await until(() => collector.stats().acquisitionStats.isComplete);
    const expected = { nAcquisitions: 1, nReceived: 4, nProcessed: 4, nPublished: 4, firstId: 1, lastId: 4 };
    expect(collector.stats().acquisitionStats).toMatchObject(expected);
    const status = gathering.clientOf(collector).monitor('out:status');
    const value = await nextValue(status, (each) => each.get('acquisitionStats.isComplete') === true);
    expect(value.get('acquisitionStats.message')).toBe('acquisition complete, 4 frames');
  });

  it('is none when it is not known how it ends', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector();
    await gathering.send(1, 1, 3);
    await gathering.send(2, 2, 4);
    await until(() => collector.stats().frameStats.nProcessed === 2);
    expect(collector.stats().acquisitionStats).toMatchObject({ nAcquisitions: 0, nReceived: 0 });
  });
});

describe('the control channel', () => {
  it('replaces a processor, and gives the loss report', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ channels });
    const client = gathering.clientOf(collector);
    const control = client.monitor('out:control');
    const say = async (command: string, args: object, answers: RegExp) => {
      await client.put('out:control', { command, args: JSON.stringify(args) });
      const isAnswer = (value: PvObject) => answers.test(value.get<string>('statusMessage'));
      return (await nextValue(control, isAnswer)).get<string>('statusMessage');
    };
    await say('replace', { processorFile: fixture('collects.ts') }, /^Replacement successful$/);
    await gathering.send(1, 1, 3, 5);
    await gathering.send(2, 2, 4, 6);
    await until(() => collector.stats().frameStats.nProcessed === 4);
    expect(collector.stats().userStats).toEqual({ nSeen: 4 });
    const report = JSON.parse(await say('get_report', {}, /^\{/)) as object;
    expect(report).toMatchObject({
      collectorId: 7,
      received: 6,
      processed: 4,
      producers: [{ received: 3 }, { received: 3 }],
    });
    await say('replace', { stage: 'order', processorFile: 'x.ts' }, /^Replacement failed: there is no stage order/);
  });
});

describe('the status channel', () => {
  const truth = JSON.parse(
    readFileSync(new URL('../../truth/status_collector.json', import.meta.url), 'utf8'),
  ) as Record<string, object>;

  it("has pvaPy's fields, in their order, and ours at the end", async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ channels });
    const type = await gathering.clientOf(collector).info('out:status');
    const wanted = Object.keys(truth).filter((field) => !field.startsWith('metadata'));
    const ours = ['publisherStats', 'frameStats', 'stageStats', 'orderStats', 'acquisitionStats', 'inputAlarm'];
    expect(Object.keys(type.fields)).toEqual([...wanted, ...ours]);
    for (const field of ['collectorStats', 'processorStats', 'producerStats_1', 'producerStats_2']) {
      const { fields } = type.fields[field] as { fields: object };
      expect(Object.keys(fields)).toEqual(Object.keys(truth[field] as object));
    }
  });

  it('is updated periodically, with the figures of each producer', async () => {
    await using gathering = new Gathering();
    const collector = await gathering.collector({ channels });
    await gathering.send(1, 1, 3);
    await gathering.send(2, 2);
    const status = gathering.clientOf(collector).monitor('out:status');
    const value = await nextValue(status, (each) => each.get('collectorStats.nCollected') === 1);
    expect(value.get('collectorId')).toBe(7);
    expect(value.get('producerStats_1')).toMatchObject({ producerId: 1, channel: 'p:1:image' });
    expect(value.get('producerStats_1.receiverStats.nReceived')).toBe(2);
    expect(value.get('orderStats.nCached')).toBe(2n);
  });
});

describe('a configuration', () => {
  it.each([
    [{ producers: [] }, /at least one producer/],
    [{ producers: [1, 1].map((producerId) => ({ producerId, channel: 'x' })) }, /named twice/],
    [{ producers: [1, 2].map((producerId) => ({ producerId, channel: 'x' })) }, /have the same name x/],
    [{ channels: { output: 'p:1:image' } }, /have the same name p:1:image/],
    [{ colectorCacheSize: 5, collectorId: 7 }, /colectorCacheSize/],
  ])('like %j is refused', async (changes, message) => {
    await using gathering = new Gathering();
    await expect(gathering.collector(changes)).rejects.toThrow(message);
  });
});
