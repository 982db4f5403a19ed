import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, type TestContext } from 'vitest';
import { interceptLog } from '../../src/core/logger.js';
import { arrived, flushed } from '../../src/hpc/flush.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import type { PvaChannel } from '../../src/pva/channel.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient } from '../peers/python.js';
import { placeOf, postFrames, subscribed, useServers } from '../pva/serving.js';

const peers = usePeers();
const newServer = useServers();
const BIG = 32 * 1024 * 1024; // more than the sockets of a connection hold

/** A channel, and a subscriber of it that is frozen with a large frame on its way. */
async function frozenSubscriber(): Promise<{ channel: PvaChannel; client: PythonClient }> {
  const server = newServer();
  const channel = server.addChannel('X:image', new NtNdArray(), { queue: { frames: 4 } });
  const client = await PythonClient.p4p(peers, await placeOf(server));
  await client.request('monitor', { name: 'X:image', request: 'record[pipeline=true,queueSize=8]' });
  await subscribed(channel);
  await client.freeze();
  await postFrames(channel, 1, 1, BIG);
  await flushed([channel], 3600); // it has left all queues
  return { channel, client };
}

/** What is in the buffers of a connection is known there alone. */
const needsLinux = (context: TestContext) =>
  context.skip(process.platform !== 'linux', 'only Linux tells what is on its way');

it('waits until the last frame has arrived, not only left', async (context) => {
  needsLinux(context);
  const { channel, client } = await frozenSubscriber();
  expect(channel.stats().subscribers[0]).toMatchObject({ queued: 0, unsent: 0 });
  expect(channel.stats().subscribers[0]?.unsentBytes).toBeGreaterThan(0);
  const over = arrived([channel], 3600);
  expect(await Promise.race([over, sleep(100, 'it waits')])).toBe('it waits');
  client.thaw();
  await over;
  expect(channel.stats().subscribers[0]?.unsentBytes).toBe(0);
});

it('gives up who takes nothing, and says so', async (context) => {
  needsLinux(context);
  const { channel, client } = await frozenSubscriber();
  const lines: string[] = [];
  const restore = interceptLog((line) => lines.push(line));
  try {
    await arrived([channel], 0.01);
  } finally {
    restore();
    client.thaw();
  }
  expect(lines.join('')).toMatch(
    /X:image: 127\.0\.0\.1:\d+ has taken nothing for 0\.01 s, and does not get the end of the last update/,
  );
});
