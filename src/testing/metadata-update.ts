import { NtScalar, type Scalar } from '../pva/normative/nt-scalar.js';
import { PvObject } from '../pva/pv-object.js';
import { PvTimeStamp } from '../pva/time-stamp.js';

/** An update of a metadata channel: an object, or a value with its time, which becomes an NTScalar. */
export type MetadataUpdate =
  | PvObject
  | {
      readonly value: Scalar;
      /** A date, or seconds since 1970; now if it is not given. */
      readonly time?: Date | number | undefined;
    };

export function metadataObject(update: MetadataUpdate): PvObject {
  if (update instanceof PvObject) return update;
  const { value, time } = update;
  if (time === undefined) return NtScalar.from(value);
  const stamp = typeof time === 'number' ? PvTimeStamp.fromSeconds(time) : PvTimeStamp.fromDate(time);
  return NtScalar.from(value, { at: stamp });
}
