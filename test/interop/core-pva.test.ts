/** Phoebus' client library (core-pva) against our server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NtNdArray, NtScalar, PvaServer, PvObject, structure, union } from 'pvaflow';
import { corePva, startCorePvaMonitor } from '../peers/core-pva.js';
import { newPlace, type Place } from '../peers/network.js';
import { ourServerAt } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';

const peers = usePeers();
let place: Place;
let server: PvaServer;

beforeAll(async () => {
  place = await newPlace();
  server = new PvaServer(ourServerAt(place));
});
afterAll(() => server.close());

const lines = (text: string) => text.split('\n').map((line) => line.trimEnd());

describe('info', () => {
  it('shows the type', async () => {
    const type = structure({ count: 'ulong', words: 'string[]', pick: union({ n: 'int' }), any: 'any' }, 'demo_t');
    server.addChannel('c:structure', new PvObject(type));
    expect(lines(await corePva(['info', 'c:structure'], place))).toEqual(
      expect.arrayContaining([expect.stringContaining('demo_t'), expect.stringContaining('ulong count')]),
    );
  });

  it('shows an image', async () => {
    server.addChannel('c:image', NtNdArray.type());
    expect(await corePva(['info', 'c:image'], place)).toContain('epics:nt/NTNDArray:1.0');
  });
});

it('gets a value', async () => {
  server.addChannel('c:double', new PvObject(NtScalar.type('double'), { value: 6.25, alarm: { severity: 1 } }));
  const text = await corePva(['get', 'c:double'], place);
  expect(text).toContain('epics:nt/NTScalar:1.0');
  expect(text).toMatch(/double value 6\.25/);
});

it('puts a value', async () => {
  const puts: unknown[] = [];
  server.addChannel('c:put', new PvObject(NtScalar.type('double'), { value: 0 }), {
    onPut: (value) => void puts.push(value.get('value')),
  });
  await corePva(['put', 'c:put', '12.5'], place);
  expect(puts).toEqual([12.5]);
  expect(await corePva(['get', 'c:put'], place)).toMatch(/double value 12\.5/);
});

it('monitors each update', async () => {
  const channel = server.addChannel('c:count', new PvObject(NtScalar.type('int'), { value: 0 }));
  const monitor = await startCorePvaMonitor(peers, 'c:count', place);
  await monitor.line(/int value 0/);
  for (let count = 1; count <= 10; count++) {
    await channel.post({ value: count });
    await monitor.line(new RegExp(`int value ${count}$`));
  }
});
