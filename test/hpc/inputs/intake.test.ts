/** What comes in that is no frame: news of the channel, and what it holds when it is connected again. */
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import type { PvaChannel } from '../../../src/pva/channel.js';
import { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { frameOf, Stream, until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const gone = { severity: 3, status: 7, message: 'pva://ad:image is not connected' };
const fine = { severity: 0, status: 0, message: '' };

describe('an update that brings an alarm alone', () => {
  it('is no frame: the status tells of a source that is gone, until it is there again', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    const counts = () => consumer.stats().frameStats;
    await stream.send(1, 2, 3);
    await until(() => counts().nProcessed === 3);
    expect(consumer.stats().inputAlarm).toEqual(fine);
    expect(consumer.notReady()).toBeUndefined();

    await stream.input.post({ alarm: gone });
    await until(() => consumer.stats().inputAlarm.severity === 3);
    expect(consumer.stats().inputAlarm).toEqual(gone);
    expect(consumer.notReady()).toBe('consumer 7: pva://ad:image is not connected');
    expect(consumer.snapshot().isConnected).toBe(true);

    await stream.input.post(frameOf(3).set('alarm', fine)); // its last frame once more
    await stream.send(4);
    await until(() => counts().nProcessed === 4);
    expect(counts()).toMatchObject({ nReceived: 4, nRepeated: 0, nMissed: 0, nSkipped: 2 });
    expect(consumer.stats().inputAlarm).toEqual(fine);
    expect(consumer.notReady()).toBeUndefined();
  });

  it('is none before the first frame either', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    await stream.input.post({ alarm: gone });
    await stream.input.post({ alarm: fine });
    await stream.send(1);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
    expect(consumer.stats()).toMatchObject({ frameStats: { nReceived: 1, nMissed: 0 }, inputAlarm: fine });
    expect(consumer.stats().processorStats.firstObjectId).toBe(1);
  });

  it('tells that lower ids are those of a source that began anew', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    await stream.send(7, 8);
    await stream.input.post({ alarm: gone });
    await stream.input.post({ alarm: fine });
    await stream.send(1, 2);
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    expect(consumer.stats().frameStats).toMatchObject({ nRestarted: 1, nRewound: 0, nMissed: 0 });
  });

  it('is an object like others where there are no ids', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ objectIdField: 'nothing' });
    await stream.input.post({ alarm: gone });
    await until(() => consumer.stats().frameStats.nProcessed === 1);
  });
});

describe('tiles', () => {
  const tile = (id: number, row: number, column: number) =>
    Object.entries({ tileIndexX: row, tileIndexY: column, nTileRows: 2, nTileColumns: 2 }).reduce(
      (frame, [name, value]) => frame.setAttribute(name, value),
      frameOf(id),
    );

  it('of an image have its id, which is no repetition; the same one twice is', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    for (const id of [1, 2]) {
      for (const [row, column] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const)
        await stream.input.post(tile(id, row, column));
    }
    await stream.input.post(tile(2, 1, 1));
    await until(() => consumer.stats().frameStats.nProcessed === 9);
    expect(consumer.stats().frameStats).toMatchObject({ nRepeated: 1, nMissed: 0, nExpected: 9 });
  });

  it('are shared one by one: of four, each of four consumers has one of every image', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ objectIdOffset: 4, distributor: {} });
    for (const id of [1, 2, 3, 5]) await stream.input.post(tile(id, 1, 0));
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    expect(consumer.stats().frameStats).toMatchObject({ nOffPhase: 0, nMissed: 1 });
  });
});

describe('what a channel holds when it is connected again', () => {
  /** Serves the channel anew, holding this. */
  const again = (stream: Stream, holds: NtNdArray): PvaChannel => {
    stream.source.removeChannel('in:image');
    return stream.source.addChannel('in:image', holds);
  };
  const isSubscribed = (channel: PvaChannel) => () => channel.stats().subscribers.some(({ running }) => running);

  it('is a frame that did not come yet, if it has pixels and another id', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    await stream.send(5);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
    again(stream, frameOf(0)); // a detector that counts from 0
    await until(() => consumer.stats().frameStats.nProcessed === 2);
    expect(consumer.stats().frameStats).toMatchObject({ nRestarted: 1, nSkipped: 1 });
  });

  it('is nothing when it is an empty record', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({});
    await stream.send(5);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
    const channel = again(stream, new NtNdArray());
    await until(isSubscribed(channel));
    await channel.post(frameOf(6));
    await until(() => consumer.stats().frameStats.nProcessed === 2);
    expect(consumer.stats().frameStats).toMatchObject({ nSkipped: 2, nMissed: 0 });
  });

  it('is what another consumer got, where a distributor shares the frames', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ distributor: {}, objectIdOffset: 1 });
    await stream.send(5);
    await until(() => consumer.stats().frameStats.nProcessed === 1);
    const channel = again(stream, frameOf(57));
    await until(isSubscribed(channel));
    await channel.post(frameOf(58));
    await until(() => consumer.stats().frameStats.nProcessed === 2);
    expect(consumer.stats().frameStats).toMatchObject({ nSkipped: 2, nReceived: 2 });
    expect(consumer.stats().processorStats.lastObjectId).toBe(58);
  });
});
