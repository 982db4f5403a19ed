/** pvaPy's client against our server, and our client against pvaPy's server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NtScalar, PvaClient, PvaServer, PvObject, structure } from 'pvaflow';
import { nextUpdate } from '../peers/events.js';
import { newPlace } from '../peers/network.js';
import { ourClientOf, ourServerAt } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient, startPvapyServer } from '../peers/python.js';

const peers = usePeers();

describe("pvaPy's client, our server", () => {
  let server: PvaServer;
  let client: PythonClient;
  beforeAll(async () => {
    const place = await newPlace();
    server = new PvaServer(ourServerAt(place));
    client = await PythonClient.pvapy(peers, place);
  });
  afterAll(() => server.close());

  it('gets and puts a scalar', async () => {
    server.addChannel('o:double', new PvObject(NtScalar.type('double'), { value: 1.5 }), { onPut: 'accept' });
    expect(await client.request('get', { name: 'o:double' })).toMatchObject({ value: 1.5 });
    await client.request('put', { name: 'o:double', value: 4 });
    expect(await client.request('get', { name: 'o:double' })).toMatchObject({ value: 4 });
  });

  it('puts a structure of its own, of which only some fields are there', async () => {
    const puts: unknown[] = [];
    const type = structure({ id: 'uint', command: 'string', args: 'string', answer: 'string' });
    server.addChannel('o:control', new PvObject(type, { id: 3 }), {
      onPut: (value) => void puts.push(value.toObject()),
    });
    await client.request('put', { name: 'o:control', value: { command: 'go', args: '{"x":1}' } });
    expect(puts).toEqual([{ id: 3, command: 'go', args: '{"x":1}', answer: '' }]); // it sends what it has read, too
  });

  it('monitors', async () => {
    const channel = server.addChannel('o:count', new PvObject(NtScalar.type('int'), { value: 0 }));
    await client.request('monitor', { name: 'o:count' });
    for (let count = 1; count <= 10; count++) {
      const updates = await client.request<{ value: number }[]>('events', { name: 'o:count', count });
      expect(updates.at(-1)?.value).toBe(count - 1);
      await channel.post({ value: count });
    }
  });

  it('calls', async () => {
    server.addChannel('o:upper', null, {
      onRpc: (argument) =>
        new PvObject(structure({ answer: 'string' }), { answer: argument?.get<string>('text').toUpperCase() }),
    });
    expect(await client.request('rpc', { name: 'o:upper', arguments: { text: 'abc' } })).toEqual({ answer: 'ABC' });
  });
});

describe("our client, pvaPy's server", () => {
  let client: PvaClient;
  beforeAll(async () => {
    const { place } = await startPvapyServer(peers, 'v:');
    client = new PvaClient(ourClientOf(place));
  });
  afterAll(() => client.close());

  it('gets and puts', async () => {
    expect((await client.get('v:structure')).toObject()).toEqual({ i: 7, words: ['a', 'b'], inner: { x: 2.5 } });
    await client.put('v:structure', { inner: { x: -1 }, words: ['c'] });
    expect((await client.get('v:structure')).toObject()).toEqual({ i: 7, words: ['c'], inner: { x: -1 } });
  });

  it('monitors', async () => {
    using subscription = client.monitor('v:double');
    expect((await nextUpdate(subscription)).get('value')).toBe(1.5);
    await client.put('v:double', { value: 2.5 });
    expect((await nextUpdate(subscription)).get('value')).toBe(2.5);
  });

  it('calls', async () => {
    const argument = new PvObject(structure({ text: 'string' }), { text: 'abc' });
    expect((await client.rpc('v:upper', argument))?.get('answer')).toBe('ABC');
  });
});
