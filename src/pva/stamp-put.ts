import type { PvObject } from './pv-object.js';
import { PvTimeStamp } from './time-stamp.js';

/** Gives a put the time of now, where the type has one and the client sent none. */
export function stampPut(value: PvObject): void {
  if (!value.has('timeStamp.secondsPastEpoch') || value.isChanged('timeStamp')) return;
  value.set('timeStamp', PvTimeStamp.now().toFields());
}
