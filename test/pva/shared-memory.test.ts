import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NtNdArray, PvObject, type PvaChannel, type PvaServer } from '../../src/index.js';
import type { MonitorOptions } from '../../src/pva/monitor-options.js';
import { configureTransport } from '../../src/pva/transport.js';
import { Reader, useClients } from './clients.js';
import { isAccounted, subscribed, until, useServers } from './serving.js';

const newServer = useServers();
const newClient = useClients({ dedicated: true });
const MEMORY = 'pvaflow-frames';
const LIMIT = 256 * 2 ** 20;
const KIB = 1024;

afterEach(() => configureTransport({ shared: true }));

/** Of each such memory that this process sees: the number of its file, and by how many sides. */
function memories(): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of readFileSync('/proc/self/maps', 'utf8').split('\n')) {
    const inode = line.split(/ +/)[4] ?? '';
    if (line.includes(MEMORY)) found.set(inode, (found.get(inode) ?? 0) + 1);
  }
  return found;
}

/** A frame that is made and compared in no time. */
const large = (id: number, size: number) =>
  new NtNdArray().set('uniqueId', id).set('value', { ubyteValue: Buffer.alloc(size, `frame ${id}`) });

/** The number of a file of this process that is such a memory. */
const fileOfMemory = () =>
  readdirSync('/proc/self/fd').find((file) => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`).includes(MEMORY);
    } catch {
      return false; // of reading this folder
    }
  });
const sharedArrays = (channel: PvaChannel) => channel.stats().subscribers.map((one) => one.sharedArrays);

async function monitored(channel: PvaChannel, server: PvaServer, options: MonitorOptions = {}) {
  const reader = new Reader(newClient(server).monitor(channel.name, { queue: { frames: 1000 }, ...options }));
  (await reader.until('update')).value.release();
  return reader;
}

async function expectFrame(reader: Reader, id: number, size: number): Promise<PvObject> {
  const { value } = await reader.until('update');
  expect(value.get('uniqueId')).toBe(id);
  expect(Buffer.compare(value.get<Uint8Array>('value'), Buffer.alloc(size, `frame ${id}`))).toBe(0);
  return value;
}

describe.skipIf(process.platform !== 'linux')('memory that is shared with a client on this machine', () => {
  it.each([
    ['byteValue', new Int8Array(100_001).map((_, i) => i)],
    ['ubyteValue', new Uint8Array(100_001).map((_, i) => i)],
    ['shortValue', new Int16Array(50_001).map((_, i) => i * 7)],
    ['ushortValue', new Uint16Array(50_001).map((_, i) => i * 7)],
    ['intValue', new Int32Array(30_001).map((_, i) => i * -77_777)],
    ['uintValue', new Uint32Array(30_001).map((_, i) => i * 77_777)],
    ['longValue', new BigInt64Array(10_001).map((_, i) => BigInt(i) * -(2n ** 40n))],
    ['ulongValue', new BigUint64Array(10_001).map((_, i) => BigInt(i) * 2n ** 40n)],
    ['floatValue', new Float32Array(30_001).map((_, i) => i / 3)],
    ['doubleValue', new Float64Array(10_001).map((_, i) => i / 3)],
    ['booleanValue', Array.from({ length: 100_001 }, (_, i) => i % 3 === 0)],
  ])('brings %s as it is', async (member, pixels) => {
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    const reader = await monitored(channel, server);
    await channel.post(new NtNdArray().set('value', { [member]: pixels }));
    const { value } = await reader.until('update');
    expect(value.get('value')).toEqual(pixels);
    expect(sharedArrays(channel)).toEqual([member === 'booleanValue' ? 0 : 1]);
  });

  it('brings arrays of any structure, large and small, and looks like nothing else', async () => {
    const server = newServer();
    const type = { a: 'double[]', b: 'ubyte[]', c: 'string', some: { d: 'int[]' } } as const;
    const channel = server.addChannel('x', new PvObject(type));
    const reader = await monitored(channel, server);
    const input = {
      a: new Float64Array(64).fill(-1), // as long as what stands for a large one
      b: new Uint8Array(64 * KIB).fill(3),
      c: 'text',
      some: { d: new Int32Array(64 * KIB).fill(7) },
    };
    await channel.post(input);
    const { value } = await reader.until('update');
    expect(value.toObject()).toEqual(new PvObject(type, input).toObject());
    expect(sharedArrays(channel)).toEqual([2]);
  });

  it('is used again for one frame after the other, whatever their sizes, and holds what is kept', async () => {
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    const reader = await monitored(channel, server);
    const sizes = [64 * KIB, 70_000, 500_000, 20 * 2 ** 20, 100_000];
    const kept: PvObject[] = [];
    for (let id = 1; id <= 40; id++) {
      const size = sizes[id % sizes.length] as number;
      await channel.post(large(id, size));
      const value = await expectFrame(reader, id, size);
      if (id % 20 === 0) kept.push(value);
      else value.release();
    }
    expect(sharedArrays(channel)).toEqual([40]);
    for (const value of kept) {
      const id = value.get<number>('uniqueId');
      expect(value.get('value')).toEqual(large(id, sizes[id % sizes.length] as number).get('value'));
    }
  });

  it('is left alone when it is full: what has no room comes by the connection', async () => {
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    const reader = await monitored(channel, server);
    const size = 40 * 2 ** 20;
    const room = Math.floor(LIMIT / size);
    const kept: PvObject[] = [];
    for (let id = 1; id <= room + 3; id++) {
      await channel.post(large(id, size));
      kept.push(await expectFrame(reader, id, size));
    }
    expect(sharedArrays(channel)).toEqual([room]);
    for (const value of kept) value.release();
    await channel.post(large(100, 3 * size)); // what is there is divided anew
    (await expectFrame(reader, 100, 3 * size)).release();
    expect(sharedArrays(channel)).toEqual([room + 1]);
  });

  it('is divided anew for frames of another size, also while one that came early is kept', async () => {
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    const reader = await monitored(channel, server);
    await channel.post(large(1, 100_000));
    const kept = await expectFrame(reader, 1, 100_000);
    const small = 1000; // after it the client has nothing of the one before
    for (const [id, size] of [150 * 2 ** 20, small, 170 * 2 ** 20, small, 120 * 2 ** 20].entries()) {
      await channel.post(large(id, size));
      (await expectFrame(reader, id, size)).release();
    }
    expect(sharedArrays(channel)).toEqual([4]);
    expect(kept.get('value')).toEqual(large(1, 100_000).get('value'));
  });

  it('is filled for several clients at the same time, each by its own thread and in order', async () => {
    const server = newServer({ isolated: true, threads: 4 });
    const channel = server.addChannel('image', large(0, 100 * KIB), { queue: { frames: 4 } });
    const readers = await Promise.all([1, 2, 3, 4].map(() => monitored(channel, server, { queueSize: 8 })));
    const frames = Array.from({ length: 500 }, (_, i) => i + 1);
    const seen = Promise.all(
      readers.map(async (reader) => {
        for (const id of frames) (await expectFrame(reader, id, 100 * KIB)).release();
      }),
    );
    for (const id of frames) await channel.post(large(id, 100 * KIB));
    await seen;
    expect(sharedArrays(channel)).toEqual([501, 501, 501, 501]);
    expect(channel.stats().subscribers.every(isAccounted)).toBe(true);
  });

  it('belongs to one client: what it writes to its pixels, no other sees', async () => {
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    const readers = [await monitored(channel, server), await monitored(channel, server)] as const;
    await channel.post(large(1, 100_000));
    (await expectFrame(readers[0], 1, 100_000)).get<Uint8Array>('value').fill(0);
    await expectFrame(readers[1], 1, 100_000);
    expect(channel.value?.get('value')).toEqual(large(1, 100_000).get('value'));
    expect(sharedArrays(channel)).toEqual([1, 1]);
  });

  it('is given back by both sides with the last frame of a connection that ended', async () => {
    const before = memories();
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    const client = newClient(server);
    const reader = new Reader(client.monitor('image', { dedicated: true }));
    await reader.until('update');
    const memory = [...memories().keys()].find((file) => !before.has(file)) ?? '';
    expect(memories().get(memory)).toBe(2);
    await channel.post(large(1, 100_000));
    const kept = await expectFrame(reader, 1, 100_000);
    client.close();
    await until(() => memories().get(memory) === 1);
    expect(kept.get('value')).toEqual(large(1, 100_000).get('value'));
    kept.release();
    await until(() => !memories().has(memory));
  });

  it('is another one after a reconnection', async () => {
    const server = newServer();
    const port = server.port;
    const channel = server.addChannel('image', new NtNdArray());
    const reader = await monitored(channel, server);
    await channel.post(large(1, 100_000));
    const kept = await expectFrame(reader, 1, 100_000);
    server.close();
    await reader.until('disconnected');
    const again = newServer({ isolated: true, port });
    const reborn = again.addChannel('image', new NtNdArray());
    await reader.until('update');
    await reborn.post(large(2, 100_000));
    await expectFrame(reader, 2, 100_000);
    expect(sharedArrays(reborn)).toEqual([1]);
    expect(kept.get('value')).toEqual(large(1, 100_000).get('value'));
  });

  it.each<[string, MonitorOptions, boolean]>([
    ['one side does not want it', {}, false],
    ['a request leaves fields out', { request: 'field(uniqueId,value)' }, true],
    ['its monitor shares a connection', { dedicated: false }, true],
  ])('is not used where %s', async (_why, options, shared) => {
    configureTransport({ shared });
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    const reader = await monitored(channel, server, options);
    await channel.post(large(1, 100_000));
    await expectFrame(reader, 1, 100_000);
    expect(sharedArrays(channel)).toEqual([0]);
  });

  const zero = '00'.repeat(16);
  it.each([
    '',
    'x',
    `1:2:${zero}`,
    `-1:-1:${zero}`,
    `${process.pid}:0:${zero}`,
    `${process.pid}:999999:${zero}`,
    `${process.pid}:FILE:${zero}`, // of an open file that is no memory
    `${process.pid}:MEMORY:${zero}`, // of a memory, by one who does not know its contents
  ])('is not what a client that means ill says it is: %j', async (address) => {
    const path = join(tmpdir(), `pvaflow-no-memory-${process.pid}`);
    await using file = await open(path, 'w+');
    rmSync(path);
    const server = newServer();
    const channel = server.addChannel('image', new NtNdArray());
    await monitored(channel, server);
    const named = address.replace('FILE', `${file.fd}`).replace('MEMORY', `${fileOfMemory()}`);
    const reader = await monitored(channel, server, { dedicated: false, recordOptions: { shared: named } });
    await subscribed(channel, 2);
    await channel.post(large(1, 100_000));
    await expectFrame(reader, 1, 100_000);
    expect(sharedArrays(channel).sort()).toEqual([0, 1]);
    for (const { recordOptions } of channel.stats().subscribers) expect(recordOptions).not.toHaveProperty('shared');
  });
});
