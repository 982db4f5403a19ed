import { setImmediate, setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import { PvObject } from '../../src/pva/pv-object.js';
import type { Subscription } from '../../src/pva/subscription.js';
import { newPlace, serverAt } from '../peers/network.js';
import { pythonWithPeers } from '../peers/install.js';
import { usePeers } from '../peers/peers.js';
import { Reader, useClients } from './clients.js';
import { frame, postFrames, subscribed, until, useServers } from './serving.js';

const newServer = useServers();
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const counter = (value = 0) => new PvObject({ value: 'int', text: 'string' }, { value });

/** Everything that was received is somewhere. */
function expectAccounted(subscription: Subscription, taken: number): void {
  const { received, queued, dropped, discarded } = subscription.stats();
  expect(taken + queued + dropped + discarded).toBe(received);
}

/** Ids of the updates that are here. */
function idsOf(subscription: Subscription): number[] {
  const ids: number[] = [];
  for (const event of subscription.take()) if (event.type === 'update') ids.push(event.value.get('uniqueId'));
  return ids;
}

describe.each([
  ['a shared connection', false],
  ['a connection of its own', true],
])('over %s,', (_name, dedicated) => {
  const newClient = useClients({ dedicated });
  describe('the stream', () => {
    it('begins with the connection and the current value, and shows what changed', async () => {
      const server = newServer();
      const channel = server.addChannel('x', counter(1));
      const reader = new Reader(newClient(server).monitor('x'));
      expect(await reader.next()).toEqual({ type: 'connected', peer: `127.0.0.1:${server.port}` });
      const first = await reader.until('update');
      expect(first.value.toObject()).toEqual({ value: 1, text: '' });
      await channel.post({ text: 'a' });
      const second = await reader.until('update');
      expect(second.value.changedFields()).toEqual(['text']);
      expect(second.value.get('value')).toBe(1);
    });

    it('can be taken in batches, with one wake-up for many updates', async () => {
      const server = newServer();
      const channel = server.addChannel('image', frame(0));
      const subscription = newClient(server).monitor('image', { queueSize: 64 });
      let wakes = 0;
      const ids: number[] = [];
      const done = new Promise<void>((resolve) => {
        subscription.onReadable(() => {
          wakes++;
          for (let batch = subscription.take(10); batch.length > 0; batch = subscription.take(10)) {
            expect(batch.length).toBeLessThanOrEqual(10);
            for (const event of batch) if (event.type === 'update') ids.push(event.value.get('uniqueId'));
          }
          if (ids.at(-1) === 2000) resolve();
        });
      });
      await subscribed(channel);
      void channel.postAll(range(1, 2000).map((id) => frame(id, 16)));
      await done;
      expect(ids).toEqual(range(0, 2000));
      expect(wakes).toBeLessThan(2000);
      expectAccounted(subscription, ids.length);
    });

    it('gives other work its turn while frames are there without end', async () => {
      const server = newServer();
      const channel = server.addChannel('image', frame(0));
      const subscription = newClient(server).monitor('image', { queue: { frames: 20_000 }, queueSize: 64 });
      await subscribed(channel);
      for (let id = 1; id <= 10_000; id += 100) await channel.postAll(range(id, id + 99).map((n) => frame(n, 16)));
      await until(() => subscription.stats().queued === 10_001);
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      let taken = 0;
      for await (const event of subscription) if (event.type === 'update' && ++taken === 10_001) break;
      clearInterval(timer);
      expect(turns).toBeGreaterThan(0);
    });

    it('shows a server that goes and comes back, and goes on', async () => {
      const server = newServer();
      const channel = server.addChannel('x', counter(1));
      const client = newClient(server);
      const reader = new Reader(client.monitor('x'));
      await reader.until('update');
      channel.close();
      await reader.until('disconnected');
      server.addChannel('x', new PvObject({ other: 'string' }, { other: 'new type' }));
      await reader.until('connected');
      expect((await reader.until('update')).value.toObject()).toEqual({ other: 'new type' });
    });

    it('ends with the words of a server that refuses', async () => {
      const server = newServer();
      server.addChannel('x', counter());
      const reader = new Reader(newClient(server).monitor('x', { fields: ['absent'] }));
      const { error } = await reader.until('error');
      expect(error).toMatchObject({ name: 'PvaflowError', code: 'PVAFLOW_REMOTE' });
      expect(error.message).toMatch(/^monitor x: /);
      await expect(reader.next()).rejects.toThrow('the stream ended');
    });

    it('ends for those who wait when it is closed, or its client', async () => {
      const server = newServer();
      server.addChannel('x', counter());
      const client = newClient(server);
      for (const close of [(one: Subscription) => one.close(), () => client.close()]) {
        const subscription = client.monitor('x');
        const reader = new Reader(subscription);
        await reader.until('update');
        const waiting = expect(reader.next()).rejects.toThrow('the stream ended');
        close(subscription);
        await waiting;
        expect(subscription.closed).toBe(true);
      }
    });

    it('is closed by leaving the loop', async () => {
      const server = newServer();
      const channel = server.addChannel('x', counter());
      const subscription = newClient(server).monitor('x');
      for await (const event of subscription) if (event.type === 'update') break;
      expect(subscription.closed).toBe(true);
      await until(() => channel.subscribers === 0);
    });
  });

  describe('the queue', () => {
    it('with wait and a pipeline lets the server wait, and loses nothing', async () => {
      const server = newServer();
      const channel = server.addChannel('image', frame(0), { queue: { frames: 8 } });
      const subscription = newClient(server).monitor('image', { queueSize: 4, queue: { frames: 5 } });
      await subscribed(channel);
      const posted = postFrames(channel, 1, 200);
      await until(() => subscription.stats().waiting > 0);
      expect(subscription.stats().queued).toBe(5);
      const ids: number[] = [];
      while (ids.at(-1) !== 200) {
        ids.push(...idsOf(subscription));
        await setImmediate();
      }
      await posted;
      expect(ids).toEqual(range(0, 200));
      expect(subscription.stats()).toMatchObject({ received: 201, dropped: 0, clientSquashed: 0, maxQueued: 5 });
      expect(subscription.stats().pipeline).toBe(true);
    });

    it('is limited in bytes', async () => {
      const server = newServer();
      const channel = server.addChannel('image', frame(0));
      const subscription = newClient(server).monitor('image', { queue: { bytes: 100_000 } });
      await subscribed(channel);
      await postFrames(channel, 1, 12, 40_000);
      await until(() => subscription.stats().waiting > 0);
      const { queuedBytes, queued } = subscription.stats();
      expect(queuedBytes).toBeGreaterThanOrEqual(100_000);
      expect(queuedBytes).toBeLessThan(150_000);
      expect(queued).toBeLessThan(6);
    });

    it.each([
      ['dropOldest', [...range(91, 100)]],
      ['dropNewest', [...range(0, 9)]],
    ] as const)('with %s counts what it drops', async (onFull, expected) => {
      const server = newServer();
      const channel = server.addChannel('image', frame(0));
      const subscription = newClient(server).monitor('image', { queue: { frames: 10, onFull } });
      await subscribed(channel);
      await postFrames(channel, 1, 100, 64);
      await until(() => subscription.stats().received === 101);
      expect(subscription.stats()).toMatchObject({ queued: 10, dropped: 91 });
      const events = subscription.take();
      expect(events[0]).toMatchObject({ type: 'connected' });
      expect(events.slice(1).map((event) => event.type === 'update' && event.value.get('uniqueId'))).toEqual(expected);
      expectAccounted(subscription, 10);
    });

    if (!dedicated)
      // by a connection of its own nothing is squashed here: the server is not read from
      it('with wait and no pipeline counts what PVXS squashes', async () => {
        const server = newServer();
        const channel = server.addChannel('image', frame(0), { onFull: 'dropOldest' });
        const subscription = newClient(server).monitor('image', {
          pipeline: false,
          queueSize: 4,
          queue: { frames: 2 },
        });
        await subscribed(channel);
        await postFrames(channel, 1, 50, 64);
        await until(() => subscription.stats().clientSquashed > 0);
        expect(subscription.stats()).toMatchObject({ queued: 2, dropped: 0 });
      });

    it('discards what is left when it is closed', async () => {
      const server = newServer();
      const channel = server.addChannel('image', frame(0));
      const subscription = newClient(server).monitor('image');
      await subscribed(channel);
      await postFrames(channel, 1, 9);
      await until(() => subscription.stats().received === 10);
      expect(subscription.take(3)).toHaveLength(3);
      subscription.close();
      expect(subscription.take()).toEqual([]);
      expect(subscription.stats()).toMatchObject({ received: 10, discarded: 8, queued: 0 });
    });
  });

  describe('pause', () => {
    it('stops the server until resume, also over a reconnection', async () => {
      const server = newServer();
      const channel = server.addChannel('x', counter(1));
      const subscription = newClient(server).monitor('x');
      const reader = new Reader(subscription);
      await reader.until('update');
      subscription.pause();
      expect(subscription.paused).toBe(true);
      await until(() => channel.stats().subscribers[0]?.running === false);
      channel.close();
      await reader.until('disconnected');
      const again = server.addChannel('x', counter(2));
      await reader.until('connected');
      await until(() => again.subscribers === 1);
      const { received } = subscription.stats();
      subscription.resume();
      expect(await reader.values('value', 1)).toEqual([2]);
      expect(received).toBe(1);
    });

    it('can come before the connection', async () => {
      const server = newServer();
      const subscription = newClient(server).monitor('x');
      subscription.pause();
      const reader = new Reader(subscription);
      const channel = server.addChannel('x', counter(1));
      await reader.until('connected');
      await until(() => channel.subscribers === 1);
      expect(channel.stats().subscribers[0]?.running).toBe(false);
      subscription.resume();
      expect(await reader.values('value', 1)).toEqual([1]);
    });
  });

  describe('each method of a closed subscription', () => {
    it('does nothing', () => {
      const server = newServer();
      const subscription = newClient(server).monitor('x');
      subscription.close();
      subscription.close();
      subscription.pause();
      subscription.resume();
      subscription.onReadable(() => undefined);
      expect(subscription.take()).toEqual([]);
      expect(subscription.closed).toBe(true);
      expect(subscription.stats()).toMatchObject({ received: 0, queued: 0 });
    });
  });

  describe('a subscription that nobody refers to', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const collectUntil = async (done: () => boolean) => {
      for (let i = 0; i < 200 && !done(); i++) {
        collect();
        await setTimeout(5);
      }
      return done();
    };

    it('is closed by the garbage collector, unless it has a callback', async () => {
      const server = newServer();
      const dropped = server.addChannel('dropped', counter());
      const kept = server.addChannel('kept', counter());
      const client = newClient(server);
      let updates = 0;
      (() => {
        client.monitor('dropped');
        const listening = client.monitor('kept');
        listening.onReadable(() => (updates += listening.take().length));
      })();
      await subscribed(dropped);
      await subscribed(kept);
      expect(await collectUntil(() => dropped.subscribers === 0)).toBe(true);
      const before = updates;
      void kept.post({ value: 1 });
      await until(() => updates > before);
      expect(kept.subscribers).toBe(1);
    });
  });

  it('sends raw options to the server', async () => {
    const server = newServer();
    const channel = server.addChannel('x', counter());
    const client = newClient(server);
    client.monitor('x', {
      queueSize: 7,
      fieldOptions: { pydistributor: 'group:G;set:S;updates:3' },
      recordOptions: { extra: 'yes' },
    });
    await subscribed(channel);
    expect(channel.stats().subscribers[0]).toMatchObject({ pipeline: true, queueSize: 7 });
    expect(channel.stats().subscribers[0]?.recordOptions).toMatchObject({
      queueSize: '7',
      pipeline: 'true',
      extra: 'yes',
    });
    expect(channel.stats().subscribers[0]?.distributorOptions).toEqual({ pydistributor: 'group:G;set:S;updates:3' });
  });

  describe('against pvaPy', () => {
    const peers = usePeers();

    it('reaches its data distributor, without a pipeline', async () => {
      const place = await newPlace();
      const script = `
import sys, time
from pvaccess import PvObject, PvaServer, INT
server = PvaServer('x', PvObject({'uniqueId': INT}, {'uniqueId': 0}))
print('READY', flush=True)
for line in sys.stdin:
    for i in range(1, 101):
        server.update(PvObject({'uniqueId': INT}, {'uniqueId': i}))
        time.sleep(0.002)
`;
      const command = pythonWithPeers();
      const peer = await peers.start({
        name: 'pvaPy',
        command,
        args: ['-c', script],
        env: serverAt(place),
        ready: /^READY$/,
      });
      const client = newClient(place);
      const options = { queueSize: 100, fieldOptions: { pydistributor: 'group:G;updates:1' } };
      const readers = [client.monitor('x', options), newClient(place).monitor('x', options)];
      const ids = readers.map(() => [] as number[]);
      readers.forEach((reader, i) => reader.onReadable(() => ids[i]?.push(...idsOf(reader))));
      await until(() => ids.every((list) => list.length > 0));
      peer.write('go');
      await until(() => ids.flat().includes(99) && ids.flat().includes(100));
      const got = ids.map((list) => list.filter((id) => id > 0));
      expect(got.flat().sort((a, b) => a - b)).toEqual(range(1, 100));
      expect(got.every((list) => list.length > 0)).toBe(true);
      expect(readers.map((reader) => reader.stats())).toMatchObject(Array(2).fill({ pipeline: false, empty: 0 }));
    });
  });

  describe('a server in another process', () => {
    const peers = usePeers();
    const script = `
import sys
from p4p.nt import NTScalar
from p4p.server import Server
from p4p.server.thread import SharedPV
pv = SharedPV(nt=NTScalar('i'), initial=int(sys.argv[1]))
with Server(providers=[{'x': pv}]):
    print('READY', flush=True)
    sys.stdin.read()
`;

    it('is found again after it was killed', async () => {
      const place = await newPlace();
      const start = (value: number) =>
        peers.start({
          name: 'p4p',
          command: pythonWithPeers(),
          args: ['-c', script, String(value)],
          env: serverAt(place),
          ready: /^READY$/,
        });
      const first = await start(1);
      const reader = new Reader(newClient(place).monitor('x'));
      expect(((await reader.until('update')).value as NtScalar).value).toBe(1);
      first.kill('SIGKILL');
      await reader.until('disconnected');
      await start(2);
      await reader.until('connected');
      expect(await reader.values('value', 1)).toEqual([2]);
    });
  });
});
