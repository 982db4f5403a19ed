/** Which updates of a channel are distributed, and which belong to the one before, or to the channel. */
import { describe, expect, it } from 'vitest';
import { members, useImages } from './distributing.js';
import { frame } from './serving.js';

const { image } = useImages();

const ids = (...list: number[]) => list;

describe('updates with the same trigger', () => {
  it('go to the same client and count as one', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ trigger: 'uniqueId' }), await join({})];
    for (const id of [1, 1, 2, 2, 2, 3]) await channel.post(frame(id));
    expect(await a.next(3)).toEqual(ids(1, 1, 3));
    expect(await b.next(3)).toEqual(ids(2, 2, 2));
  });

  it('are those that leave the field alone, too', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ trigger: 'uniqueId' }), await join({})];
    await channel.post(frame(1));
    await channel.post({ descriptor: 'of frame 1' });
    await channel.post(frame(2));
    await channel.post(frame(3));
    expect(await a.reader.values('descriptor', 3)).toEqual(['', 'of frame 1', 'of frame 1']);
    expect(await b.reader.values('uniqueId', 1)).toEqual([2]);
  });

  it('are told by structures, too', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ trigger: 'timeStamp' }), await join({})];
    for (const nanoseconds of [5, 5, 6]) {
      await channel.post({ uniqueId: nanoseconds, timeStamp: { secondsPastEpoch: 1n, nanoseconds } });
    }
    expect(await a.next(2)).toEqual(ids(5, 5));
    expect(await b.next(1)).toEqual(ids(6));
  });

  it('cannot be told by a field that is not there: each counts', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ trigger: 'nothing' }), await join({})];
    for (const id of [1, 1]) await channel.post(frame(id));
    expect(await a.next(1)).toEqual(ids(1));
    expect(await b.next(1)).toEqual(ids(1));
  });
});

describe('without a trigger', () => {
  const alarm = { severity: 3, status: 7, message: 'gone' };

  it('an update without a value, an id or a time is a part of the frame before', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({}), await join({})];
    await channel.post(frame(1));
    await channel.post({ descriptor: 'of frame 1' });
    await channel.post(frame(2));
    expect(await a.reader.values('descriptor', 2)).toEqual(['', 'of frame 1']);
    expect(await b.next(1)).toEqual(ids(2));
  });

  it('frames that all have the same time are different frames', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({}), await join({})];
    for (const id of [1, 2]) await channel.post(frame(id).set('timeStamp', { secondsPastEpoch: 1n }));
    expect(await a.next(1)).toEqual(ids(1));
    expect(await b.next(1)).toEqual(ids(2));
  });

  it('an alarm goes to all, with the frame that each had last, and takes no turn', async () => {
    const { channel, join } = image();
    const all = [await join({}), await join({}), await join({})];
    const next = (field: string) => Promise.all(all.map(async ({ reader }) => (await reader.values(field, 1))[0]));
    for (const id of [1, 2, 3]) await channel.post(frame(id).set('descriptor', `${id}`));
    expect(await next('uniqueId')).toEqual([1, 2, 3]);
    await channel.post({ alarm });
    await channel.post({ alarm: { ...alarm, message: 'still gone' } });
    expect(await next('uniqueId')).toEqual([1, 2, 3]);
    expect(await next('alarm.message')).toEqual(['still gone', 'still gone', 'still gone']);
    expect(members(channel).map(({ given }) => given)).toEqual([1, 1, 1]);
    for (const id of [4, 5, 6]) await channel.post({ uniqueId: id });
    const descriptors = await Promise.all(all.map(async ({ reader }) => (await reader.until('update')).value));
    expect(descriptors.map((value) => [value.get('uniqueId'), value.get('descriptor')])).toEqual([
      [4, '3'],
      [5, '3'],
      [6, '3'],
    ]);
  });

  it('alarms do not pile up for a client that takes nothing: the source waits', async () => {
    const { channel, join } = image({ queue: { frames: 4 } });
    const stalled = await join({}, { pipeline: true, queue: { frames: 1 }, queueSize: 2 });
    await join({});
    let posted = 0;
    let room: void | Promise<void> = undefined;
    while (!room && posted < 1000) room = channel.post({ alarm: { ...alarm, message: `${++posted}` } });
    expect(posted).toBeLessThan(1000);
    expect((await stalled.reader.values('alarm.message', posted)).at(-1)).toBe(`${posted}`);
    await room;
  });
});
