import type { PvaClient } from '../../pva/client.js';
import type { MonitorEvent, Subscription } from '../../pva/subscription.js';
import { channelsOf, findServers } from '../served-channels.js';
import { statusOf, type Status } from './status.js';
import type { TopRow } from './table.js';

interface Watched {
  readonly subscription: Subscription;
  isConnected: boolean;
  /** Absent until it said something, and for ever if that was no status. */
  status?: Status;
  before?: Status | undefined;
}

/** Statuses alone are looked at: of a channel whose first value is none, no more is asked. */
const QUEUE = { frames: 4, bytes: 2 ** 20, onFull: 'dropOldest' } as const;

/** Finds status channels by their names, and listens to them. */
export class StatusWatch implements Disposable {
  readonly #client: PvaClient;
  readonly #patterns: readonly RegExp[];
  readonly #watched = new Map<string, Watched>();
  #isClosed = false;

  /** @param patterns names of channels; `*` stands for anything */
  constructor(client: PvaClient, patterns: readonly string[]) {
    this.#client = client;
    this.#patterns = patterns.map(expressionOf);
  }

  /** Looks for servers for so long, asks each for its channels, and listens to those that are new. */
  async search(seconds: number): Promise<void> {
    const servers = await findServers(this.#client, seconds);
    // A server that does not answer, or that does not tell its channels, has none to show.
    const lists = await Promise.all(servers.map((server) => channelsOf(this.#client, server, seconds).catch(() => [])));
    if (this.#isClosed) return;
    for (const name of lists.flat()) {
      if (this.#patterns.some((pattern) => pattern.test(name)) && !this.#watched.has(name)) this.#watch(name);
    }
  }

  /** Whether every channel that was found has said something. */
  get isComplete(): boolean {
    return [...this.#watched.values()].every(({ status, subscription }) => status !== undefined || subscription.closed);
  }

  rows(): TopRow[] {
    return [...this.#watched].flatMap(([channel, { status, before, isConnected }]) =>
      status === undefined ? [] : [{ channel, status, before, isConnected }],
    );
  }

  close(): void {
    this.#isClosed = true;
    for (const { subscription } of this.#watched.values()) subscription.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #watch(name: string): void {
    const subscription = this.#client.monitor(name, { queue: QUEUE });
    const watched: Watched = { subscription, isConnected: false };
    this.#watched.set(name, watched);
    subscription.onReadable(() => {
      for (let events = subscription.take(); events.length > 0; events = subscription.take())
        for (const event of events) note(watched, event);
    });
  }
}

function note(watched: Watched, event: MonitorEvent): void {
  watched.isConnected = event.type === 'update' || event.type === 'connected';
  if (event.type === 'error') watched.subscription.close();
  if (event.type !== 'update') return;
  const status = statusOf(event.value);
  event.value.release();
  if (status === undefined) watched.subscription.close();
  else if (watched.status?.time !== status.time) [watched.before, watched.status] = [watched.status, status];
}

function expressionOf(pattern: string): RegExp {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`);
}
