/** p4p's client against our server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NtEnum, NtScalar, NtScalarArray, PvaServer, PvObject, structure, union } from 'pvaflow';
import { newPlace } from '../peers/network.js';
import { ourServerAt } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient } from '../peers/python.js';

interface Got {
  readonly id: string;
  readonly value: Record<string, unknown>;
  readonly changed: string[];
}
interface Update {
  readonly type: string;
  readonly value?: Record<string, unknown>;
  readonly changed?: string[];
}

const peers = usePeers();
let server: PvaServer;
let client: PythonClient;

beforeAll(async () => {
  const place = await newPlace();
  server = new PvaServer(ourServerAt(place));
  client = await PythonClient.p4p(peers, place);
});
afterAll(() => server.close());

describe('get', () => {
  it('reads an NTScalar with its type id', async () => {
    server.addChannel('s:double', new PvObject(NtScalar.type('double'), { value: 1.5 }));
    const got = await client.request<Got>('get', { name: 's:double' });
    expect(got.id).toBe('epics:nt/NTScalar:1.0');
    expect(got.value).toMatchObject({ value: 1.5, alarm: { severity: 0 }, timeStamp: { userTag: 0 } });
  });

  it('reads 64-bit integers whole', async () => {
    server.addChannel('s:ulong', new PvObject(NtScalar.type('ulong'), { value: 2n ** 64n - 1n }));
    expect((await client.request<Got>('get', { name: 's:ulong' })).value.value).toEqual({
      long: '18446744073709551615',
    });
  });

  it('reads arrays in their own type', async () => {
    server.addChannel('s:array', new PvObject(NtScalarArray.type('ushort'), { value: Uint16Array.of(1, 65535) }));
    const { value } = await client.request<Got>('get', { name: 's:array' });
    expect(value.value).toEqual({ dtype: 'uint16', values: [1, 65535] });
  });

  it('reads an NTEnum', async () => {
    server.addChannel('s:enum', new PvObject(NtEnum.type(), { value: { index: 1, choices: ['off', 'on'] } }));
    const got = await client.request<Got>('get', { name: 's:enum' });
    expect(got.id).toBe('epics:nt/NTEnum:1.0');
    expect(got.value.value).toEqual({ index: 1, choices: ['off', 'on'] });
  });

  it('sees fields in their order, with the ids of nested types', async () => {
    const type = structure(
      { z: 'int', a: structure({ words: 'string[]' }, 'inner_t'), pick: union({ n: 'long', s: 'string' }) },
      'outer_t',
    );
    server.addChannel('s:structure', new PvObject(type, { pick: { s: 'chosen' } }));
    expect(await client.request('introspect', { name: 's:structure' })).toEqual([
      'S',
      'outer_t',
      [
        ['z', 'i'],
        ['a', ['S', 'inner_t', [['words', 'as']]]],
        [
          'pick',
          [
            'U',
            'structure',
            [
              ['n', 'l'],
              ['s', 's'],
            ],
          ],
        ],
      ],
    ]);
    expect((await client.request<Got>('get', { name: 's:structure' })).value.pick).toBe('chosen');
  });

  it('reads a part, when it asks for a part', async () => {
    const type = structure({ a: 'int', b: 'string' });
    server.addChannel('s:part', new PvObject(type, { a: 1, b: 'two' }));
    const { value, changed } = await client.request<Got>('get', { name: 's:part', request: 'field(b)' });
    expect({ value, changed }).toEqual({ value: { a: 0, b: 'two' }, changed: ['b'] });
  });
});

describe('put', () => {
  it('hands over what was changed, and what is posted is read back', async () => {
    const puts: { value: unknown; changed: string[] }[] = [];
    server.addChannel('p:double', new PvObject(NtScalar.type('double'), { value: 0 }), {
      onPut: (value) => void puts.push({ value: value.get('value'), changed: value.changedFields() }),
    });
    await client.request('put', { name: 'p:double', value: 2.5 });
    expect(puts).toEqual([{ value: 2.5, changed: ['value'] }]);
    expect((await client.request<Got>('get', { name: 'p:double' })).value.value).toBe(2.5);
  });

  it('tells the client why it is refused', async () => {
    server.addChannel('p:refused', new PvObject(NtScalar.type('double'), { value: 7 }), {
      onPut() {
        throw new Error('the shutter is closed');
      },
    });
    await expect(client.request('put', { name: 'p:refused', value: 1 })).rejects.toThrow('the shutter is closed');
    expect((await client.request<Got>('get', { name: 'p:refused' })).value.value).toBe(7);
  });

  it('is refused where nobody takes it', async () => {
    server.addChannel('p:read-only', new PvObject(NtScalar.type('double'), { value: 7 }));
    await expect(client.request('put', { name: 'p:read-only', value: 1 })).rejects.toThrow();
  });
});

describe('monitor', () => {
  it('gets each update with the fields that changed, and the end of the channel', async () => {
    const channel = server.addChannel('m:long', new PvObject(NtScalar.type('long'), { value: 0n }));
    await client.request('monitor', { name: 'm:long' });
    for (let count = 1; count <= 20; count++) {
      const events = await client.request<Update[]>('events', { name: 'm:long', count });
      expect(events.at(-1)?.value?.value).toBe(count - 1);
      if (count > 1) expect(events.at(-1)?.changed).toEqual(['value']);
      await channel.post({ value: BigInt(count) });
    }
    await client.request('events', { name: 'm:long', count: 21 });
    server.removeChannel('m:long');
    const events = await client.request<Update[]>('events', { name: 'm:long', count: 22 });
    expect(events.at(-1)).toEqual({ type: 'disconnected' });
  });
});

describe('rpc', () => {
  it('is answered, also later', async () => {
    server.addChannel('r:add', null, {
      async onRpc(argument) {
        await Promise.resolve();
        return new PvObject(NtScalar.type('double'), {
          value: Number(argument?.get('query.lhs')) + Number(argument?.get('query.rhs')),
        });
      },
    });
    const answer = await client.request('rpc', { name: 'r:add', arguments: { lhs: 1.5, rhs: 2.25 } });
    expect(answer).toMatchObject({ value: 3.75 });
  });

  it('is all that a channel without a value can do', async () => {
    server.addChannel('r:only', null, { onRpc: () => null });
    expect(await client.request('rpc', { name: 'r:only', arguments: { x: 1.5 } })).toEqual({});
    await expect(client.request('get', { name: 'r:only' })).rejects.toThrow('it answers remote procedure calls');
  });

  it('tells the caller what went wrong', async () => {
    server.addChannel('r:fail', null, { onRpc: () => Promise.reject(new Error('no beam')) });
    await expect(client.request('rpc', { name: 'r:fail', arguments: { x: 1.5 } })).rejects.toThrow('no beam');
  });
});
