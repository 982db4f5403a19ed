/** What goes on while a native thread is at work: each test lets JavaScript do the next thing without waiting for it. */
import { describe, expect, it } from 'vitest';
import { useClients } from './clients.js';
import { subscribed, until, useServers } from './serving.js';

const newServer = useServers();
const newClient = useClients();

describe('a waiting source', () => {
  it('may post again when its promise is resolved, not before', async () => {
    const server = newServer();
    const channel = server.addChannel('X', { value: 'int' }, { queue: { frames: 4 }, onFull: 'wait' });
    const client = newClient(server);
    client.monitor('X', { queueSize: 2, queue: { frames: 2 } });
    await subscribed(channel);
    let value = 0;
    let room: void | Promise<void> = undefined;
    while (!room) room = channel.post({ value: value++ });
    client.close();
    while (channel.stats().subscribers.length > 0); // JavaScript does not hear of it yet
    expect(() => channel.post({ value: -1 })).toThrow(
      expect.objectContaining({ code: 'PVAFLOW_CHANNEL_FULL' }) as Error,
    );
    await room;
    expect(channel.post({ value })).toBeUndefined();
  });
});

describe('a subscription that is closed while updates arrive', () => {
  it('accounts for each', async () => {
    const server = newServer();
    const channel = server.addChannel('X', { value: 'int' }, { queue: { frames: 10_000 } });
    const client = newClient(server);
    for (let round = 0; round < 30; round++) {
      const subscription = client.monitor('X', { queueSize: 1000, queue: { frames: 10_000 } });
      await subscribed(channel);
      for (let value = 0; value < 500; value++) void channel.post({ value });
      const ends = performance.now() + (round % 10) / 10;
      while (performance.now() < ends);
      subscription.close();
      await until(() => channel.subscribers === 0);
      const { received, queued, dropped, discarded } = subscription.stats();
      expect(queued + dropped + discarded).toBe(received);
    }
  });
});
