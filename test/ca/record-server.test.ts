/** Records that are served over Channel Access by an IOC of ours, read by our client. */
import { afterEach, describe, expect, it } from 'vitest';
import { CaClient, type PvObject } from 'pvaflow';
import { CaRecordServer } from '../../src/ca/record-server.js';
import { newPlace } from '../peers/network.js';
import { ourCaClientOf, ourCaServerAt } from '../peers/ours.js';

const servers: CaRecordServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serve(...names: string[]) {
  const place = await newPlace();
  const server = await CaRecordServer.start(names, ourCaServerAt(place));
  servers.push(server);
  return { server, client: new CaClient(ourCaClientOf(place)) };
}

/** The first update that passes. */
async function update(client: CaClient, name: string, passes: (value: PvObject) => boolean): Promise<PvObject> {
  for await (const event of client.monitor(name))
    if (event.type === 'update' && passes(event.value)) return event.value;
  throw new Error('the stream ended');
}

describe('records of an IOC of our own', () => {
  it('have the values and times that they are given', async () => {
    const { server, client } = await serve('r:a', 'r:b[2]');
    using _ = client;
    const time = 1_763_760_000_123_456_789n;
    server.set(0, 0.1, time);
    server.set(1, -2.5e-300, time + 1n);
    const a = await update(client, 'r:a', (value) => value.get('value') === 0.1);
    expect(a.timeStamp.epochNanoseconds).toBe(time);
    expect(a.alarm.severity).toBe(0);
    const b = await update(client, 'r:b[2]', (value) => value.get('value') === -2.5e-300);
    expect(b.timeStamp.epochNanoseconds).toBe(time + 1n);
  });

  it('send a value again that is as before, with its new time', async () => {
    const { server, client } = await serve('r:same');
    using _ = client;
    const times = [1n, 2n, 3n].map((n) => 1_763_760_000_000_000_000n + n);
    const seen: bigint[] = [];
    for await (const event of client.monitor('r:same')) {
      if (event.type !== 'update') continue;
      seen.push(event.value.timeStamp.epochNanoseconds);
      const next = times.shift();
      if (next === undefined) break;
      server.set(0, 7, next);
    }
    expect(seen.slice(1)).toEqual([1n, 2n, 3n].map((n) => 1_763_760_000_000_000_000n + n));
  });

  it.each([
    ['r:a.VAL', /no name of a record/],
    ['with space', /no name of a record/],
    ['', /no name of a record/],
    ['x'.repeat(61), /no name of a record/],
  ])('refuse the name %j', async (name, message) => {
    await expect(CaRecordServer.start([name])).rejects.toThrow(message);
  });

  it('are named once each', async () => {
    await expect(CaRecordServer.start(['r:a', 'r:a'])).rejects.toThrow(/named twice/);
  });

  it('say so when their IOC ends by itself', async () => {
    const { server, client } = await serve('r:a');
    client.close();
    server.set(1, 0, 0n); // there is no second record
    const error = await server.failed;
    expect(error).toMatchObject({ code: 'PVAFLOW_CA_SERVER' });
    expect(error.message).toMatch(/the IOC of r:a ended \(exit code 1\)/);
    server.set(0, 1, 1n); // nobody is there, and nothing happens
  });
});
