import { setTimeout as sleep } from 'node:timers/promises';
import { PvaClient } from '../../pva/client.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { Subscription } from '../../pva/subscription.js';
import { LINK_CHANNEL } from '../outputs/link.js';
import type { Input, InputContext, InputFigures, InputMode } from './input.js';
import { MonitorSource } from './monitor-source.js';
import { subscribe } from './pva.js';

/** What has left the part before, and is not in work here: what would be lost with this process, and finished at the end. */
const QUEUE = { frames: 64, bytes: 64 * 2 ** 20, onFull: 'wait' } as const;

const LOOK_MS = 10;

/** Takes the objects of the part before of a chain that was cut. */
export class LinkInput implements Input {
  readonly #client: PvaClient;
  readonly #source: MonitorSource<Subscription>;
  #subscription: Subscription | undefined;
  /** The channel shows what it holds to whoever connects: that is no object of the stream. */
  #showsPresent = false;
  #presents = 0;
  #wasConnected = false;
  #isClosed = false;

  constructor({ config, intake, logger, onEnd }: InputContext) {
    const { server } = config.args as { server: string };
    const network = { nameServers: [server], addressList: [], autoAddressList: false, useEnvironment: false };
    this.#client = new PvaClient(network);
    const link = { channel: LINK_CHANNEL, objectIdField: config.objectIdField, fieldRequest: '', serverQueueSize: 0 };
    this.#source = new MonitorSource({
      subscribe: () => (this.#subscription = subscribe(this.#client, { ...link, args: {}, queue: QUEUE })),
      channel: 'the part before',
      intake: {
        admit: (object) => !this.#isPresent(object) && intake.admit(object),
        get lastId() {
          return intake.lastId;
        },
        sourceCameBack: () => {}, // the source of the stream did not go away
      },
      logger,
      onConnection: (isConnected) => (this.#showsPresent = isConnected) && (this.#wasConnected = true),
      onEnd,
      overruns: (subscription) => subscription.stats().overruns + subscription.stats().clientSquashed,
      isOurs: true,
      describeSearch: () => this.#client.describeSearch(),
    });
  }

  get isConnected(): boolean {
    return this.#source.isConnected;
  }

  start(onReadable: () => void): void {
    this.#source.start(onReadable);
  }

  take(max: number): PvObject[] {
    return this.#source.take(max);
  }

  /** The part before ends first, and leaves everything. */
  async exhausted(): Promise<void> {
    while (!this.#isClosed && this.#mayHaveMore()) await sleep(LOOK_MS);
  }

  pause(): void {
    this.#source.pause();
  }

  close(): void {
    this.#isClosed = true;
    this.#source.close();
    this.#client.close();
  }

  figures(): InputFigures {
    const { received, ...others } = this.#source.figures();
    return { ...others, received: Math.max(0, received - this.#presents) };
  }

  resetStats(): void {
    this.#source.resetStats();
  }

  describeSearch(): string {
    return this.#source.describeSearch();
  }

  #isPresent(object: PvObject): boolean {
    if (!this.#showsPresent) return false;
    this.#showsPresent = false;
    this.#presents += 1;
    object.release();
    return true;
  }

  #mayHaveMore(): boolean {
    return this.#wasConnected && (this.isConnected || (this.#subscription?.stats().queued ?? 0) > 0);
  }
}

export const linkInput: InputMode = {
  args: { server: 'text' },
  showsPresentValue: false,
  countsGaps: false,
  open: (context) => new LinkInput(context),
};
