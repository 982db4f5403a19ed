import { BoundedMetadataQueue } from '../../../src/hpc/metadata/metadata-queue.js';
import { PvObject } from '../../../src/pva/pv-object.js';
import { PvType, structure, type TypeFields } from '../../../src/pva/pv-type.js';

const timeType = structure({ secondsPastEpoch: 'long', nanoseconds: 'int', userTag: 'int' }, 'time_t');

/** Where the times of the tests begin, in seconds since 1970. */
export const START = 1_800_000_000;

/** An update of a metadata channel, `ms` milliseconds after the start. */
export function update(ms: number, value: unknown = ms, type: TypeFields = { value: 'double' }): PvObject {
  const nanoseconds = Math.round(ms * 1e6);
  const seconds = Math.floor(nanoseconds / 1e9);
  return new PvObject(new PvType({ ...type, timeStamp: timeType }), {
    value,
    timeStamp: { secondsPastEpoch: BigInt(START + seconds), nanoseconds: nanoseconds - seconds * 1e9 },
  });
}

export function newQueue(items = 1000): BoundedMetadataQueue {
  return new BoundedMetadataQueue({ items, bytes: 2 ** 20 });
}
