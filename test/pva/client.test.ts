import { describe, expect, it } from 'vitest';
import { PvObject } from '../../src/pva/pv-object.js';
import { NtEnum } from '../../src/pva/normative/nt-enum.js';
import { structureArray, union } from '../../src/pva/pv-type.js';
import { usePeers } from '../peers/peers.js';
import { startP4pServer } from '../peers/python.js';
import { PvaClient } from '../../src/pva/client.js';
import { useClients } from './clients.js';
import { placeOf, until, useServers } from './serving.js';

const newServer = useServers();
const newClient = useClients();
const code = (name: string): unknown => expect.objectContaining({ name: 'PvaflowError', code: name });

const everything = () =>
  new PvObject(
    {
      flag: 'boolean',
      small: 'byte',
      big: 'ulong',
      real: 'float',
      text: 'string',
      bytes: 'ubyte[]',
      longs: 'long[]',
      words: 'string[]',
      inner: { x: 'double', list: structureArray({ a: 'int' }) },
      choice: union({ number: 'int', name: 'string' }),
      anything: 'any',
    },
    { flag: true, small: -5, big: 2n ** 64n - 1n, real: 0.5, text: 'grün', bytes: new Uint8Array([1, 2, 255]) },
  );

const contents = {
  flag: true,
  small: -5,
  big: 2n ** 64n - 1n,
  real: 0.5,
  text: 'grün',
  bytes: new Uint8Array([1, 2, 255]),
  longs: new BigInt64Array(0),
  words: [],
  inner: { x: 0, list: [] },
  choice: null,
  anything: null,
};

describe('against a PvaServer', () => {
  it('gets every kind of value, and its type', async () => {
    const server = newServer();
    const initial = everything();
    server.addChannel('all', initial);
    const client = newClient(server);
    expect((await client.get('all')).toObject()).toEqual(contents);
    expect((await client.info('all')).equals(initial.type)).toBe(true);
  });

  it('gets the fields that are asked for', async () => {
    const server = newServer();
    server.addChannel('all', everything());
    const value = await newClient(server).get('all', { request: 'field(small,inner.x)' });
    expect(value.changedFields()).toEqual(expect.arrayContaining(['small']));
    expect(value.isChanged('big')).toBe(false);
    expect(value.get('small')).toBe(-5);
  });

  it('puts by path, by object, by PvObject and by plain value', async () => {
    const server = newServer();
    server.addChannel('all', everything(), { onPut: () => true });
    server.addChannel('number', new PvObject({ value: 'double', unit: 'string' }), { onPut: () => true });
    const client = newClient(server);
    await client.put('all', { small: 7, 'inner.x': 2.5, longs: [1n, -2n], words: ['a', ''] });
    await client.put('all', { inner: { list: [{ a: 1 }, null] }, choice: { name: 'b' }, bytes: new Uint8Array(3) });
    expect((await client.get('all')).toObject()).toEqual({
      ...contents,
      small: 7,
      inner: { x: 2.5, list: [{ a: 1 }, null] },
      longs: new BigInt64Array([1n, -2n]),
      words: ['a', ''],
      choice: 'b',
      bytes: new Uint8Array(3),
    });
    await client.put('number', 4.5);
    await client.put('number', new PvObject({ value: 'double', unit: 'string' }, { unit: 'mm' }));
    expect((await client.get('number')).toObject()).toEqual({ value: 4.5, unit: 'mm' });
  });

  it('puts an enum by index and by the text of a choice', async () => {
    const server = newServer();
    const initial = new PvObject(NtEnum.type(), { value: { index: 0, choices: ['off', 'on'] } });
    server.addChannel('switch', initial, { onPut: () => true });
    const client = newClient(server);
    await client.put('switch', 'on');
    expect((await client.get('switch')).get('value.index')).toBe(1);
    await client.put('switch', 0);
    expect((await client.get('switch')).get('value.index')).toBe(0);
    await expect(client.put('switch', 'open')).rejects.toThrow(
      /put switch: value: "open" is none of the choices off, on/,
    );
  });

  it('says what is wrong with a value that cannot be put', async () => {
    const server = newServer();
    server.addChannel('all', everything(), { onPut: () => true });
    const client = newClient(server);
    await expect(client.put('all', { small: 200 })).rejects.toThrow(code('PVAFLOW_VALUE_RANGE'));
    await expect(client.put('all', { smal: 2 })).rejects.toThrow(code('PVAFLOW_FIELD'));
    await expect(client.put('all', new PvObject({ small: 'string' }, { small: 'x' }))).rejects.toThrow(
      code('PVAFLOW_TYPE'),
    );
    await expect(client.put('all', { text: 'still here' })).resolves.toBeUndefined();
  });

  it('calls remote procedures', async () => {
    const server = newServer();
    server.addChannel('double', null, {
      onRpc: (argument) => new PvObject({ value: 'int' }, { value: (argument?.get<number>('value') ?? 0) * 2 }),
    });
    const client = newClient(server);
    const argument = new PvObject({ value: 'int' }, { value: 21 });
    expect((await client.rpc('double', argument))?.get('value')).toBe(42);
    expect((await client.rpc('double', argument, { server: `127.0.0.1:${server.port}` }))?.get('value')).toBe(42);
  });

  it('hands on the words of a server that refuses', async () => {
    const server = newServer();
    const refuse = () => {
      throw new Error('not today');
    };
    server.addChannel('shut', new PvObject({ value: 'int' }), { onPut: refuse, onRpc: refuse });
    const client = newClient(server);
    await expect(client.put('shut', 1)).rejects.toThrow(code('PVAFLOW_REMOTE'));
    await expect(client.put('shut', 1)).rejects.toThrow(/put shut: .*not today/);
    await expect(client.rpc('shut', new PvObject({ a: 'int' }))).rejects.toThrow(/rpc shut: .*not today/);
  });

  it('gives up in time, and says where it searched or that the server is slow', async () => {
    const server = newServer();
    server.addChannel('slow', new PvObject({ value: 'int' }), { onRpc: () => new Promise(() => undefined) });
    const client = newClient(server);
    const argument = new PvObject({ a: 'int' });
    const absent = client.get('absent', { timeout: 0.05 });
    await expect(absent).rejects.toThrow(code('PVAFLOW_TIMEOUT'));
    await expect(absent).rejects.toThrow(
      `get absent: no server answered in 0.05 s (searched 127.0.0.1:${server.port} (name server); `,
    );
    await client.get('slow');
    const slow = client.rpc('slow', argument, { timeout: 2 });
    await expect(slow).rejects.toThrow('rpc slow: the server did not answer in 2 s');
    await expect(client.put('absent', 1, { timeout: 0.05 })).rejects.toThrow(code('PVAFLOW_TIMEOUT'));
    await expect(client.info('absent', { timeout: 0.05 })).rejects.toThrow(code('PVAFLOW_TIMEOUT'));
  });

  it('waits for a channel that appears later', async () => {
    const server = newServer();
    const client = newClient(server);
    const value = client.get('later', { timeout: Infinity });
    server.addChannel('later', new PvObject({ value: 'int' }, { value: 3 }));
    expect((await value).get('value')).toBe(3);
  });

  it('is cancelled by a signal', async () => {
    const client = newClient(newServer());
    const abort = new AbortController();
    const value = client.get('absent', { signal: abort.signal, timeout: Infinity });
    abort.abort(new Error('enough'));
    await expect(value).rejects.toThrow(code('PVAFLOW_CANCELLED'));
    await expect(client.get('absent', { signal: abort.signal })).rejects.toThrow(code('PVAFLOW_CANCELLED'));
  });

  it('fails an rpc whose connection is lost, once and for all', async () => {
    const server = newServer();
    let calls = 0;
    server.addChannel('work', null, { onRpc: () => (calls++, new Promise(() => undefined)) });
    const answer = newClient(server).rpc('work', new PvObject({ a: 'int' }), { timeout: Infinity });
    const failed = expect(answer).rejects.toThrow(code('PVAFLOW_DISCONNECTED'));
    await until(() => calls === 1);
    server.close();
    await failed;
  });

  it('tells of connections', async () => {
    const server = newServer();
    const channel = server.addChannel('x', new PvObject({ value: 'int' }));
    const client = newClient(server);
    const told: string[] = [];
    const connection = client.connect('x', ({ type }) => told.push(type));
    expect(connection.connected).toBe(false);
    await until(() => connection.connected);
    expect(connection.peer).toBe(`127.0.0.1:${server.port}`);
    channel.close();
    await until(() => !connection.connected);
    connection.close();
    server.addChannel('x', new PvObject({ value: 'int' }));
    await client.get('x');
    expect(told).toEqual(['connected', 'disconnected']);
  });

  it('asks servers to show themselves', async () => {
    const server = newServer();
    const { udpPort } = await placeOf(server);
    using client = new PvaClient({
      addressList: [`127.0.0.1:${udpPort}`],
      autoAddressList: false,
      useEnvironment: false,
    });
    const found: string[] = [];
    const discovery = client.discover((one) => found.push(one.server));
    await until(() => found.includes(`127.0.0.1:${server.port}`));
    discovery[Symbol.dispose]();
  });
});

describe('a closed client', () => {
  it('has rejected what was under way, and refuses everything', async () => {
    const server = newServer();
    server.addChannel('x', new PvObject({ value: 'int' }));
    const client = newClient(server);
    await client.get('x');
    const open = [
      client.get('absent'),
      client.put('absent', 1),
      client.info('absent'),
      client.rpc('absent', new PvObject({ a: 'int' })),
    ];
    const connection = client.connect('absent', () => undefined);
    const subscription = client.monitor('absent');
    client.close();
    client.close();
    for (const promise of open) await expect(promise).rejects.toThrow(code('PVAFLOW_CLOSED'));
    expect(client.closed).toBe(true);
    expect(subscription.closed).toBe(true);
    expect(connection.connected).toBe(false);
    connection.close();
    await expect(client.get('x')).rejects.toThrow(code('PVAFLOW_CLOSED'));
    await expect(client.put('x', 1)).rejects.toThrow(code('PVAFLOW_CLOSED'));
    await expect(client.info('x')).rejects.toThrow(code('PVAFLOW_CLOSED'));
    await expect(client.rpc('x', new PvObject({ a: 'int' }))).rejects.toThrow(code('PVAFLOW_CLOSED'));
    expect(() => client.discover(() => undefined)).toThrow(code('PVAFLOW_CLOSED'));
    expect(() => client.monitor('x')).toThrow(code('PVAFLOW_CLOSED'));
    expect(() => client.connect('x', () => undefined)).toThrow(code('PVAFLOW_CLOSED'));
    expect(client.describeSearch()).toContain('127.0.0.1');
  });

  it.each([{ tmeout: 1 }, { timeout: -1 }])('refuses %j as options', async (options) => {
    const client = newClient(newServer());
    await expect(async () => client.get('x', options as object)).rejects.toThrow(code('PVAFLOW_OPTION'));
    await expect(async () => client.get('', {})).rejects.toThrow(code('PVAFLOW_OPTION'));
  });
});

describe('against p4p', () => {
  const peers = usePeers();

  it('gets, puts, calls and is refused', async () => {
    const { place } = await startP4pServer(peers, 'p4p:');
    const client = newClient(place);
    expect((await client.get('p4p:double')).get('value')).toBe(1.5);
    await client.put('p4p:double', 2.5);
    expect((await client.get('p4p:double')).get('value')).toBe(2.5);
    await expect(client.put('p4p:double', -1)).rejects.toThrow('put p4p:double: negative values are refused');
    await client.put('p4p:array', new Float64Array([4, 5]));
    expect((await client.get('p4p:array')).get('value')).toEqual(new Float64Array([4, 5]));
    await client.put('p4p:enum', 'broken');
    expect((await client.get('p4p:enum')).get('value.index')).toBe(2);
    expect((await client.get('p4p:odd')).get('choice')).toBe('chosen');
    const query = new PvObject({ query: { lhs: 'double', rhs: 'double' } }, { query: { lhs: 1, rhs: 2 } });
    expect((await client.rpc('p4p:add', query))?.get('value')).toBe(3);
    await expect(client.rpc('p4p:add', new PvObject({ a: 'int' }))).rejects.toThrow(code('PVAFLOW_REMOTE'));
    expect(String(await client.info('p4p:odd'))).toMatch(/^odd_t/);
    const channels = await client.rpc('server', new PvObject({ op: 'string' }, { op: 'channels' }), {
      server: `127.0.0.1:${place.tcpPort}`,
    });
    expect(channels?.get('value')).toContain('p4p:double');
  });
});
