import { describe, expect, it } from 'vitest';
import type { PvaChannelOptions } from '../../src/pva/channel-options.js';
import type { OnFull } from '../../src/pva/on-full.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { PythonClient } from '../peers/python.js';
import { usePeers } from '../peers/peers.js';
import { useClients } from './clients.js';
import { frame, isAccounted, placeOf, postFrames, reported, subscribed, until, useServers } from './serving.js';

const peers = usePeers();
const newServer = useServers();
const newClient = useClients();

const PIPELINE = 'record[pipeline=true,queueSize=8]';
const ids = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const idsOf = (events: Record<string, unknown>[]) => events.map((event) => event['uniqueId']);

function imageChannel(options: PvaChannelOptions) {
  const server = newServer();
  const channel = server.addChannel('X:image', NtNdArray.type(), options);
  const client = async () => PythonClient.p4p(peers, await placeOf(server));
  const subscriber = (index = 0) => {
    const found = channel.stats().subscribers[index];
    if (!found) throw new Error('no subscriber');
    return found;
  };
  return { server, channel, client, subscriber };
}

const monitor = (client: PythonClient, request = PIPELINE) => client.request('monitor', { name: 'X:image', request });
const events = (client: PythonClient, count: number) =>
  client.request<Record<string, unknown>[]>('events', { name: 'X:image', count });
const hold = (client: PythonClient) => client.request('hold', { name: 'X:image' });
const resume = (client: PythonClient) => client.request('resume', { name: 'X:image' });

describe('the queue of a subscriber', () => {
  it('keeps a stalled subscriber from changing what a healthy one gets', async () => {
    const { channel, client } = imageChannel({ queue: { frames: 16 }, onFull: 'dropOldest' });
    const healthy = await client();
    const stalled = await client();
    await monitor(healthy);
    await monitor(stalled, 'record[queueSize=4]');
    await subscribed(channel, 2);
    const big = 512 * 1024; // beyond what sockets hold
    await stalled.freeze();
    for (let id = 1; id <= 200; id++) {
      await channel.post(frame(id, big));
      const other = channel.stats().subscribers.find((subscriber) => subscriber.pipeline);
      if ((other?.queued ?? 0) > 12)
        await until(() => channel.stats().subscribers.some((s) => s.pipeline && s.queued < 4));
    }
    const got = await events(healthy, 201);
    expect(got.slice(1)).toEqual(ids(1, 200).map((id) => reported(id, big)));
    const held = channel.stats().subscribers.find((subscriber) => !subscriber.pipeline);
    expect(held?.dropped).toBeGreaterThan(0);
    expect(channel.stats().subscribers.every(isAccounted)).toBe(true);
    stalled.thaw();
    await until(() => channel.stats().subscribers.every((subscriber) => subscriber.queued + subscriber.unsent === 0));
    const late = await events(stalled, 3);
    expect(idsOf(late).map(Number)).toEqual(
      idsOf(late)
        .map(Number)
        .sort((a, b) => a - b),
    );
  });

  it('delivers the tail of a burst to a subscriber that resumes when the source is idle', async () => {
    const { channel, client, subscriber } = imageChannel({ queue: { frames: 64 } });
    const consumer = await client();
    await monitor(consumer);
    await subscribed(channel);
    await events(consumer, 1);
    await hold(consumer);
    await postFrames(channel, 1, 50);
    await until(() => subscriber().window === 0);
    expect(subscriber().queued).toBeGreaterThan(30);
    await resume(consumer);
    expect((await events(consumer, 51)).slice(1)).toEqual(ids(1, 50).map((id) => reported(id)));
    expect(subscriber()).toMatchObject({ posted: 51, delivered: 51, dropped: 0, queued: 0, queuedBytes: 0 });
  });

  it('delivers the tail of a burst to a subscriber without a pipeline', async () => {
    const { channel, client, subscriber } = imageChannel({ queue: { frames: 64 } });
    const consumer = await client();
    await monitor(consumer, 'record[queueSize=64]');
    await subscribed(channel);
    const size = 1024 * 1024;
    await consumer.freeze();
    await postFrames(channel, 1, 40, size);
    expect(subscriber().queued + subscriber().unsent).toBeGreaterThan(0);
    consumer.thaw();
    expect((await events(consumer, 41)).slice(1)).toEqual(ids(1, 40).map((id) => reported(id, size)));
  });

  it('is all that a client costs, however long a queue it asks for', async () => {
    const size = 1024 * 1024; // a hundred are more than connections hold
    const bytes = 6 * size;
    const { server, channel, subscriber } = imageChannel({ queue: { frames: 4, bytes }, onFull: 'dropOldest' });
    const options = { dedicated: true, pipeline: false, queueSize: 1000, queue: { frames: 2 } };
    const monitor = newClient(server).monitor('X:image', { ...options, request: 'field(uniqueId,value)' });
    await subscribed(channel);
    for (const id of ids(1, 100)) {
      await channel.post(frame(id, size));
      expect(subscriber().unsent).toBeLessThanOrEqual(6);
    }
    expect(subscriber()).toMatchObject({ queueSize: 1000, posted: 101 });
    expect(subscriber().dropped).toBeGreaterThan(0);
    let last: unknown = 0;
    for await (const event of monitor) {
      if (event.type === 'update') last = event.value.get('uniqueId');
      if (last === 100) break;
    }
  });
});

describe('a full queue', () => {
  async function fill(onFull: OnFull) {
    const made = imageChannel({ queue: { frames: 10 }, onFull });
    const consumer = await made.client();
    await monitor(consumer);
    await subscribed(made.channel);
    await events(consumer, 1);
    await hold(consumer);
    return { ...made, consumer };
  }

  it('makes a waiting source wait, and loses nothing', async () => {
    const { channel, consumer, subscriber } = await fill('wait');
    let id = 0;
    let room: void | Promise<void> = undefined;
    while (!room) room = channel.post(frame(++id));
    expect(() => channel.post(frame(999))).toThrowError(
      expect.objectContaining({ code: 'PVAFLOW_CHANNEL_FULL' }) as Error,
    );
    expect(subscriber()).toMatchObject({ queued: 10, maxQueued: 10, dropped: 0 });
    await resume(consumer);
    await room;
    await postFrames(channel, id + 1, id + 50);
    expect(idsOf(await events(consumer, id + 51)).slice(1)).toEqual(ids(1, id + 50));
  });

  it('drops the oldest updates where that is the policy', async () => {
    const { channel, consumer, subscriber } = await fill('dropOldest');
    for (const id of ids(1, 100)) {
      expect(channel.post(frame(id))).toBeUndefined();
      expect(isAccounted(subscriber())).toBe(true);
    }
    const { delivered, dropped } = subscriber();
    expect(subscriber()).toMatchObject({ posted: 101, queued: 10, maxQueued: 10 });
    expect(dropped).toBe(101 - delivered - 10);
    await resume(consumer);
    const got = idsOf(await events(consumer, 101 - dropped));
    expect(got).toEqual([0, ...ids(1, delivered - 1), ...ids(91, 100)]);
    await consumer.request('stop_monitor', { name: 'X:image' });
    await until(() => channel.subscribers === 0);
    expect(channel.stats()).toMatchObject({ dropped, subscribers: [] });
  });

  it('drops the newest updates where that is the policy', async () => {
    const { channel, consumer, subscriber } = await fill('dropNewest');
    for (const id of ids(1, 100)) {
      expect(channel.post(frame(id))).toBeUndefined();
      expect(isAccounted(subscriber())).toBe(true);
    }
    const { delivered, dropped } = subscriber();
    expect(dropped).toBe(101 - delivered - 10);
    await resume(consumer);
    const kept = delivered - 1 + 10;
    expect(idsOf(await events(consumer, kept + 1)).slice(1)).toEqual(ids(1, kept));
    await channel.post(frame(101));
    expect(idsOf(await events(consumer, kept + 2)).at(-1)).toBe(101);
  });

  it('is bounded in bytes too, and always takes one update', async () => {
    const { channel, client, subscriber } = imageChannel({
      queue: { frames: 1000, bytes: 10_000 },
      onFull: 'dropOldest',
    });
    const consumer = await client();
    await monitor(consumer);
    await subscribed(channel);
    await events(consumer, 1);
    await hold(consumer);
    for (const id of ids(1, 50)) await channel.post(frame(id, 4096));
    await until(() => subscriber().window === 0);
    expect(subscriber()).toMatchObject({ queued: 2, queuedBytes: 8192 });
    await channel.post(frame(51, 20_000));
    expect(subscriber()).toMatchObject({ queued: 1, queuedBytes: 20_000 });
    await resume(consumer);
    await until(() => subscriber().queued === 0);
    const total = subscriber().delivered;
    expect((await events(consumer, total)).at(-1)).toEqual(reported(51, 20_000));
  });
});

describe('partial updates', () => {
  const type = { a: 'int', b: 'int', list: 'int[]' } as const;

  async function held(onFull: OnFull) {
    const server = newServer();
    const channel = server.addChannel('X:parts', type, { queue: { frames: 2 }, onFull });
    const client = await PythonClient.p4p(peers, await placeOf(server));
    await client.request('monitor', { name: 'X:parts', request: 'record[pipeline=true,queueSize=2]' });
    await subscribed(channel);
    await client.request('events', { name: 'X:parts', count: 1 });
    await client.request('hold', { name: 'X:parts' });
    return { channel, client };
  }

  async function postParts(channel: Awaited<ReturnType<typeof held>>['channel']) {
    for (let i = 1; i <= 20; i++) await channel.post({ a: i });
    await channel.post({ b: 7 });
    for (let i = 21; i <= 40; i++) await channel.post({ a: i });
  }

  const updates = async (client: PythonClient, count: number) =>
    client.request<{ value: Record<string, unknown>; changed: string[] }[]>('events', { name: 'X:parts', count });

  it('keep the fields of dropped ones: oldest', async () => {
    const { channel, client } = await held('dropOldest');
    await postParts(channel);
    await client.request('resume', { name: 'X:parts' });
    await until(() => channel.stats().subscribers.every((subscriber) => subscriber.queued === 0));
    const got = await updates(client, channel.stats().subscribers[0]?.delivered ?? 0);
    expect(got.at(-1)?.value).toMatchObject({ a: 40, b: 7 });
    const withB = got.slice(1).filter((update) => update.changed.includes('b'));
    expect(withB).toHaveLength(1);
  });

  it('keep the fields of dropped ones: newest', async () => {
    const { channel, client } = await held('dropNewest');
    await postParts(channel);
    await client.request('resume', { name: 'X:parts' });
    const isThrough = () => channel.stats().subscribers.every((subscriber) => subscriber.queued === 0);
    await until(isThrough);
    await channel.post({ list: [1, 2] });
    await until(isThrough);
    const got = await updates(client, channel.stats().subscribers[0]?.delivered ?? 0);
    expect(got.at(-1)?.changed).toEqual(expect.arrayContaining(['a', 'list'])); // the last a was dropped
    expect(got.at(-1)?.value).toMatchObject({ a: 40, b: 7 });
    expect(got.slice(1).filter((update) => update.changed.includes('b'))).toHaveLength(1); // with its own update, or later
  });

  it('without the fields that a client asked for take no room of its', async () => {
    const server = newServer();
    const channel = server.addChannel('X:parts', type);
    const client = await PythonClient.p4p(peers, await placeOf(server));
    await client.request('monitor', { name: 'X:parts', request: 'record[pipeline=true,queueSize=2]field(b)' });
    await subscribed(channel);
    await client.request('events', { name: 'X:parts', count: 1 });
    const others = Array.from({ length: 20 }, (_, i) => channel.createValue().set('a', i));
    await channel.postAll([...others, channel.createValue().set('b', 8)]);
    expect((await updates(client, 2)).at(-1)).toMatchObject({ value: { b: 8 }, changed: ['b'] });
  });

  it('make one complete value for a new subscriber and for a get', async () => {
    const server = newServer();
    const channel = server.addChannel('X:parts', type);
    await channel.post({ a: 1 });
    await channel.post({ b: 2 });
    await channel.post({ a: 3, list: [4] });
    const client = await PythonClient.p4p(peers, await placeOf(server));
    await client.request('monitor', { name: 'X:parts', request: null });
    const [first] = await updates(client, 1);
    expect(first?.changed).toEqual(['a', 'b', 'list']);
    expect(first?.value).toMatchObject({ a: 3, b: 2 });
    const got = await client.request<{ value: object }>('get', { name: 'X:parts' });
    expect(got.value).toMatchObject({ a: 3, b: 2 });
    expect(channel.value?.toObject()).toMatchObject({ a: 3, b: 2, list: new Int32Array([4]) });
  });
});
