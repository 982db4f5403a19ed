/** Our client against the records of an IOC with PVXS' QSRV. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PvaClient } from 'pvaflow';
import { nextUpdate } from '../peers/events.js';
import { ourClientOf } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { startIoc } from '../peers/python.js';

const peers = usePeers();
let client: PvaClient;

beforeAll(async () => {
  const { place } = await startIoc(peers, 'i:');
  client = new PvaClient(ourClientOf(place));
});
afterAll(() => client.close());

describe('a record as NTScalar', () => {
  it('is read with its units, limits and time', async () => {
    const got = await client.get('i:ao');
    expect(got.typeId).toBe('epics:nt/NTScalar:1.0');
    expect(got.get('value')).toBe(1.5);
    expect(got.get('display.units')).toBe('mm');
    expect([got.get('control.limitLow'), got.get('control.limitHigh')]).toEqual([-10, 10]);
    expect(got.timeStamp.toDate().getUTCFullYear()).toBeGreaterThan(2000);
  });

  it('is put to, and its alarm is seen', async () => {
    await client.put('i:ao', { value: 9 });
    const got = await client.get('i:ao');
    expect(got.get('value')).toBe(9);
    expect(got.alarm.severity).toBe(2);
  });

  it('is monitored', async () => {
    using subscription = client.monitor('i:longout');
    expect((await nextUpdate(subscription)).get('value')).toBe(42);
    await client.put('i:longout', { value: 43 });
    expect((await nextUpdate(subscription)).get('value')).toBe(43);
  });

  it('holds text', async () => {
    await client.put('i:stringout', { value: 'two words' });
    expect((await client.get('i:stringout')).get('value')).toBe('two words');
  });
});

describe('a record as NTEnum', () => {
  it('is read with its choices and put to by index', async () => {
    const got = await client.get('i:mbbo');
    expect(got.typeId).toBe('epics:nt/NTEnum:1.0');
    expect(got.get('value')).toEqual({ index: 1, choices: ['idle', 'moving', 'fault'] });
    await client.put('i:mbbo', { value: { index: 2 } });
    expect((await client.get('i:mbbo')).get('value.index')).toBe(2);
  });
});

describe('a waveform', () => {
  it('is put to and read as a typed array', async () => {
    const written = Float64Array.from({ length: 100 }, (_, index) => Math.sin(index));
    await client.put('i:waveform', { value: written });
    const got = await client.get('i:waveform');
    expect(got.typeId).toBe('epics:nt/NTScalarArray:1.0');
    expect(got.get('value')).toEqual(written);
  });
});

describe('a group', () => {
  it('is read, put to and monitored as one structure', async () => {
    expect((await client.info('i:group')).id).toBe('demo_t');
    using subscription = client.monitor('i:group', { fields: ['x', 'n'] });
    const first = await nextUpdate(subscription);
    expect([first.get('x'), first.get('n')]).toEqual([3.5, 7]);
    await client.put('i:group', { n: 8 });
    const next = await nextUpdate(subscription);
    expect([next.get('n'), next.isChanged('n')]).toEqual([8, true]);
    expect((await client.get('i:n')).get('value')).toBe(8);
  });
});

it('is told by the IOC that a value is refused', async () => {
  await expect(client.put('i:longout.NAME', { value: 'other' })).rejects.toThrow();
});
