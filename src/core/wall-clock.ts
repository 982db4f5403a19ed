/** Of a clock that nobody set: what `Date.now()` cuts off, and a little. */
const TOLERANCE_MS = 2;

/** By how much the system's clock is ahead of the steady one. */
let aheadMs = performance.timeOrigin;

/**
 * The system's clock: milliseconds since 1970, with the resolution of the steady clock, a microsecond or better. It follows when
 * the system's clock is set, which `performance.timeOrigin` does not.
 */
export function wallClock(): number {
  const before = performance.now();
  const now = Date.now();
  const after = performance.now(); // if the thread had to wait between these, the clock is still right
  const isRight = now > aheadMs + before - TOLERANCE_MS && now < aheadMs + after + TOLERANCE_MS;
  if (!isRight) aheadMs = now - after;
  return aheadMs + after;
}
