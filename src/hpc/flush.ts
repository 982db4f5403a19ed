import { setTimeout as sleep } from 'node:timers/promises';
import type { PvaChannel } from '../pva/channel.js';

const POLL_MS = 5;
/** What has left the queues is still in the buffers of the sockets for a moment. */
const SETTLE_MS = 50;

/**
 * Resolves when the subscribers of these channels have everything that was posted, or after a time: a server that closes
 * takes what is still queued with it. Subscribers that never started, or stand still, are not waited for longer.
 */
export async function flushed(channels: readonly PvaChannel[], seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const open = channels.filter((channel) => channel.subscribers > 0);
  if (open.length === 0) return;
  while (performance.now() < until && open.some(isBehind)) await sleep(POLL_MS);
  await sleep(SETTLE_MS);
}

function isBehind(channel: PvaChannel): boolean {
  return channel.stats().subscribers.some(({ queued, unsent, running }) => running && (queued > 0 || unsent > 0));
}
