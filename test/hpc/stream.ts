import type { ConsumerConfig } from '../../src/hpc/consumer-config.js';
import { Consumer } from '../../src/hpc/consumer.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import type { PvObject } from '../../src/pva/pv-object.js';
import { PvaClient } from '../../src/pva/client.js';
import { PvaServer } from '../../src/pva/server.js';
import type { Subscription } from '../../src/pva/subscription.js';

/** The plainest consumer; tests change what they are about. */
export const plainConfig: ConsumerConfig = {
  consumerId: 7,
  channels: { input: 'in:image' },
  receiverQueueBytes: 2 ** 26,
  statusPeriod: 0.1,
  drainTimeout: 2,
};

/** A source of small frames, and what is needed to watch a consumer, all in this process. */
export class Stream implements AsyncDisposable {
  readonly source = new PvaServer({ isolated: true });
  readonly input = this.source.addChannel('in:image', new NtNdArray());
  readonly #client = new PvaClient(this.source.clientConfig());
  readonly #consumers: Consumer[] = [];
  readonly #clients: PvaClient[] = [];

  /** A consumer that has received the first record. */
  async consumer(changes: Partial<ConsumerConfig>): Promise<Consumer> {
    const network = { client: this.source.clientConfig(), server: { isolated: true } };
    const consumer = await Consumer.create({ ...plainConfig, network, ...changes });
    this.#consumers.push(consumer);
    await consumer.start();
    await until(() => {
      const { nSkipped, nReceived } = consumer.stats().frameStats;
      return nSkipped + nReceived > 0;
    });
    return consumer;
  }

  /** A client of the channels that a consumer serves. */
  clientOf(consumer: Consumer): PvaClient {
    const client = new PvaClient(consumer.clientConfig());
    this.#clients.push(client);
    return client;
  }

  /** Sends frames with these ids, waiting where the consumer makes it wait. */
  async send(...ids: number[]): Promise<void> {
    for (const id of ids) await this.input.post(frameOf(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const consumer of this.#consumers) await consumer.abort();
    for (const client of this.#clients) client.close();
    this.#client.close();
    this.source.close();
  }
}

export function frameOf(id: number): NtNdArray {
  const frame = new NtNdArray();
  frame.set('', { value: { ubyteValue: new Uint8Array([id & 255, 2, 3, 4]) }, uniqueId: id });
  frame.set(
    'dimension',
    [2, 2].map((size) => ({ size, fullSize: size, binning: 1 })),
  );
  return frame;
}

/** Waits for something that is not an event, turn by turn. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** The next value of a monitor that fulfils a condition. */
export async function nextValue(subscription: Subscription, fits: (value: PvObject) => boolean): Promise<PvObject> {
  for (;;) {
    const step = await subscription[Symbol.asyncIterator]().next();
    if (step.done === true) throw new Error(`the monitor of ${subscription.name} has ended`);
    if (step.value.type === 'update' && fits(step.value.value)) return step.value.value;
  }
}
