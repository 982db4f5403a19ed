import { describe, expect, it } from 'vitest';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { PvaClient } from '../../src/pva/client.js';
import type { PvaServer } from '../../src/pva/server.js';
import { newPlace } from '../peers/network.js';
import { ourClientOf, ourServerAt } from '../peers/ours.js';
import { Reader, useClients } from './clients.js';
import { postFrames, until, useServers } from './serving.js';

const newServer = useServers();
const clientOf = useClients();
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

const threadsOf = (server: PvaServer) =>
  server
    .connections()
    .map(({ thread }) => thread)
    .sort();

describe.runIf(process.platform === 'linux')('a server with several threads', () => {
  it('spreads its clients over them, and each gets every update once, in order', async () => {
    const server = newServer({ isolated: true, threads: 3 });
    expect(server.threads).toBe(3);
    const channel = server.addChannel('X:image', new NtNdArray());
    const readers = [];
    for (let i = 0; i < 6; i++) {
      const reader = new Reader(clientOf(server).monitor('X:image', { pipeline: true }));
      await reader.values('uniqueId', 1);
      readers.push(reader);
    }
    expect(threadsOf(server)).toEqual([0, 0, 1, 1, 2, 2]);
    const posted = postFrames(channel, 1, 500);
    const received = await Promise.all(readers.map((reader) => reader.values('uniqueId', 500)));
    await posted;
    for (const ids of received) expect(ids).toEqual(range(1, 500));
    expect(channel.stats()).toMatchObject({ posted: 500, dropped: 0 });
  });

  it('spreads clients that come together', async () => {
    const server = newServer({ isolated: true, threads: 2 });
    server.addChannel('X:image', new NtNdArray());
    const readers = range(1, 6).map(() => new Reader(clientOf(server).monitor('X:image', { pipeline: true })));
    await Promise.all(readers.map((reader) => reader.values('uniqueId', 1)));
    expect(threadsOf(server)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('gives a new client to the thread from which others have gone', async () => {
    const server = newServer({ isolated: true, threads: 2 });
    const channel = server.addChannel('X:image', new NtNdArray());
    const join = async () => {
      const before = new Set(server.connections().map(({ peer }) => peer));
      const client = clientOf(server);
      await new Reader(client.monitor('X:image', { pipeline: true })).values('uniqueId', 1);
      return { client, thread: server.connections().find(({ peer }) => !before.has(peer))?.thread };
    };
    const clients = [await join(), await join(), await join(), await join()];
    const gone = clients.map(({ thread }) => thread)[0];
    expect(clients.map(({ thread }) => thread === gone)).toEqual([true, false, true, false]);
    for (const { thread, client } of clients) if (thread === gone) client.close();
    await until(() => server.connections().length === 2 && channel.stats().subscribers.length === 2);
    expect(threadsOf(server)).not.toContain(gone);
    expect((await join()).thread).toBe(gone);
  });

  it('is one server to those that search by UDP', async () => {
    const place = await newPlace();
    const server = newServer({ ...ourServerAt(place), threads: 3 });
    expect(server.port).toBe(place.tcpPort);
    const channel = server.addChannel('X:image', new NtNdArray());
    const clients = range(1, 3).map(() => new PvaClient(ourClientOf(place)));
    const readers = clients.map((client) => new Reader(client.monitor('X:image', { pipeline: true })));
    await Promise.all(readers.map((reader) => reader.values('uniqueId', 1)));
    expect(threadsOf(server)).toEqual([0, 1, 2]);
    await postFrames(channel, 1, 50);
    for (const reader of readers) expect(await reader.values('uniqueId', 50)).toEqual(range(1, 50));
    for (const client of clients) client.close();
  });

  it('answers gets, puts and calls on each of them', async () => {
    const server = newServer({ isolated: true, threads: 3 });
    server.addChannel('X:n', { value: 'int' }, { onPut: 'accept' });
    for (let n = 1; n <= 6; n++) {
      const client = clientOf(server);
      await client.put('X:n', n);
      expect((await client.get('X:n')).get('value')).toBe(n);
    }
    expect(new Set(threadsOf(server))).toEqual(new Set([0, 1, 2]));
  });

  it('shares the updates of a distributor over all of them', async () => {
    const server = newServer({ isolated: true, threads: 2 });
    const channel = server.addChannel('X:image', new NtNdArray());
    const readers = [];
    for (let i = 0; i < 4; i++) {
      const reader = new Reader(clientOf(server).monitor('X:image', { pipeline: true, distributor: {} }));
      await reader.values('uniqueId', 1);
      readers.push(reader);
    }
    await postFrames(channel, 1, 400);
    for (const [index, reader] of readers.entries()) {
      expect(await reader.values('uniqueId', 100)).toEqual(range(0, 99).map((turn) => 1 + index + 4 * turn));
    }
  });

  it('disconnects all clients when a channel or the server is closed', async () => {
    const server = newServer({ isolated: true, threads: 3 });
    const channel = server.addChannel('X:image', new NtNdArray());
    const readers = range(1, 3).map(() => new Reader(clientOf(server).monitor('X:image', { pipeline: true })));
    await Promise.all(readers.map((reader) => reader.values('uniqueId', 1)));
    channel.close();
    await Promise.all(readers.map((reader) => reader.until('disconnected')));
    server.addChannel('X:image', new NtNdArray());
    await Promise.all(readers.map((reader) => reader.values('uniqueId', 1)));
    server.close();
    await Promise.all(readers.map((reader) => reader.until('disconnected')));
    expect(server.threads).toBe(0);
  });

  it('goes to another port when its own is taken, as with one thread', async () => {
    const taken = newServer({ isolated: true, threads: 2 });
    const other = newServer({ isolated: true, threads: 2, port: taken.port });
    expect(other.port).not.toBe(taken.port);
    other.addChannel('X:n', { value: 'int' });
    expect((await clientOf(other).get('X:n')).get('value')).toBe(0);
  });

  it('can be closed while clients come', async () => {
    for (let round = 0; round < 5; round++) {
      const server = newServer({ isolated: true, threads: 3 });
      server.addChannel('X:image', new NtNdArray());
      const clients = range(1, 9).map(() => clientOf(server));
      const readers = clients.map((client) => new Reader(client.monitor('X:image', { pipeline: true })));
      await readers[round]?.values('uniqueId', 1);
      server.close();
      for (const client of clients) client.close();
    }
  });
});

describe('the number of threads', () => {
  it('is one by default', () => {
    expect(newServer().threads).toBe(1);
  });

  it.each([0, 65, 1.5])('cannot be %d', (threads) => {
    expect(() => newServer({ isolated: true, threads })).toThrowError(
      expect.objectContaining({ code: 'PVAFLOW_OPTION' }) as Error,
    );
  });
});
