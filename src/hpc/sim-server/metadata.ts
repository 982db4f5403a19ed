import { CaRecordServer } from '../../ca/record-server.js';
import type { CaServerConfig } from '../../ca/server-config.js';
import type { PvaChannel } from '../../pva/channel.js';
import type { OnFull } from '../../pva/on-full.js';
import { PvObject } from '../../pva/pv-object.js';
import { PvType } from '../../pva/pv-type.js';
import type { PvaServer } from '../../pva/server.js';
import { metadataChannelNames } from '../metadata/channel-list.js';
import { timeType } from '../status-types.js';

const metadataType = new PvType({ value: 'double', timeStamp: timeType });

/** Channels with a random number for each frame, with the time of the frame: over pvAccess by our server, over Channel Access by an IOC. */
export class SimMetadata {
  readonly channels: readonly PvaChannel[];
  readonly #recordNames: readonly string[];
  #records: CaRecordServer | undefined;

  /** @param names `pva://x`, `ca://y`; a bare name is one of Channel Access, as in pvaPy */
  constructor(names: readonly string[], server: PvaServer, onFull: OnFull) {
    const all = metadataChannelNames(names);
    const ofProtocol = (wanted: string) => all.filter(({ protocol }) => protocol === wanted).map(({ name }) => name);
    this.channels = ofProtocol('pva').map((name) => server.addChannel(name, new PvObject(metadataType), { onFull }));
    this.#recordNames = ofProtocol('ca');
  }

  /** @param onFailure told when the IOC ends by itself */
  async start(config: CaServerConfig | undefined, onFailure: (error: Error) => void): Promise<void> {
    if (this.#recordNames.length === 0) return;
    this.#records = await CaRecordServer.start(this.#recordNames, config);
    void this.#records.failed.then(onFailure);
  }

  /** Values that the IOC did not take. */
  get dropped(): number {
    return this.#records?.dropped ?? 0;
  }

  /** @param times of frames, in nanoseconds since 1970 */
  publish(times: BigInt64Array): void {
    for (const time of times) {
      this.#recordNames.forEach((_, record) => this.#records?.set(record, Math.random(), time));
      for (const channel of this.channels) void channel.post({ value: Math.random(), timeStamp: timeStamp(time) });
    }
  }

  async close(): Promise<void> {
    await this.#records?.close();
  }
}

function timeStamp(time: bigint) {
  return { secondsPastEpoch: time / 1_000_000_000n, nanoseconds: Number(time % 1_000_000_000n), userTag: 0 };
}
