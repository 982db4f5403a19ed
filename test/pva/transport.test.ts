import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { PvObject, PvType } from '../../src/index.js';
import { configureTransport, transportSettings, type TransportSettings } from '../../src/pva/transport.js';
import { useClients } from './clients.js';
import { subscribed, useServers } from './serving.js';
import { Command, headerOf, WireClient } from './wire-client.js';

const newServer = useServers();
const newClient = useClients();
const stock: TransportSettings = {
  writes: false,
  chunks: false,
  heap: false,
  reads: false,
  references: false,
  shared: false,
};
const all: TransportSettings = { writes: true, chunks: true, heap: true, reads: true, references: true, shared: true };
const choices: [string, TransportSettings][] = [
  ...(Object.keys(stock) as (keyof TransportSettings)[]).map((name): [string, TransportSettings] => [
    `${name} alone`,
    { ...stock, [name]: true },
  ]),
  ['all of them', all],
];

afterEach(() => configureTransport(all));

const type = new PvType({
  id: 'int',
  bytes: 'ubyte[]',
  words: 'ushort[]',
  note: 'string',
  doubles: 'double[]',
  choice: { kind: 'union', id: '', fields: { ints: 'int[]', text: 'string' } },
});

/** A number from 0 to 1 that is the same in each run. */
function random(seed: number): number {
  const x = Math.sin(seed) * 10_000;
  return x - Math.floor(x);
}

/** Lengths from 1 byte to some hundred KiB, spread over the magnitudes, and one frame of 20 MB. */
function lengthOf(seed: number): number {
  return Math.floor(2 ** (random(seed) * 19));
}

function fill<T extends Uint8Array | Uint16Array | Float64Array | Int32Array>(array: T, seed: number): T {
  for (let i = 0; i < array.length; i++) array[i] = (i * 31 + seed * 7 + (i >> 8)) & 0x7f;
  return array;
}

function update(id: number): PvObject {
  const bytes = id === 20 ? 20_000_000 : lengthOf(id);
  return new PvObject(type)
    .set('id', id)
    .set('bytes', fill(new Uint8Array(bytes), id))
    .set('words', fill(new Uint16Array(lengthOf(id + 100) / 2), id))
    .set('note', 'x'.repeat(id))
    .set('doubles', fill(new Float64Array(lengthOf(id + 200) / 8), id))
    .set('choice', { ints: fill(new Int32Array(lengthOf(id + 300) / 4), id) });
}

const ids = Array.from({ length: 24 }, (_, i) => i + 1);

/** A digest for each update as it comes over the wire to each of two subscribers. */
async function digests(settings: TransportSettings, bigEndian: boolean): Promise<string[][]> {
  configureTransport(settings);
  const server = newServer();
  const channel = server.addChannel('x', type);
  using first = await WireClient.open(server.port, bigEndian);
  using second = await WireClient.open(server.port, bigEndian);
  const readers = [first, second];
  for (const reader of readers) await reader.monitor('x');
  await subscribed(channel, 2);
  const read = readers.map(async (reader) => {
    const found: string[] = [];
    for (let count = 0; count <= ids.length; count++) {
      const { body, bigEndian: order } = await reader.until(Command.monitor);
      expect(order).toBe(bigEndian);
      found.push(createHash('sha1').update(body).digest('hex'));
    }
    return found;
  });
  for (const id of ids) await channel.post(update(id));
  return await Promise.all(read); // before the clients are disposed of
}

describe('the bytes on the wire', () => {
  for (const bigEndian of [false, true]) {
    it.each(choices)(`are the same with %s, ${bigEndian ? 'big' : 'little'}-endian`, async (_name, settings) => {
      const plain = await digests(stock, bigEndian);
      expect(new Set(plain[0]).size).toBe(ids.length + 1);
      expect(await digests(settings, bigEndian)).toEqual(plain);
    });
  }
});

describe('a client of ours', () => {
  it.each([['none of them', stock] as const, ...choices])(
    'gets every update whole with %s',
    async (_name, settings) => {
      configureTransport(settings);
      const server = newServer();
      const channel = server.addChannel('x', type);
      const subscription = newClient(server).monitor('x', { queueSize: 4, queue: { frames: 4 } });
      await subscribed(channel);
      const posting = (async () => {
        for (const id of ids) await channel.post(update(id));
      })();
      const seen: number[] = [];
      for await (const event of subscription) {
        if (event.type !== 'update') continue;
        const id = event.value.get<number>('id');
        if (id === 0) continue;
        seen.push(id);
        const [got, sent] = [event.value, update(id)];
        for (const field of ['bytes', 'words', 'doubles', 'choice']) {
          expect(Buffer.compare(bytesOf(got, field), bytesOf(sent, field))).toBe(0);
        }
        if (id === ids.at(-1)) break;
      }
      await posting;
      expect(seen).toEqual(ids);
    },
  );
});

function bytesOf(value: PvObject, field: string): Buffer {
  const { buffer, byteOffset, byteLength } = value.get<Uint8Array>(field);
  return Buffer.from(buffer, byteOffset, byteLength);
}

describe('a large message that comes in slivers', () => {
  it.each([['none of them', stock] as const, ...choices])('is read to its end with %s', async (_name, settings) => {
    configureTransport(settings);
    const server = newServer();
    using client = await WireClient.open(server.port);
    const body = fill(new Uint8Array(1 << 20), 3);
    const message = Buffer.concat([headerOf(Command.echo, body.length), body]);
    const cuts = [
      0,
      5,
      9,
      600_000,
      600_001,
      600_002,
      1_000_000,
      message.length - 10,
      message.length - 1,
      message.length,
    ];
    for (let i = 1; i < cuts.length; i++) {
      await client.write(message.subarray(cuts[i - 1], cuts[i]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(Buffer.compare((await client.until(Command.echo)).body, body)).toBe(0);
    await client.send(Command.echo, Buffer.from('ping'));
    expect((await client.until(Command.echo)).body.toString()).toBe('ping');
  });
});

describe('the settings', () => {
  it('are changed one by one', () => {
    configureTransport({ reads: false });
    const linux = process.platform === 'linux';
    expect(transportSettings()).toEqual(linux ? { ...all, reads: false } : stock);
  });
});
