import { REJECTED, type Carrier } from './carrier.js';
import { HELD } from './interfaces.js';
import type { Shared } from './link.js';
import { isIterator, isPromise } from './results.js';

/**
 * After a stop: a processor has given an event back, and nothing is to become of it.
 *
 * @param late what it gave instead, now or with a promise, which nobody wants either
 */
export function discard<E>(shared: Shared<E>, carrier: Carrier<E>, late: unknown): void {
  const { ledger } = shared;
  if (late === HELD) return; // the holder has given it up
  if (late !== null && late !== undefined) {
    if (isPromise(late))
      return void late.then(
        (value) => discard(shared, carrier, value),
        () => discard(shared, carrier, null),
      );
    if (late !== carrier.event && !isIterator(late) && shared.isEvent(late)) ledger.replace(carrier, late as E);
  }
  ledger.close(carrier, REJECTED);
}
