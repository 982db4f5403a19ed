/** Our client against p4p's server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PvaClient, PvObject, structure, type Subscription } from 'pvaflow';
import { nextUpdate } from '../peers/events.js';
import { ourClientOf } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { startP4pServer } from '../peers/python.js';

const peers = usePeers();
let client: PvaClient;

beforeAll(async () => {
  const { place } = await startP4pServer(peers, 'p:');
  client = new PvaClient(ourClientOf(place));
});
afterAll(() => client.close());

describe('get', () => {
  it.each([
    ['double', 'epics:nt/NTScalar:1.0', 1.5],
    ['long', 'epics:nt/NTScalar:1.0', 2n ** 60n],
    ['string', 'epics:nt/NTScalar:1.0', 'hello'],
    ['array', 'epics:nt/NTScalarArray:1.0', Float64Array.of(1, 2, 3)],
    ['enum', 'epics:nt/NTEnum:1.0', { index: 1, choices: ['off', 'on', 'broken'] }],
    ['table', 'epics:nt/NTTable:1.0', { name: ['a', 'b'], count: BigInt64Array.of(1n, 2n) }],
  ])('reads %s', async (name, id, value) => {
    const got = await client.get(`p:${name}`);
    expect(got.typeId).toBe(id);
    expect(got.get('value')).toEqual(value);
  });

  it('reads structures, arrays of structures, unions and any', async () => {
    const got = await client.get('p:odd');
    expect(got.typeId).toBe('odd_t');
    expect(got.toObject()).toEqual({
      flag: true,
      bytes: Int8Array.of(-128, 0, 127),
      big: 2n ** 64n - 1n,
      words: ['one', '', 'drei'],
      inner: {
        x: 1.5,
        y: [
          { a: 1, b: 0.5 },
          { a: -2, b: -0.5 },
        ],
      },
      choice: 'chosen',
      anything: 42.5,
    });
    expect(got.selected('choice')).toBe('text');
  });

  it('fails clearly for a channel that nobody serves', async () => {
    await expect(client.get('p:absent', { timeout: 0.5 })).rejects.toMatchObject({ code: 'PVAFLOW_TIMEOUT' });
  });
});

it('learns a type without a value', async () => {
  const type = await client.info('p:odd');
  expect(type.id).toBe('odd_t');
  expect(Object.keys(type.fields)).toEqual(['flag', 'bytes', 'big', 'words', 'inner', 'choice', 'anything']);
});

describe('put', () => {
  it('sets one field, and reads it back', async () => {
    await client.put('p:string', { value: 'changed' });
    expect((await client.get('p:string')).get('value')).toBe('changed');
  });

  it('sets arrays and nested fields', async () => {
    await client.put('p:array', { value: Float64Array.of(9, 8) });
    expect((await client.get('p:array')).get('value')).toEqual(Float64Array.of(9, 8));
    await client.put('p:odd', { inner: { x: -3 }, choice: { number: 5 } });
    const got = await client.get('p:odd');
    expect([got.get('inner.x'), got.get('choice.number'), got.get('flag')]).toEqual([-3, 5, true]);
  });

  it("passes on the server's refusal", async () => {
    await expect(client.put('p:double', { value: -1 })).rejects.toThrow('negative values are refused');
  });
});

describe('monitor', () => {
  it('gets each update', async () => {
    using subscription: Subscription = client.monitor('p:long');
    expect((await nextUpdate(subscription)).get('value')).toBe(2n ** 60n);
    for (let value = 1n; value <= 10n; value++) {
      await client.put('p:long', { value });
      const update = await nextUpdate(subscription);
      expect(update.get('value')).toBe(value);
      expect(update.isChanged('alarm')).toBe(false);
    }
  });
});

describe('rpc', () => {
  const query = (lhs: number, rhs: number) =>
    new PvObject(
      structure(
        { scheme: 'string', path: 'string', query: structure({ lhs: 'double', rhs: 'double' }) },
        'epics:nt/NTURI:1.0',
      ),
      { path: 'p:add', query: { lhs, rhs } },
    );

  it('gets the answer', async () => {
    expect((await client.rpc('p:add', query(40, 2)))?.get('value')).toBe(42);
  });

  it('passes on what went wrong', async () => {
    const empty = new PvObject(structure({ query: structure({ lhs: 'double' }) }, 'epics:nt/NTURI:1.0'));
    await expect(client.rpc('p:add', empty)).rejects.toThrow('AttributeError');
  });
});
