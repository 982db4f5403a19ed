import type { SplitterConfig } from '../../../src/hpc/splitter/splitter-config.js';
import { Splitter } from '../../../src/hpc/splitter/splitter.js';
import { PvaClient } from '../../../src/pva/client.js';
import type { QueueOptions } from '../../../src/pva/monitor-options.js';
import type { PvObject } from '../../../src/pva/pv-object.js';
import type { Subscription } from '../../../src/pva/subscription.js';
import { Stream, until } from '../stream.js';

export const channels = { input: 'in:image', status: 'out:status', control: 'out:control' };

/** `out:1`, `out:2` … */
export function outputs(count: number): { outputId: number; channel: string }[] {
  return Array.from({ length: count }, (_, at) => ({ outputId: at + 1, channel: `out:${at + 1}` }));
}

/** The whole numbers from 1 on. */
export function counts(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}

/** A source of small frames, a splitter, and what is needed to watch its outputs, all in this process. */
export class Spread implements AsyncDisposable {
  readonly stream = new Stream();
  readonly #splitters: Splitter[] = [];
  readonly #clients: PvaClient[] = [];

  /** A splitter that has received the first record. */
  async splitter(changes: Partial<SplitterConfig> = {}): Promise<Splitter> {
    const splitter = await Splitter.create({
      splitterId: 7,
      channels,
      outputs: outputs(2),
      statusPeriod: 0.1,
      drainTimeout: 2,
      network: { client: this.stream.source.clientConfig(), server: { isolated: true } },
      ...changes,
    });
    this.#splitters.push(splitter);
    await splitter.start();
    await until(() => {
      const { nSkipped, nReceived } = splitter.stats().frameStats;
      return nSkipped + nReceived > 0;
    });
    return splitter;
  }

  clientOf(splitter: Splitter): PvaClient {
    const client = new PvaClient(splitter.clientConfig());
    this.#clients.push(client);
    return client;
  }

  /** Watches an output, from the empty record on with which it is opened. */
  async watch(splitter: Splitter, outputId: number, queue?: QueueOptions): Promise<Watch> {
    const client = this.clientOf(splitter);
    const subscription = client.monitor(`out:${outputId}`, queue === undefined ? {} : { queueSize: 4, queue });
    const watch = new Watch(client, subscription);
    await until(() => (splitter.stats().outputStats[outputId - 1]?.nSubscribers ?? 0) > 0);
    return watch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const splitter of this.#splitters) await splitter.abort();
    for (const client of this.#clients) client.close();
    await this.stream[Symbol.asyncDispose]();
  }
}

/** A subscriber of one output that takes only when it is told to. */
export class Watch {
  readonly ids: number[] = [];
  /** What came after the record with which the output was opened. */
  readonly values: PvObject[] = [];
  #hasOpened = false;

  constructor(
    readonly client: PvaClient,
    readonly subscription: Subscription,
  ) {}

  /** Takes what has come. */
  take(): this {
    for (const event of this.subscription.take(100)) {
      if (event.type !== 'update') continue;
      if (this.#hasOpened) {
        this.values.push(event.value);
        this.ids.push(event.value.get('uniqueId'));
      }
      this.#hasOpened = true;
    }
    return this;
  }

  /** Takes until it has so many. */
  async until(count: number): Promise<this> {
    await until(() => this.take().ids.length >= count);
    return this;
  }
}
