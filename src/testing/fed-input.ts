import { setImmediate as turn } from 'node:timers/promises';
import type { Input, InputContext, InputFigures } from '../hpc/inputs/input.js';
import type { PvObject } from '../pva/pv-object.js';
import { Feed } from './feed.js';

/** Something that is fed: an object, as it would come from a channel. */
export interface FedObject {
  readonly object: PvObject;
  /** The source was lost before, and is there again. */
  readonly isFirstOfConnection?: boolean | undefined;
}

/** So many objects are made before they are wanted, and come at one turn of the event loop. */
const AHEAD = 16;

/** Where a test puts objects in, as an input of the runtime. It makes no more of them than are wanted. */
export class FedInput implements Input {
  isConnected = true;
  readonly #intake: InputContext['intake'];
  readonly #waiting: { readonly fed: FedObject; readonly feed: Feed }[] = [];
  readonly #inWork = new Map<PvObject, Feed>();
  readonly #feeds: Feed[] = [];
  #onReadable = () => {};
  #onRoom = () => {};
  #received = 0;
  #bytes = 0;
  #fed: Promise<void> = Promise.resolve();

  /** @param lend told of each object before it is handed over */
  constructor(
    { intake }: Pick<InputContext, 'intake'>,
    readonly lend: (object: PvObject) => void,
  ) {
    this.#intake = intake;
  }

  /**
   * Feeds objects, behind those of earlier calls.
   *
   * @param until asked after each object that came to its end: whether it is enough
   */
  feed(objects: AsyncIterable<FedObject> | Iterable<FedObject>, until?: () => boolean): Feed {
    const feed = new Feed(until);
    this.#feeds.push(feed);
    this.#fed = this.#fed.then(() => this.#pump(objects, feed));
    return feed;
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
    if (this.#waiting.length > 0) onReadable();
  }

  take(max: number): PvObject[] {
    const objects: PvObject[] = [];
    for (const { fed, feed } of this.#waiting.splice(0, max)) {
      const { object, isFirstOfConnection = false } = fed;
      if (isFirstOfConnection) this.#intake.sourceCameBack();
      this.#received += 1;
      this.#bytes += object.bytes;
      const isAdmitted = this.#intake.admit(object);
      feed.took();
      if (!isAdmitted) feed.settle();
      else {
        this.#inWork.set(object, feed);
        objects.push(object);
      }
    }
    this.#onRoom();
    return objects;
  }

  settled(object: PvObject): void {
    this.#inWork.get(object)?.settle();
    this.#inWork.delete(object);
  }

  pause(): void {
    this.isConnected = false;
    this.#onRoom();
  }

  close(): void {
    this.pause();
    for (const { fed } of this.#waiting.splice(0)) fed.object.release();
    for (const feed of this.#feeds) feed.end();
  }

  figures(): InputFigures {
    return { received: this.#received, bytes: this.#bytes, errors: 0, overruns: 0 };
  }

  resetStats(): void {}

  async #pump(objects: AsyncIterable<FedObject> | Iterable<FedObject>, feed: Feed): Promise<void> {
    let made = 0;
    const ahead = feed.until === undefined ? AHEAD : 1;
    try {
      if (!this.isConnected) return;
      for await (const fed of objects) {
        if (!this.#offer(fed, feed)) return;
        if (++made % AHEAD === 0) await turn();
        while (this.isConnected && this.#waiting.length >= ahead) await this.#room();
        if (!this.isConnected || feed.isEnough) return;
      }
    } catch (error) {
      feed.failed(error);
    } finally {
      feed.exhausted();
    }
  }

  /** @returns whether it was wanted */
  #offer(fed: FedObject, feed: Feed): boolean {
    this.lend(fed.object);
    if (!this.isConnected) {
      fed.object.release();
      return false;
    }
    feed.made();
    this.#waiting.push({ fed, feed });
    this.#onReadable();
    return true;
  }

  #room(): Promise<void> {
    return new Promise((resolve) => (this.#onRoom = resolve));
  }
}
