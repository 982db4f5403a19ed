import { CaClient } from '../ca/client.js';
import type { CaPutValue } from '../ca/put-value.js';
import { PvaClient, type RequestOptions } from '../pva/client.js';
import type { MonitorOptions } from '../pva/monitor-options.js';
import type { PvObject } from '../pva/pv-object.js';
import type { PvType } from '../pva/pv-type.js';
import type { UpdateStream } from '../pva/update-stream.js';
import { usageError } from './exit.js';
import type { PutFields } from './put-value.js';

interface Timeout {
  readonly timeout: number;
}
type QueueOptions = {
  readonly queue: { readonly frames: number; readonly bytes: number; readonly onFull: 'dropOldest' };
};

/** Channels as users name them: `X` and `pva://X` are asked for over pvAccess, `ca://X` over Channel Access. */
export class ChannelClient implements Disposable {
  #pvaClient: PvaClient | undefined;
  #caClient: CaClient | undefined;

  get(channel: string, { request, timeout }: RequestOptions & Timeout): Promise<PvObject> {
    const { name, isCa } = named(channel);
    if (isCa) return this.#ca.get(name, { timeout });
    return this.#pva.get(name, { timeout, ...(request !== undefined && { request }) });
  }

  put(channel: string, fields: PutFields, options: Timeout): Promise<void> {
    const { name, isCa } = named(channel);
    return isCa ? this.#ca.put(name, caValue(channel, fields), options) : this.#pva.put(name, fields, options);
  }

  async info(channel: string, options: Timeout): Promise<PvType> {
    const { name, isCa } = named(channel);
    return isCa ? (await this.#ca.info(name, options)).type : this.#pva.info(name, options);
  }

  monitor(channel: string, options: MonitorOptions & QueueOptions): UpdateStream {
    const { name, isCa } = named(channel);
    return isCa ? this.#ca.monitor(name, { queue: options.queue }) : this.#pva.monitor(name, options);
  }

  /** Where the channel is looked for, for messages. */
  describeSearch(channel: string): string {
    return named(channel).isCa ? this.#ca.describeSearch() : this.#pva.describeSearch();
  }

  [Symbol.dispose](): void {
    this.#pvaClient?.close();
    this.#caClient?.close();
  }

  get #pva(): PvaClient {
    return (this.#pvaClient ??= new PvaClient());
  }

  get #ca(): CaClient {
    return (this.#caClient ??= new CaClient());
  }
}

/** Refuses a request for channels that cannot have one. */
export function refuseRequestOverCa(channels: readonly string[], request: string | undefined): void {
  const channel = request === undefined ? undefined : channels.find((each) => named(each).isCa);
  if (channel !== undefined)
    throw usageError(`${channel}: Channel Access has no requests; --field shows some fields alone`);
}

function named(channel: string): { name: string; isCa: boolean } {
  const [, scheme, name = channel] = /^(pva|ca):\/\/(.*)$/.exec(channel) ?? [];
  return { name, isCa: scheme === 'ca' };
}

/** What a put over Channel Access can set is the value. */
function caValue(channel: string, fields: PutFields): CaPutValue {
  const { value, 'value.index': index, ...others } = fields;
  const [other] = Object.keys(others);
  if (other !== undefined) throw usageError(`${channel}: Channel Access sets the value alone, not ${other}`);
  return { value: index ?? value } as CaPutValue;
}
