import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PvaClient, PvaServer, PvObject, unionArray } from '../../src/index.js';
import { readableStructure, type TypedSample } from './arbitraries.js';

describe('values of random types, over the wire', () => {
  let server: PvaServer;
  let client: PvaClient;
  let count = 0;

  beforeAll(() => {
    server = new PvaServer({ isolated: true });
    client = new PvaClient(server.clientConfig());
  });
  afterAll(() => {
    client.close();
    server.close();
  });

  /** Reads the sample from a channel, calls with what was read, serves what came, and reads it again. */
  async function roundTrip({ type, input, expected }: TypedSample): Promise<void> {
    const [first, second] = [`a:${++count}`, `b:${count}`];
    server.addChannel(first, new PvObject(type, input as Record<string, unknown>), { onRpc: (argument) => argument });
    try {
      const read = await client.get(first);
      expect(read.toObject()).toEqual(expected);
      const answered = await client.rpc(first, read);
      expect(answered?.toObject()).toEqual(expected);
      server.addChannel(second, read);
      expect((await client.get(second)).toObject()).toEqual(expected);
    } finally {
      server.removeChannel(first);
      server.removeChannel(second);
    }
  }

  it('come back as they were, and can be sent on', async () => {
    await fc.assert(fc.asyncProperty(readableStructure, roundTrip), { numRuns: 200 });
  });

  it('let a received union[] be read and changed like one made here', async () => {
    const type = { choices: unionArray({ number: 'int', again: 'int', text: 'string' }) } as const;
    const made = new PvObject(type, { choices: [{ again: 3 }, null, { text: 'x' }] });
    server.addChannel('choices', made);
    const read = await client.get('choices');
    for (const value of [made, read, read.clone()]) {
      expect(value.selected('choices[0]')).toBe('again');
      expect(value.get('choices[0].again')).toBe(3);
      expect(value.get('choices[0].number')).toBeUndefined();
      expect(value.set('choices[0].again', 4).set('choices[2].number', 5).get('choices')).toEqual([4, null, 5]);
      expect(value.selected('choices[2]')).toBe('number');
      expect(String(value)).toBe(String(made));
    }
  });
});
