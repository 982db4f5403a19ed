import { plural } from '../core/figures.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { getLogger } from '../core/logger.js';
import type { PvaChannel, SubscriberStats } from '../pva/channel.js';

const POLL_MS = 5;
/** Elsewhere than on Linux nobody knows what is still in the buffers of the sockets: they are given this time. */
const SETTLE_MS = 50;

/**
 * Resolves when everything that was posted on these channels is on its way to their subscribers. When none of them takes
 * anything for so many seconds, those that are behind are given up, and the log names them. Subscribers that have not started, or
 * have stopped, are waited for only where all are known to start (`includingIdle`).
 */
export async function flushed(channels: readonly PvaChannel[], seconds: number, includingIdle = false): Promise<void> {
  await caughtUp(channels, seconds, ({ queued, unsent }) => queued + unsent, includingIdle);
}

/** Resolves when all of it has arrived, as far as `flushed`: a server that closes takes with it what is on its way. */
export async function arrived(channels: readonly PvaChannel[], seconds: number): Promise<void> {
  if (channels.every((channel) => channel.stats().subscribers.length === 0)) return;
  await caughtUp(
    channels,
    seconds,
    ({ queued, queuedBytes, unsent, unsentBytes }) => queued + queuedBytes + unsent + unsentBytes,
  );
  await sleep(SETTLE_MS);
}

/** @param lag what a subscriber lacks; the less, the smaller */
async function caughtUp(
  channels: readonly PvaChannel[],
  seconds: number,
  lag: (subscriber: SubscriberStats) => number,
  includingIdle = false,
): Promise<void> {
  const behind = (channel: PvaChannel) =>
    channel.stats().subscribers.filter((one) => (one.running || includingIdle) && lag(one) > 0);
  const remains = () => channels.flatMap(behind).reduce((sum, subscriber) => sum + lag(subscriber), 0);
  let least = Infinity;
  let until = 0;
  for (let left = remains(); left > 0; left = remains()) {
    if (left < least) [least, until] = [left, performance.now() + seconds * 1000];
    else if (performance.now() > until) break;
    await sleep(POLL_MS);
  }
  for (const channel of channels) for (const subscriber of behind(channel)) giveUp(channel, subscriber, seconds);
}

function giveUp({ name }: PvaChannel, { peer, queued, unsent }: SubscriberStats, seconds: number): void {
  const updates = queued + unsent;
  const what = updates > 0 ? `the last ${updates} ${plural(updates, 'update')}` : 'the end of the last update';
  getLogger('server').warn(`${name}: ${peer} has taken nothing for ${seconds} s, and does not get ${what}`);
}
