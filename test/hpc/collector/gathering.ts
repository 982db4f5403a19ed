import type { CollectorConfig } from '../../../src/hpc/collector/collector-config.js';
import { Collector } from '../../../src/hpc/collector/collector.js';
import { PvaClient } from '../../../src/pva/client.js';
import type { PvaChannel } from '../../../src/pva/channel.js';
import { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { PvaServer } from '../../../src/pva/server.js';
import { frameOf, until } from '../stream.js';

export const channels = { output: 'out:image', status: 'out:status', control: 'out:control' };

/** Producers, each with a server of its own, and what is needed to watch a collector, all in this process. */
export class Gathering implements AsyncDisposable {
  readonly servers: PvaServer[] = [];
  readonly inputs: PvaChannel[] = [];
  readonly #collectors: Collector[] = [];
  readonly #clients: PvaClient[] = [];

  constructor(readonly producers = 2) {
    for (let id = 1; id <= producers; id++) {
      const server = new PvaServer({ isolated: true });
      this.servers.push(server);
      this.inputs.push(server.addChannel(`p:${id}:image`, new NtNdArray()));
    }
  }

  /** A collector that has received the first record of each producer. */
  async collector(changes: Partial<CollectorConfig> = {}): Promise<Collector> {
    const nameServers = this.servers.flatMap((server) => server.clientConfig().nameServers ?? []);
    const client = { ...this.servers[0]?.clientConfig(), nameServers };
    const producers = this.inputs.map((_, at) => ({ producerId: at + 1, channel: `p:${at + 1}:image` }));
    const collector = await Collector.create({
      collectorId: 7,
      producers,
      statusPeriod: 0.1,
      drainTimeout: 2,
      cacheTimeout: 3600,
      network: { client, server: { isolated: true } },
      ...changes,
    });
    this.#collectors.push(collector);
    await collector.start();
    await until(() => {
      const { nSkipped, nReceived } = collector.stats().frameStats;
      return nSkipped + nReceived >= this.producers;
    });
    return collector;
  }

  /** Sends a frame by a producer, from 1, waiting where the collector makes it wait. */
  async send(producer: number, ...ids: number[]): Promise<void> {
    for (const id of ids) await this.inputs[producer - 1]?.post(frameOf(id));
  }

  clientOf(collector: Collector): PvaClient {
    const client = new PvaClient(collector.clientConfig());
    this.#clients.push(client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const collector of this.#collectors) await collector.abort();
    for (const client of this.#clients) client.close();
    for (const server of this.servers) server.close();
  }
}
