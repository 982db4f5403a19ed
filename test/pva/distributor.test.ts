import { describe, expect, it } from 'vitest';
import type { DistributorOptions } from '../../src/pva/distributor-options.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { Reader } from './clients.js';
import { members, useImages } from './distributing.js';
import { frame, postFrames, until } from './serving.js';

const { image, clientOf } = useImages();

const ids = (...list: number[]) => list;
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('clients of a group', () => {
  it('take turns in the order in which they came', async () => {
    const { channel, join } = image();
    const [a, b, c] = [await join({}), await join({}), await join({})];
    await postFrames(channel, 1, 12);
    expect(await a.next(4)).toEqual(ids(1, 4, 7, 10));
    expect(await b.next(4)).toEqual(ids(2, 5, 8, 11));
    expect(await c.next(4)).toEqual(ids(3, 6, 9, 12));
  });

  it('get as many sequential updates as the first of them asked for', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ updates: 3 }), await join({ updates: 7 })];
    await postFrames(channel, 1, 12);
    expect(await a.next(6)).toEqual(ids(1, 2, 3, 7, 8, 9));
    expect(await b.next(6)).toEqual(ids(4, 5, 6, 10, 11, 12));
  });

  it('do not share with other groups, nor with clients without a distributor', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ group: 'G1' }), await join({ group: 'G1' })];
    const [other, plain] = [await join({ group: 'g1' }), await join()];
    await postFrames(channel, 1, 6);
    expect(await a.next(3)).toEqual(ids(1, 3, 5));
    expect(await b.next(3)).toEqual(ids(2, 4, 6));
    expect(await other.next(6)).toEqual(range(1, 6));
    expect(await plain.next(6)).toEqual(range(1, 6));
  });

  it('do not share with clients of another channel', async () => {
    const { server, channel, join } = image();
    const second = server.addChannel('X:second', new NtNdArray());
    const a = await join({});
    const elsewhere = new Reader(clientOf(server).monitor('X:second', { pipeline: true, distributor: {} }));
    await elsewhere.until('update');
    await postFrames(channel, 1, 3);
    await postFrames(second, 11, 13);
    expect(await a.next(3)).toEqual(ids(1, 2, 3));
    expect(await elsewhere.values('uniqueId', 3)).toEqual(ids(11, 12, 13));
  });

  it('name themselves in the statistics', async () => {
    const { channel, join } = image();
    await join({ group: 'G', updates: 2, trigger: 'uniqueId', id: 'left' });
    await join({ group: 'G', id: 'right' });
    await postFrames(channel, 1, 3);
    const [group] = channel.stats().groups;
    expect(group).toMatchObject({
      name: 'G',
      sets: [{ name: 'default', trigger: 'uniqueId', updates: 2, mode: 'one', given: 3 }],
    });
    expect(members(channel)).toMatchObject([
      { id: 'left', given: 2, hasTurn: false },
      { id: 'right', given: 1, hasTurn: true },
    ]);
  });
});

describe('sets', () => {
  it('take turns, and all clients of a set get the same', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ set: 'S1', updates: 3 }), await join({ set: 'S1' })];
    const [c, d] = [await join({ set: 'S2', updates: 3 }), await join({ set: 'S2' })];
    await postFrames(channel, 1, 12);
    for (const member of [a, b]) expect(await member.next(6)).toEqual(ids(1, 2, 3, 7, 8, 9));
    for (const member of [c, d]) expect(await member.next(6)).toEqual(ids(4, 5, 6, 10, 11, 12));
  });

  it('take turns with one client each in the mode one', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ set: 'S1', mode: 'one' }), await join({ set: 'S1' })];
    const c = await join({ set: 'S2', mode: 'one' });
    await postFrames(channel, 1, 8);
    expect(await a.next(2)).toEqual(ids(1, 5));
    expect(await b.next(2)).toEqual(ids(3, 7));
    expect(await c.next(4)).toEqual(ids(2, 4, 6, 8));
  });

  it('are the same as one client for all, without a name', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ mode: 'all' }), await join({})];
    await postFrames(channel, 1, 3);
    for (const member of [a, b]) expect(await member.next(3)).toEqual(ids(1, 2, 3));
  });
});

describe('clients that come and go', () => {
  it('change the turns at once', async () => {
    const { channel, join } = image();
    const [a, b, c] = [await join({}), await join({}), await join({})];
    await postFrames(channel, 1, 3);
    const d = await join({});
    await postFrames(channel, 4, 7);
    expect(await d.next(1)).toEqual(ids(7));
    expect(await a.next(2)).toEqual(ids(1, 4));
    expect(await b.next(2)).toEqual(ids(2, 5));
    expect(await c.next(2)).toEqual(ids(3, 6));
    b.leave();
    await until(() => channel.subscribers === 3);
    await postFrames(channel, 8, 10);
    expect(await a.next(1)).toEqual(ids(8));
    expect(await c.next(1)).toEqual(ids(9));
    expect(await d.next(1)).toEqual(ids(10));
  });

  it('leave a whole turn to the next one', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({ updates: 3 }), await join({})];
    await postFrames(channel, 1, 1);
    expect(await a.next(1)).toEqual(ids(1));
    a.leave();
    await until(() => channel.subscribers === 1);
    const c = await join({});
    await postFrames(channel, 2, 7);
    expect(await b.next(3)).toEqual(ids(2, 3, 4));
    expect(await c.next(3)).toEqual(ids(5, 6, 7));
  });

  it('end a set, and a group with its last', async () => {
    const { channel, join } = image();
    const a = await join({ set: 'S1', updates: 2 });
    const b = await join({ set: 'S2', updates: 2 });
    a.leave();
    await until(() => channel.subscribers === 1);
    await postFrames(channel, 1, 3);
    expect(await b.next(3)).toEqual(ids(1, 2, 3));
    b.leave();
    await until(() => channel.subscribers === 0);
    expect(channel.stats().groups).toEqual([]);
    const c = await join({ set: 'S1', updates: 5 });
    expect(channel.stats().groups).toMatchObject([{ sets: [{ name: 'S1', updates: 5 }] }]);
    await postFrames(channel, 4, 5);
    expect(await c.next(2)).toEqual(ids(4, 5));
  });
});

describe('what a client did not get when it left', () => {
  /** Two clients; the first takes nothing, so that its share waits in its ring and, unsent, in the queue of PVXS. */
  async function withOneThatStalls(distributor: DistributorOptions = {}) {
    const made = image({ queue: { frames: 40 } });
    const stalled = await made.join(
      { ...distributor, id: 'stalled' },
      { pipeline: true, queue: { frames: 1 }, queueSize: 2 },
    );
    return { ...made, stalled };
  }

  it('goes to the one that has the next turn, in the order of the updates', async () => {
    const { channel, join, stalled, departures } = await withOneThatStalls();
    const other = await join({ id: 'other' });
    await postFrames(channel, 1, 40);
    expect(await other.next(20)).toEqual(range(1, 40).filter((id) => id % 2 === 0));
    const sent = channel.stats().subscribers.find(({ queueSize }) => queueSize === 2)?.delivered ?? 0;
    stalled.leave();
    await until(() => departures.length > 0);
    const late = range(1, 40)
      .filter((id) => id % 2 === 1)
      .slice(sent - 1);
    expect(await other.next(late.length)).toEqual(late);
    expect(departures).toMatchObject([{ id: 'stalled', sent, handedOver: late.length, abandoned: 0 }]);
    const [{ unacknowledged, unacknowledgedIds } = { unacknowledged: -1, unacknowledgedIds: [] }] = departures;
    expect(unacknowledgedIds).toHaveLength(unacknowledged);
    expect([0, ...range(1, 40).filter((id) => id % 2 === 1)].slice(sent - unacknowledged, sent)).toEqual(
      unacknowledgedIds,
    );
    expect(channel.stats()).toMatchObject({ handedOver: late.length, abandoned: 0 });
    await postFrames(channel, 41, 42);
    expect(await other.next(2)).toEqual(ids(41, 42));
  });

  it('is not sent again to clients of a set that have it already', async () => {
    const { channel, join, stalled, departures } = await withOneThatStalls({ set: 'S' });
    const twin = await join({ set: 'S' });
    await postFrames(channel, 1, 20);
    stalled.leave();
    await until(() => departures.length > 0);
    await postFrames(channel, 21, 21);
    expect(await twin.next(21)).toEqual(range(1, 21));
    expect(channel.stats().handedOver).toBe(0);
  });

  it('goes to all clients of the next set when a set ends', async () => {
    const { channel, join, stalled, departures } = await withOneThatStalls({ set: 'S1' });
    const twins = [await join({ set: 'S2' }), await join({ set: 'S2' })];
    await postFrames(channel, 1, 20);
    for (const twin of twins) await twin.next(10);
    const sent = channel.stats().subscribers.find(({ queueSize }) => queueSize === 2)?.delivered ?? 0;
    stalled.leave();
    await until(() => departures.length > 0);
    const late = range(1, 20)
      .filter((id) => id % 2 === 1)
      .slice(sent - 1);
    for (const twin of twins) expect(await twin.next(late.length)).toEqual(late);
  });

  it('is complete: it does not rest on what came before or after it', async () => {
    const { channel, join, stalled, departures } = await withOneThatStalls({ updates: 2 });
    const other = await join({});
    const post = (uniqueId: number, descriptor?: string) =>
      channel.post({ uniqueId, ...(descriptor === undefined ? {} : { descriptor }) });
    for (const id of [1, 2, 3, 4]) await channel.post(frame(id));
    for (const id of [5, 6]) await post(id, 'early'); // the last that the stalled one could get
    for (const id of [7, 8]) await post(id, 'early');
    await post(9, 'late');
    await post(10); // rests on 9, which only the stalled one was to get
    for (const id of [11, 12]) await post(id, 'last');
    expect(await other.next(6)).toEqual(ids(3, 4, 7, 8, 11, 12));
    stalled.leave();
    await until(() => departures.length > 0);
    const [{ sent, handedOver } = { sent: 0, handedOver: 0 }] = departures;
    expect(handedOver).toBe(7 - sent);
    const late: unknown[] = [];
    for (let at = 0; at < handedOver; at++) {
      const { value } = await other.reader.until('update');
      late.push([value.get('uniqueId'), value.get('descriptor')]);
    }
    expect(late.slice(-2)).toEqual([
      [9, 'late'],
      [10, 'late'],
    ]);
    await post(13);
    const { value } = await other.reader.until('update');
    expect([value.get('uniqueId'), value.get('descriptor')]).toEqual([13, 'last']);
  });

  it('is counted when there is nobody else', async () => {
    const { channel, stalled, departures } = await withOneThatStalls();
    await postFrames(channel, 1, 20);
    const sent = channel.stats().subscribers[0]?.delivered ?? 0;
    stalled.leave();
    await until(() => departures.length > 0);
    expect(departures).toMatchObject([{ handedOver: 0, abandoned: 21 - sent }]);
    expect(channel.stats()).toMatchObject({ handedOver: 0, abandoned: 21 - sent });
  });
});

describe('a full client of a group', () => {
  it('makes the source wait when its turn comes, and not before', async () => {
    const { channel, join } = image({ queue: { frames: 4 } });
    const stalled = await join({ updates: 8 }, { pipeline: true, queue: { frames: 1 }, queueSize: 2 });
    const other = await join({});
    let id = 0;
    let room: void | Promise<void> = undefined;
    while (!room) room = channel.post(frame(++id));
    expect(await other.next(8)).toEqual(range(9, 16));
    expect(id).toBeGreaterThanOrEqual(16);
    expect(members(channel)).toMatchObject([{ hasTurn: true }, { hasTurn: false }]);
    expect(await stalled.next(8)).toEqual(range(1, 8));
    await room;
    expect(channel.stats().dropped).toBe(0);
  });
});

describe('fields that change in updates for others', () => {
  it('reach each client with its own', async () => {
    const { channel, join } = image();
    const [a, b] = [await join({}), await join({})];
    await channel.post(frame(1));
    await channel.post({ uniqueId: 2, descriptor: 'changed' });
    await channel.post(frame(3));
    await channel.post(frame(4));
    expect(await a.reader.values('descriptor', 2)).toEqual(['', 'changed']);
    expect(await b.reader.values('descriptor', 2)).toEqual(['changed', 'changed']);
  });
});

describe('a request to the distributor', () => {
  it.each(['pydistributor', 'distributor'])('may name it %s, and its parameters in any case', async (plugin) => {
    const { channel, join } = image();
    await join(undefined, { pipeline: true, request: `field(_[${plugin}=GROUP:gG;Updates:4;Mode:ALL;unknown:1])` });
    expect(channel.stats().groups).toMatchObject([{ name: 'gG', sets: [{ updates: 4, mode: 'all' }] }]);
  });

  it('may come with fields', async () => {
    const { channel, join } = image();
    const a = await join({}, { pipeline: true, fields: ['uniqueId'] });
    await postFrames(channel, 1, 2);
    expect(await a.next(2)).toEqual(ids(1, 2));
    expect(members(channel)).toHaveLength(1);
  });

  it.each([
    ['updates:0', 'updates must be a whole number from 1 on, found "0"'],
    ['updates:many', 'updates must be a whole number from 1 on, found "many"'],
    ['mode:some', 'mode must be one or all, found "some"'],
  ])('with %s is refused', async (parameters, message) => {
    const { server, channel } = image();
    const reader = new Reader(
      clientOf(server).monitor('X:image', { pipeline: true, request: `field(_[pydistributor=${parameters}])` }),
    );
    expect((await reader.until('error')).error.message).toContain(message);
    expect(channel.stats().groups).toEqual([]);
  });

  it.each([
    [{ updates: 0 }, 'updates'],
    [{ mode: 'some' as 'one' }, 'mode'],
    [{ group: 'a;b' }, 'group'],
    [{ grup: 'a' } as DistributorOptions, 'Did you mean group'],
  ])('of our client with %o is refused there', (distributor, message) => {
    const { server } = image();
    expect(() => clientOf(server).monitor('X:image', { distributor })).toThrowError(
      expect.objectContaining({ code: 'PVAFLOW_OPTION', message: expect.stringContaining(message) as string }) as Error,
    );
  });
});
