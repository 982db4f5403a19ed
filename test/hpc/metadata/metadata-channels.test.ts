import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import { consumerReadings } from '../../../src/hpc/consumer-metrics.js';
import type { Consumer } from '../../../src/hpc/consumer.js';
import { timeType } from '../../../src/hpc/status-types.js';
import type { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { PvType } from '../../../src/pva/pv-type.js';
import type { PvaChannel } from '../../../src/pva/channel.js';
import { START } from '../../processor/join/metadata.js';
import { frameOf, nextValue, Stream, until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const channels = { input: 'in:image', output: 'out:image', status: 'out:status' };
const metadataType = new PvType({ value: 'double', timeStamp: timeType });
const processors = [{ className: 'MetadataJoin' }];
const timeStampOf = (ms: number) => ({ secondsPastEpoch: BigInt(START), nanoseconds: ms * 1e6 });

/** A stream of frames with the metadata channels `a` and `b`, and a consumer that joins them. */
async function joining(stream: Stream): Promise<{ consumer: Consumer; a: PvaChannel; b: PvaChannel }> {
  const [a, b] = ['a', 'b'].map((name) => stream.source.addChannel(name, metadataType)) as [PvaChannel, PvaChannel];
  const metadataChannels = ['pva://a', 'pva://b'];
  const consumer = await stream.consumer({ channels, processors, metadataChannels });
  return { consumer, a, b };
}

async function sendFrames(stream: Stream, ...times: number[]): Promise<void> {
  for (const ms of times) await stream.input.post(frameOf(ms).set('timeStamp', timeStampOf(ms)));
}

describe('the metadata channels of a consumer', () => {
  it('are in its metrics', async () => {
    await using stream = new Stream();
    const { consumer, a } = await joining(stream);
    for (const ms of [1, 2]) await a.post({ value: ms, timeStamp: timeStampOf(ms) });
    await until(() => consumer.stats().metadataStats[0]?.receiverStats.nReceived === 3); // with the value at first
    const readings = [...consumerReadings(consumer.snapshot(), {})];
    const figures = readings.filter(
      ({ metric, labels }) => metric.name.includes('metadata') && labels?.channel === 'a',
    );
    expect(figures.map(({ metric, value }) => [metric.name, value])).toEqual([
      ['pvaflow_metadata_received_total', 3],
      ['pvaflow_metadata_dropped_total', 0],
      ['pvaflow_metadata_queued', expect.any(Number)],
      ['pvaflow_metadata_overruns_total', 0],
    ]);
  });

  it('are joined with its frames, however fast these come', async () => {
    await using stream = new Stream();
    const { consumer, a, b } = await joining(stream);
    const output = stream.clientOf(consumer).monitor('out:image');
    await nextValue(output, () => true);
    const times = Array.from({ length: 300 }, (_, i) => i + 1);
    const frames = sendFrames(stream, ...times);
    const metadata = (async () => {
      for (const ms of times) {
        await a.post({ value: ms / 7, timeStamp: timeStampOf(ms) });
        await b.post({ value: -ms, timeStamp: timeStampOf(ms) });
      }
    })();
    for (const ms of times) {
      const frame = (await nextValue(output, () => true)) as NtNdArray;
      expect([frame.uniqueId, frame.attribute('a'), frame.attribute('b')]).toEqual([ms, ms / 7, -ms]);
      frame.release();
    }
    await Promise.all([frames, metadata]);
    const { userStats, metadataStats, frameStats } = consumer.stats();
    expect(frameStats).toMatchObject({ nProcessed: 300, nMissed: 0 });
    expect(userStats).toMatchObject({ nFramesProcessed: 300, nFrameErrors: 0, nMetadataProcessed: 600 });
    expect(metadataStats.map(({ channel, queueStats }) => [channel, queueStats])).toEqual([
      ['a', { nReceived: 301, nRejected: 0, nDelivered: 301, nQueued: 0 }],
      ['b', { nReceived: 301, nRejected: 0, nDelivered: 301, nQueued: 0 }],
    ]);
  });

  it("are told of on the status channel, with pvaPy's fields, and figures", async () => {
    await using stream = new Stream();
    const { consumer, a, b } = await joining(stream);
    for (const channel of [a, b]) await channel.post({ value: 1, timeStamp: timeStampOf(1) });
    await sendFrames(stream, 1);
    const status = stream.clientOf(consumer).monitor('out:status');
    const value = await nextValue(status, (each) => each.get('metadataStats_2.receiverStats.nReceived') === 2);
    const truth = JSON.parse(
      readFileSync(new URL('../../truth/status_metadata.json', import.meta.url), 'utf8'),
    ) as Record<string, Record<string, object>>;
    const found = value.toObject() as typeof truth;
    expect(Object.keys(found).slice(0, Object.keys(truth).length)).toEqual(Object.keys(truth));
    for (const name of ['metadataStats_1', 'metadataStats_2']) {
      expect(Object.keys(found[name] ?? {})).toEqual(Object.keys(truth[name] ?? {}));
      for (const part of ['receiverStats', 'queueStats'])
        expect(Object.keys(found[name]?.[part] ?? {})).toEqual(Object.keys(truth[name]?.[part] ?? {}));
    }
    expect(found.metadataStats_2).toMatchObject({ producerId: 2, channel: 'b', queueStats: { nReceived: 2 } });
    expect(Object.keys(found.userStats ?? {}).slice(0, 7)).toEqual(Object.keys(truth.userStats ?? {}));
  });

  it('do not stop a consumer that lacks one of them', async () => {
    await using stream = new Stream();
    const { consumer, a } = await joining(stream);
    stream.source.removeChannel('b');
    await a.post({ value: 5, timeStamp: timeStampOf(10) });
    await sendFrames(stream, 10);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
    expect(consumer.stats().userStats).toMatchObject({ nFrameErrors: 1, nMetadataProcessed: 1 });
  });

  it('give up their oldest updates when no frame comes, and count them', async () => {
    await using stream = new Stream();
    const a = stream.source.addChannel('a', metadataType);
    const consumer = await stream.consumer({ metadataChannels: ['pva://a'], receiverQueueSize: 2 });
    for (const ms of [1, 2, 3, 4]) await a.post({ value: ms, timeStamp: timeStampOf(ms) });
    await until(() => consumer.stats().metadataStats[0]?.receiverStats.nReceived === 5);
    expect(consumer.stats().metadataStats[0]?.queueStats).toEqual({
      nReceived: 5,
      nRejected: 3,
      nDelivered: 0,
      nQueued: 2,
    });
  });

  it.each([
    [['xy://a'], 'has the protocol xy'],
    [['pva://a', 'pva://a'], 'named twice'],
  ])('are refused when they are %o', async (metadataChannels, message) => {
    await using stream = new Stream();
    await expect(stream.consumer({ metadataChannels })).rejects.toThrow(message);
  });
});
