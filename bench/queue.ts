import type { Size } from './sizes.js';

const MOST_BYTES = 128 << 20;

/**
 * Frames that a sink lets its source send ahead: the same for every sink of a size. Generous, because a source that does not
 * wait loses frames whenever its sink is kept from running for longer than the queue lasts.
 */
export function queueFor(size: Size): number {
  return Math.min(2000, Math.floor(MOST_BYTES / size.bytes));
}
