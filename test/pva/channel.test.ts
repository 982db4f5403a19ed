import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PvaflowError } from '../../src/core/errors.js';
import type { PvaChannelOptions } from '../../src/pva/channel-options.js';
import type { PvaChannel } from '../../src/pva/channel.js';
import { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import { PvObject } from '../../src/pva/pv-object.js';
import { structure } from '../../src/pva/pv-type.js';
import { PythonClient } from '../peers/python.js';
import { usePeers } from '../peers/peers.js';
import { placeOf, subscribed, until, useServers } from './serving.js';

const peers = usePeers();
const newServer = useServers();
const code = (name: string) => expect.objectContaining({ code: name }) as Error;

async function served(type: Parameters<ReturnType<typeof newServer>['addChannel']>[1], options?: PvaChannelOptions) {
  const server = newServer();
  const channel = server.addChannel('X', type, options);
  const client = await PythonClient.p4p(peers, await placeOf(server));
  return { server, channel, client };
}

const get = async (client: PythonClient) =>
  (await client.request<{ value: Record<string, unknown> }>('get', { name: 'X' })).value;
const put = (client: PythonClient, value: unknown) => client.request('put', { name: 'X', value });
const rpc = (client: PythonClient, args: Record<string, unknown>) =>
  client.request('rpc', { name: 'X', arguments: args });

describe('a get', () => {
  it('returns the current value', async () => {
    const { channel, client } = await served({ value: 'double', name: 'string' });
    expect(await get(client)).toEqual({ value: 0, name: '' });
    await channel.post({ value: 4.5 });
    await channel.post({ name: 'X4' });
    expect(await get(client)).toEqual({ value: 4.5, name: 'X4' });
  });
});

describe('a monitor that only passes options to a distributor', () => {
  it('gets everything, and the options can be read', async () => {
    const server = newServer();
    const channel = server.addChannel('X', { value: 'int' });
    const client = await PythonClient.pvapy(peers, await placeOf(server));
    const request = 'record[queueSize=5]field(_[pydistributor=group:A;updates:2])';
    await client.request('monitor', { name: 'X', request });
    await subscribed(channel);
    expect(channel.stats().subscribers[0]).toMatchObject({
      queueSize: 5,
      recordOptions: { queueSize: '5' },
      distributorOptions: { pydistributor: 'group:A;updates:2' },
    });
    await channel.post({ value: 3 });
    expect(await client.request('events', { name: 'X', count: 2 })).toEqual([{ value: 0 }, { value: 3 }]);
  });
});

describe('a put', () => {
  it('is refused without a handler, with the reason', async () => {
    const { client, channel } = await served({ value: 'int' });
    await expect(put(client, { value: 1 })).rejects.toThrow('does not accept puts');
    expect(channel.value?.get('value')).toBe(0);
  });

  it('is posted when the channel accepts puts, with the time of the put', async () => {
    const { channel, client } = await served(NtScalar.type('int'), { onPut: 'accept' });
    const before = Date.now();
    await put(client, { value: 8 });
    expect(channel.value?.get('value')).toBe(8);
    expect(channel.value?.timeStamp.toDate().getTime()).toBeGreaterThanOrEqual(before - 3); // as near as the clock is kept
  });

  it('shows the handler which fields the client sent, and who sent them', async () => {
    const seen: unknown[] = [];
    const { client } = await served(
      { a: 'int', b: 'int' },
      {
        onPut: (value, request) => void seen.push(value.changedFields(), value.get('b'), request.method, request.peer),
      },
    );
    await client.request('put', { name: 'X', value: { b: 5 }, get: false });
    expect(seen).toEqual([['b'], 5, 'ca', expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
  });

  const decisions: [string, PvaChannelOptions['onPut'], string | number][] = [
    ['nothing', () => undefined, 9],
    ['true', () => true, 9],
    ['a promise', () => setTimeout(10, true), 9],
    ['other fields', (value) => ({ value: value.get<number>('value') * 2 }), 18],
    ['another value', (value) => value.clone().set('value', 3), 3],
    ['false', () => false, 'refused the put'],
    ['a promise of false', () => setTimeout(10, false), 'refused the put'],
    [
      'an exception',
      () => {
        throw new RangeError('too hot');
      },
      'too hot',
    ],
    ['a rejected promise', () => Promise.reject(new Error('later: no')), 'later: no'],
  ];
  it.each(decisions)('is decided by what the handler returns: %s', async (_, onPut, expected) => {
    const { client, channel } = await served({ value: 'int' }, { onPut: onPut! });
    if (typeof expected === 'string') {
      await expect(put(client, { value: 9 })).rejects.toThrow(expected);
      expect(channel.value?.get('value')).toBe(0);
    } else {
      await put(client, { value: 9 });
      expect(channel.value?.get('value')).toBe(expected);
    }
  });

  it('that nobody answers ends with the timeout of the client, and the channel goes on', async () => {
    let calls = 0;
    const { client, channel } = await served(
      { value: 'int' },
      { onPut: () => (calls++ === 0 ? new Promise<boolean>(() => undefined) : true) },
    );
    await expect(client.request('put', { name: 'X', value: { value: 1 }, timeout: 0.3 })).rejects.toThrow('Timeout');
    await put(client, { value: 2 });
    expect(channel.value?.get('value')).toBe(2);
  });

  it('may be answered after its client has gone', async () => {
    let answer!: (accepted: boolean) => void;
    const { client, channel } = await served(
      { value: 'int' },
      { onPut: () => new Promise<boolean>((resolve) => (answer = resolve)) },
    );
    await expect(client.request('put', { name: 'X', value: { value: 1 }, timeout: 0.3 })).rejects.toThrow('Timeout');
    answer(true);
    await until(() => channel.value?.get('value') === 1);
  });
});

describe('a call', () => {
  it('is refused without a handler', async () => {
    const { client } = await served({ value: 'int' });
    await expect(rpc(client, { a: 1 })).rejects.toThrow('does not answer remote procedure calls');
  });

  it('is answered with what the handler returns, at once or later', async () => {
    const { client } = await served(
      { value: 'int' },
      {
        onRpc: async (argument) => {
          const sum = argument!.get<number>('query.a') + argument!.get<number>('query.b');
          if (sum > 10) await setTimeout(10);
          return new PvObject(structure({ sum: 'double' }), { sum });
        },
      },
    );
    expect(await rpc(client, { a: 1.5, b: 2.5 })).toEqual({ sum: 4 });
    expect(await rpc(client, { a: 15.5, b: 2.5 })).toEqual({ sum: 18 });
  });

  it('that fails tells its client why', async () => {
    const { client } = await served({ value: 'int' }, { onRpc: () => Promise.reject(new Error('no such motor')) });
    await expect(rpc(client, { a: 1.5 })).rejects.toThrow('no such motor');
  });

  it('may return nothing', async () => {
    const { client } = await served({ value: 'int' }, { onRpc: () => undefined });
    expect(await rpc(client, { a: 1.5 })).toEqual({});
  });
});

describe('the type of a channel', () => {
  it('may come later: clients wait for it', async () => {
    const { channel, client } = await served(null);
    expect(channel.type).toBeNull();
    expect(channel.value).toBeNull();
    expect(() => channel.post({ value: 1 })).toThrowError(code('PVAFLOW_CHANNEL_TYPE'));
    await expect(client.request('put', { name: 'X', value: { value: 1 }, timeout: 0.3 })).rejects.toThrow('Timeout');
    channel.open({ value: 'int' }, { value: 6 });
    expect(await get(client)).toEqual({ value: 6 });
  });

  it('may come later: those who found the channel before see its first value', async () => {
    const { channel, client } = await served(null);
    await client.request('monitor', { name: 'X' });
    channel.open({ value: 'int' }, { value: 6 });
    await subscribed(channel);
    await channel.post({ value: 7 });
    const events = await client.request<{ value?: unknown }[]>('events', { name: 'X', count: 2 });
    expect(events.flatMap(({ value }) => value ?? []).slice(0, 2)).toEqual([{ value: 6 }, { value: 7 }]);
  });

  it('may change: clients come back and see the new one', async () => {
    const { channel, client } = await served({ value: 'int' });
    await client.request('monitor', { name: 'X' });
    await subscribed(channel);
    await channel.post({ value: 1 });
    await client.request('events', { name: 'X', count: 2 });
    channel.open({ text: 'string' }, { text: 'new' });
    expect(await client.request('events', { name: 'X', count: 4 })).toMatchObject([
      { value: { value: 0 } },
      { value: { value: 1 } },
      { type: 'disconnected' },
      { value: { text: 'new' } },
    ]);
    await channel.post({ text: 'newer' });
    expect(await get(client)).toEqual({ text: 'newer' });
  });

  it('is not changed by a value of another type', async () => {
    const { channel } = await served({ value: 'int' });
    expect(() => channel.post(new PvObject({ value: 'double' }))).toThrowError(code('PVAFLOW_TYPE'));
    expect(() => channel.post({ vale: 1 })).toThrowError(code('PVAFLOW_FIELD'));
    expect(() => channel.open('int')).toThrowError(code('PVAFLOW_TYPE'));
  });
});

describe('posting', () => {
  it('counts only what changes something', async () => {
    const { channel } = await served({ value: 'int' });
    await channel.post({});
    expect(channel.stats().posted).toBe(0);
  });

  it('takes several values at once, in order', async () => {
    const { channel, client } = await served({ value: 'int' });
    await client.request('monitor', { name: 'X', request: 'record[pipeline=true,queueSize=50]' });
    await subscribed(channel);
    await channel.postAll(Array.from({ length: 40 }, (_, i) => channel.createValue().set('value', i + 1)));
    const events = await client.request<{ value: { value: number } }[]>('events', { name: 'X', count: 41 });
    expect(events.map((event) => event.value.value)).toEqual(Array.from({ length: 41 }, (_, i) => i));
  });

  it('leaves the value to its owner, unless it is handed over', async () => {
    const { channel } = await served({ list: 'double[]' });
    const value = channel.createValue().set('list', [1, 2, 3]);
    const list = value.get<Float64Array>('list');
    await channel.post(value);
    list[0] = 9;
    expect(channel.value?.get('list')).toEqual(new Float64Array([1, 2, 3]));
    await channel.post(value, { transfer: true });
    expect(list).toHaveLength(0);
    expect(channel.value?.get('list')).toEqual(new Float64Array([9, 2, 3]));
  });
});

describe('subscribers', () => {
  it('are counted as they come and go', async () => {
    const counts: number[] = [];
    const { channel, client } = await served({ value: 'int' }, { onSubscribers: (count) => counts.push(count) });
    await client.request('monitor', { name: 'X' });
    await until(() => channel.subscribers === 1);
    await client.request('stop_monitor', { name: 'X' });
    await until(() => channel.subscribers === 0);
    expect(counts).toEqual([1, 0]);
  });
});

describe('a closed channel', () => {
  it('disconnects its clients, refuses every use and takes its name off the server', async () => {
    const { server, channel, client } = await served({ value: 'int' });
    await client.request('monitor', { name: 'X' });
    await subscribed(channel);
    await client.request('events', { name: 'X', count: 1 });
    channel.close();
    channel.close();
    expect(await client.request('events', { name: 'X', count: 2 })).toMatchObject([{}, { type: 'disconnected' }]);
    expect(server.channels()).toEqual([]);
    expect(channel.closed).toBe(true);
    expect(channel.stats().subscribers).toEqual([]);
    const uses: ((channel: PvaChannel) => unknown)[] = [
      (it) => it.post({ value: 1 }),
      (it) => it.postAll([]),
      (it) => it.open({ value: 'int' }),
      (it) => it.createValue(),
      (it) => it.value,
    ];
    for (const use of uses) expect(() => use(channel)).toThrowError(code('PVAFLOW_CHANNEL_CLOSED'));
  });

  it('tells a waiting source so', async () => {
    const { channel, client } = await served({ value: 'int' }, { queue: { frames: 1 } });
    await client.request('monitor', { name: 'X', request: 'record[pipeline=true,queueSize=2]' });
    await subscribed(channel);
    await client.request('hold', { name: 'X' });
    let room: void | Promise<void> = undefined;
    for (let i = 0; !room; i++) room = channel.post({ value: i });
    channel.close();
    await expect(room).rejects.toThrow(PvaflowError);
  });

  it('may be replaced by another of its name', async () => {
    const { server, channel, client } = await served({ value: 'int' });
    await get(client);
    channel.close();
    server.addChannel('X', { text: 'string' }, {});
    expect(await get(client)).toEqual({ text: '' });
  });
});
