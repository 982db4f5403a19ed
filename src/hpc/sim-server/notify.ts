import { CaClient } from '../../ca/client.js';
import type { CaClientConfig } from '../../ca/config.js';
import { messageOf, PvaflowError } from '../../core/errors.js';
import { PvaClient } from '../../pva/client.js';
import type { PvaClientConfig } from '../../pva/config.js';

/** Where the channel is looked for. */
export interface NotifyNetwork {
  readonly client?: PvaClientConfig | undefined;
  readonly ca?: CaClientConfig | undefined;
}

/**
 * Sets a channel: `pva://X` over pvAccess, `ca://X` over Channel Access, and `X` over the one that finds it first. It is not waited
 * for what the channel does with it: a detector's Acquire may be through when all frames are taken.
 */
export async function notifyChannel(channel: string, value: string, { client, ca }: NotifyNetwork): Promise<void> {
  const [, scheme, name = channel] = /^(pva|ca):\/\/(.*)$/.exec(channel) ?? [];
  const ways = [...(scheme === 'ca' ? [] : [new OverPva(client)]), ...(scheme === 'pva' ? [] : [new OverCa(ca)])];
  try {
    const put = await Promise.any(ways.map((way) => way.find(name)));
    await put(value);
  } catch (error) {
    throw error instanceof AggregateError ? new Error(error.errors.map(messageOf).join('; ')) : error;
  } finally {
    for (const way of ways) way.close();
  }
}

type Put = (value: string) => Promise<void>;

class OverPva {
  #client: PvaClient | undefined;

  constructor(readonly config: PvaClientConfig | undefined) {}

  /** Resolves when there is such a channel. */
  async find(name: string): Promise<Put> {
    const client = (this.#client = new PvaClient(this.config));
    await client.info(name);
    return (value) => putText(client, name, value);
  }

  close(): void {
    this.#client?.close();
  }
}

class OverCa {
  #client: CaClient | undefined;

  constructor(readonly config: CaClientConfig | undefined) {}

  async find(name: string): Promise<Put> {
    const client = (this.#client = new CaClient(this.config));
    await client.info(name);
    return (value) => client.put(name, value, { wait: false });
  }

  close(): void {
    this.#client?.close();
  }
}

/** Puts a text; as a number, where the channel wants one: an index of an enum, for instance. */
async function putText(client: PvaClient, channel: string, text: string): Promise<void> {
  try {
    await client.put(channel, text);
  } catch (error) {
    const isUnsuitable = error instanceof PvaflowError && error.code.startsWith('PVAFLOW_VALUE_');
    const number = Number(text);
    if (!isUnsuitable || text.trim() === '' || Number.isNaN(number)) throw error;
    await client.put(channel, number);
  }
}
