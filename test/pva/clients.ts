import { afterEach } from 'vitest';
import { PvaClient } from '../../src/pva/client.js';
import type { PvaClientConfig } from '../../src/pva/config.js';
import type { MonitorOptions } from '../../src/pva/monitor-options.js';
import { PvaServer } from '../../src/pva/server.js';
import type { Subscription } from '../../src/pva/subscription.js';
import type { MonitorEvent, UpdateStream } from '../../src/pva/update-stream.js';
import type { Place } from '../peers/network.js';

/** What finds one server: by TCP when it is ours, by UDP when it is another program's; or what the test says. */
function configOf(of: PvaServer | Place | PvaClientConfig): PvaClientConfig {
  if (of instanceof PvaServer) return of.clientConfig();
  if (!('udpPort' in of)) return of;
  return { addressList: [`127.0.0.1:${of.udpPort}`], autoAddressList: false, useEnvironment: false };
}

/** A client whose monitors have options of the test, where they have none of their own. */
class ClientWith extends PvaClient {
  constructor(
    config: PvaClientConfig,
    private readonly defaults: MonitorOptions,
  ) {
    super(config);
  }

  override monitor(name: string, options: MonitorOptions = {}): Subscription {
    return super.monitor(name, { ...this.defaults, ...options });
  }
}

/** Clients of one test file that find one server each, closed after their test. */
export function useClients(defaults: MonitorOptions = {}): (of: PvaServer | Place | PvaClientConfig) => PvaClient {
  const clients: PvaClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  return (of) => {
    const client = new ClientWith(configOf(of), defaults);
    clients.push(client);
    return client;
  };
}

/** Reads a subscription event by event, whatever the batches. */
export class Reader {
  private readonly events: MonitorEvent[] = [];
  private readonly stream: AsyncIterator<MonitorEvent>;

  constructor(subscription: UpdateStream) {
    this.stream = subscription[Symbol.asyncIterator]();
  }

  /** The next event. */
  async next(): Promise<MonitorEvent> {
    const result = await this.stream.next();
    if (result.done === true) throw new Error('the stream ended');
    this.events.push(result.value);
    return result.value;
  }

  /** The next event of a type; those before it are passed over. */
  async until<T extends MonitorEvent['type']>(type: T): Promise<Extract<MonitorEvent, { type: T }>> {
    for (;;) {
      const event = await this.next();
      if (event.type === type) return event as Extract<MonitorEvent, { type: T }>;
    }
  }

  /** `path` of the next `count` updates. */
  async values(path: string, count: number): Promise<unknown[]> {
    const values: unknown[] = [];
    while (values.length < count) values.push((await this.until('update')).value.get(path));
    return values;
  }
}
