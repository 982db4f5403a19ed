import { native } from './native.js';
import type { PvObject } from './pv-object.js';

/** Written anew by each call. */
let figures = new Float64Array(64);

/**
 * Seconds since 1970 and nanoseconds of the field `timeStamp` of each object, two by two; NaN where there is none. Read by one
 * call of the addon, and valid until the next call.
 */
export function timesOf(objects: readonly PvObject[]): Float64Array {
  if (figures.length < 2 * objects.length) figures = new Float64Array(4 * objects.length);
  native.readTimes(
    objects.map((object) => object.native),
    figures,
  );
  return figures;
}
