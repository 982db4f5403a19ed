import { expect } from 'vitest';
import type { PvaChannel } from '../../src/pva/channel.js';
import type { Departure, PvaChannelOptions } from '../../src/pva/channel-options.js';
import type { PvaClient } from '../../src/pva/client.js';
import type { DistributorOptions } from '../../src/pva/distributor-options.js';
import type { MonitorOptions } from '../../src/pva/monitor-options.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { Reader, useClients } from './clients.js';
import { useServers } from './serving.js';

/** A client of a distributor. */
export class Member {
  readonly reader: Reader;
  constructor(
    readonly client: PvaClient,
    distributor: DistributorOptions | undefined,
    options: MonitorOptions,
  ) {
    this.reader = new Reader(client.monitor('X:image', { ...options, ...(distributor && { distributor }) }));
  }
  /** The ids of the next updates. */
  next(count: number): Promise<unknown[]> {
    return this.reader.values('uniqueId', count);
  }
  leave(): void {
    this.client.close();
  }
}

/** Channels of images for the tests of a file, whose clients join one after the other, each when the one before has its first value. */
export function useImages() {
  const newServer = useServers();
  const clientOf = useClients();
  const image = (options: PvaChannelOptions = {}) => {
    const server = newServer();
    const departures: Departure[] = [];
    const channel = server.addChannel('X:image', new NtNdArray(), {
      onDeparture: (departure) => departures.push(departure),
      ...options,
    });
    const join = async (distributor?: DistributorOptions, monitor: MonitorOptions = { pipeline: true }) => {
      const member = new Member(clientOf(server), distributor, monitor);
      expect(await member.next(1)).toHaveLength(1);
      return member;
    };
    return { server, channel, join, departures };
  };
  return { image, clientOf };
}

/** All clients of the distributor of a channel. */
export const members = (channel: PvaChannel) =>
  channel.stats().groups.flatMap((group) => group.sets.flatMap((set) => set.members));
