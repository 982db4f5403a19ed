import { PvObject } from '../pva/pv-object.js';
import { PvType, type TypeFields } from '../pva/pv-type.js';
import type { PvaChannel } from '../pva/channel.js';
import type { PvaServer } from '../pva/server.js';
import { PvTimeStamp } from '../pva/time-stamp.js';
import { timeType } from './status-types.js';

/** The fields that a status channel begins with, and what they hold for good. */
export interface StatusHead {
  readonly types: TypeFields;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The channel on which a consumer, a collector or another says how it does: a head that never changes (`consumerId`,
 * `inputChannel`), the number and time of the update, and then the figures.
 */
export class StatusChannel {
  readonly channel: PvaChannel;
  #updates = 0;

  constructor(
    server: PvaServer,
    readonly name: string,
    readonly head: StatusHead,
    figures: TypeFields,
  ) {
    this.channel = server.addChannel(name, this.#first(figures), { onFull: 'dropOldest' });
  }

  /** Other figures from now on; clients are disconnected and come back. */
  setTypes(figures: TypeFields): void {
    this.channel.open(this.#first(figures));
  }

  /**
   * Publishes these figures.
   *
   * @throws when a figure does not fit its type
   */
  update(figures: Readonly<Record<string, unknown>>): void {
    const now = PvTimeStamp.now();
    this.#updates += 1;
    const time = { objectId: this.#updates >>> 0, objectTime: now.seconds, objectTimestamp: now.toFields() };
    void this.channel.post({ ...this.head.values, ...time, ...figures }); // its ring drops: nobody waits for figures
  }

  #first(figures: TypeFields): PvObject {
    const time: TypeFields = { objectId: 'uint', objectTime: 'double', objectTimestamp: timeType };
    return new PvObject(new PvType({ ...this.head.types, ...time, ...figures }), { ...this.head.values });
  }
}
