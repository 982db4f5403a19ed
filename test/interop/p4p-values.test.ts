import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PvaServer, PvObject } from '../../src/index.js';
import { echoableStructure, readableStructure, type TypedSample } from '../pva/arbitraries.js';
import { placeOf } from '../pva/serving.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient } from '../peers/python.js';

/** Data as p4p_values.py tells it: real numbers by their bits, integers as text. A number alone does not say which it is. */
function exact(data: unknown, told: unknown): unknown {
  if (typeof data === 'number' || typeof data === 'bigint')
    return isReal(told) ? real(Number(data)) : { integer: String(data) };
  if (data === null || typeof data !== 'object') return data;
  if (Array.isArray(data) || ArrayBuffer.isView(data)) {
    const elements = Array.isArray(told) ? told : [];
    return Array.from(data as Iterable<unknown>, (element, i) => exact(element, elements[i]));
  }
  const members = (told ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, exact(value, members[name])]));
}

const isReal = (told: unknown) => typeof told === 'object' && told !== null && 'real' in told;

function real(value: number): { real: string } {
  if (Number.isNaN(value)) return { real: 'nan' };
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return { real: bits.toString('hex') };
}

interface Told {
  readonly id: string;
  readonly value: unknown;
}

describe('values of random types, served here', () => {
  const peers = usePeers();
  let server: PvaServer;
  let client: PythonClient;
  let count = 0;

  beforeAll(async () => {
    server = new PvaServer({ isolated: true });
    client = await PythonClient.p4p(peers, await placeOf(server));
  });
  afterAll(() => server.close());

  /** Serves the sample, lets p4p tell of it, and gives what a call brought here, if there was one. */
  async function told(command: 'read' | 'echo', { type, input, expected }: TypedSample): Promise<PvObject | null> {
    const name = `values:${++count}`;
    const value = new PvObject(type, input as Record<string, unknown>);
    let received: PvObject | null = null;
    server.addChannel(name, value, { onRpc: (argument) => (received = argument) });
    try {
      const answer = await client.request<Told>(command, { name });
      expect(answer.id).toBe(value.typeId || 'structure');
      expect(answer.value).toEqual(exact(expected, answer.value));
      return received;
    } finally {
      server.removeChannel(name);
    }
  }

  it('are read by p4p', async () => {
    const read = fc.asyncProperty(readableStructure, async (sample) => void (await told('read', sample)));
    await fc.assert(read, { numRuns: 150 });
  });

  it('come back from p4p in a call as they were', async () => {
    const echo = fc.asyncProperty(echoableStructure, async (sample) => {
      expect((await told('echo', sample))?.toObject()).toEqual(sample.expected);
    });
    await fc.assert(echo, { numRuns: 100 });
  });
});
