import { describe, expect, it } from 'vitest';
import { PvObject } from '../../src/pva/pv-object.js';
import { usePeers } from '../peers/peers.js';
import { newPlace } from '../peers/network.js';
import { startP4pServer, startPvapyServer, startPvapySimulator, startPvapySource } from '../peers/python.js';
import { Reader, useClients } from './clients.js';
import { frame, placeOf, subscribed, until, useServers } from './serving.js';
import { SilentServer } from './silent-server.js';

const newServer = useServers();
const peers = usePeers();
const counter = (value = 0) => new PvObject({ value: 'int' }, { value });

describe.each([
  ['a shared connection', false],
  ['a connection of its own', true],
])('over %s,', (_name, dedicated) => {
  const newClient = useClients({ dedicated });

  describe('our server', () => {
    it('is asked for a pipeline once it is there', async () => {
      const server = newServer();
      const subscription = newClient(server).monitor('x');
      expect(subscription.stats().pipeline).toBeUndefined();
      const channel = server.addChannel('x', counter());
      await subscribed(channel);
      expect(subscription.stats().pipeline).toBe(true);
      expect(channel.stats().subscribers[0]).toMatchObject({ pipeline: true, queueSize: 16 });
    });

    it.each([
      { pipeline: true },
      { pipeline: false },
      { request: 'record[pipeline=true]', pipeline: false },
      { recordOptions: { pipeline: false } },
    ])('gets what is asked for by %j, at once', async (options) => {
      const server = newServer();
      const channel = server.addChannel('x', counter());
      const subscription = newClient(server).monitor('x', options);
      const pipeline = options.pipeline ?? options.recordOptions?.pipeline;
      expect(subscription.stats().pipeline).toBe(pipeline);
      await subscribed(channel);
      expect(channel.stats().subscribers[0]).toMatchObject({ pipeline });
    });

    it('is asked by each of many monitors at once', async () => {
      const server = newServer();
      const names = Array.from({ length: 20 }, (_, i) => `x${i}`);
      const channels = names.map((name) => server.addChannel(name, counter()));
      const client = newClient(server);
      names.forEach((name) => client.monitor(name));
      for (const channel of channels) await subscribed(channel);
      expect(channels.every((channel) => channel.stats().subscribers[0]?.pipeline === true)).toBe(true);
    });
  });

  describe("p4p's server", () => {
    it('is asked for a pipeline', async () => {
      const { place } = await startP4pServer(peers, 'p:');
      const subscription = newClient(place).monitor('p:double');
      await new Reader(subscription).until('update');
      expect(subscription.stats().pipeline).toBe(true);
    });
  });

  describe("pvaPy's servers", () => {
    it('are not asked for a pipeline', async () => {
      const { place } = await startPvapyServer(peers, 'v:');
      const subscription = newClient(place).monitor('v:double');
      await new Reader(subscription).until('update');
      expect(subscription.stats()).toMatchObject({ pipeline: false, empty: 0 });
    });

    it('then repeat nothing', async () => {
      const args = '-cn v:image -nx 32 -ny 32 -nf 100 -dt uint8 -fps 200 -rt 20'.split(' ');
      const { place } = await startPvapySimulator(peers, args);
      const subscription = newClient(place).monitor('v:image');
      const ids = (await new Reader(subscription).values('uniqueId', 200)) as number[];
      expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
      expect(subscription.stats()).toMatchObject({ pipeline: false, empty: 0 });
    });
  });

  describe('a server that does not say what it is', () => {
    const clientOf = ({ port }: SilentServer) =>
      newClient({ nameServers: [`127.0.0.1:${port}`], autoAddressList: false, useEnvironment: false });

    it('is not asked for a pipeline', async () => {
      const server = newServer();
      const channel = server.addChannel('x', counter(5));
      using silent = await SilentServer.before(server.port);
      const subscription = clientOf(silent).monitor('x');
      expect(await new Reader(subscription).values('value', 1)).toEqual([5]);
      expect(subscription.stats().pipeline).toBe(false);
      expect(channel.stats().subscribers[0]).toMatchObject({ pipeline: false });
    });

    it('is not waited for by who knows what to ask for', async () => {
      const server = newServer();
      server.addChannel('x', counter(5));
      using silent = await SilentServer.before(server.port);
      const subscription = clientOf(silent).monitor('x', { pipeline: true });
      expect(await new Reader(subscription).values('value', 1)).toEqual([5]);
      expect(subscription.stats().pipeline).toBe(true);
    });

    it('can be paused and left before', async () => {
      const server = newServer();
      const channel = server.addChannel('x', counter(5));
      using silent = await SilentServer.before(server.port);
      const client = clientOf(silent);
      const paused = client.monitor('x');
      const closed = client.monitor('x');
      await silent.asked;
      paused.pause();
      closed.close();
      expect(paused.stats().pipeline).toBeUndefined();
      await until(() => channel.subscribers === 1);
      expect(channel.stats().subscribers[0]?.running).toBe(false);
      expect(closed.stats().pipeline).toBeUndefined();
      paused.resume();
      expect(await new Reader(paused).values('value', 1)).toEqual([5]);
    });

    it('does not keep from closing the client', async () => {
      const server = newServer();
      server.addChannel('x', counter());
      using silent = await SilentServer.before(server.port);
      const client = clientOf(silent);
      const subscription = client.monitor('x');
      const reader = new Reader(subscription);
      const waiting = expect(reader.next()).rejects.toThrow('the stream ended');
      await silent.asked;
      client.close();
      await waiting;
      expect(subscription.stats().pipeline).toBeUndefined();
    });

    it('is waited for when it goes away, and asked again', async () => {
      const server = newServer();
      const channel = server.addChannel('x', counter(5));
      using silent = await SilentServer.before(server.port);
      const subscription = clientOf(silent).monitor('x');
      await silent.asked;
      silent.speakUp();
      expect(await new Reader(subscription).values('value', 1)).toEqual([5]);
      expect(subscription.stats().pipeline).toBe(true);
      expect(channel.stats().subscribers[0]).toMatchObject({ pipeline: true });
    });
  });
});

describe('a name that another server takes over', () => {
  const newClient = useClients({ dedicated: true });

  it('gets a pipeline from those that keep to it, and only from them', async () => {
    const server = newServer();
    const ours = await placeOf(server);
    const channel = server.addChannel('image', frame(1));
    const place = await newPlace();
    const addressList = [ours, place].map(({ udpPort }) => `127.0.0.1:${udpPort}`);
    const subscription = newClient({ addressList, autoAddressList: false, useEnvironment: false }).monitor('image');
    const reader = new Reader(subscription);
    await reader.until('update');
    expect(subscription.stats().pipeline).toBe(true);
    expect(channel.stats().subscribers[0]).toMatchObject({ pipeline: true });
    server.close();
    await startPvapySource(peers, 'image', place);
    await reader.until('update');
    expect(subscription.stats()).toMatchObject({ pipeline: false, empty: 0 });
  });
});
