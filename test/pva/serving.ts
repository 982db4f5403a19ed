import { setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { afterEach } from 'vitest';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import type { PvaChannel, SubscriberStats } from '../../src/pva/channel.js';
import type { PvaServerConfig } from '../../src/pva/server-config.js';
import { PvaServer } from '../../src/pva/server.js';
import { newPlace, type Place } from '../peers/network.js';

/** Servers of one test file, each isolated and closed after its test. */
export function useServers(): (config?: PvaServerConfig) => PvaServer {
  const servers: PvaServer[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  return (config = { isolated: true }) => {
    const server = new PvaServer(config);
    servers.push(server);
    return server;
  };
}

/** Where peers find a server. */
export async function placeOf(server: PvaServer): Promise<Place> {
  const udpPort = Number(server.config()['EPICS_PVAS_BROADCAST_PORT']);
  return { ...(await newPlace()), tcpPort: server.port, udpPort };
}

/** Resolves as soon as `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(2);
}

/** Resolves when the channel has `count` subscribers that have been started. */
export function subscribed(channel: PvaChannel, count = 1): Promise<void> {
  return until(() => channel.stats().subscribers.filter((subscriber) => subscriber.running).length === count);
}

/** A frame of `size` pixels that differ from frame to frame and from pixel to pixel. */
export function frame(id: number, size = 4096): NtNdArray {
  const pixels = new Uint8Array(size).map((_, i) => (i * 31 + id * 7 + (i >> 8)) & 0xff);
  return new NtNdArray().set('uniqueId', id).set('value', { ubyteValue: pixels });
}

/** What the p4p client reports of frame(id, size). */
export function reported(id: number, size = 4096): Record<string, unknown> {
  const pixels = frame(id, size).get<Uint8Array>('value');
  return {
    type: 'frame',
    uniqueId: id,
    dtype: 'uint8',
    size,
    sum: pixels.reduce((sum, pixel) => sum + pixel, 0),
    crc: crc32(pixels),
  };
}

export function isAccounted(subscriber: SubscriberStats): boolean {
  return subscriber.posted === subscriber.delivered + subscriber.dropped + subscriber.queued;
}

/** Posts all frames of a range, waiting whenever the channel says so. */
export async function postFrames(channel: PvaChannel, first: number, last: number, size?: number): Promise<void> {
  for (let id = first; id <= last; id++) await channel.post(frame(id, size));
}
