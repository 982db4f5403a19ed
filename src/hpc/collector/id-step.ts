import type { IdType } from '../ids/id-tracker.js';

/** Ids that are further apart than this have not been wrapped around. */
const WRAP_WINDOW = 2 ** 24;

/**
 * How far it is from one id to another, negative for one that is behind: over the end of their range if that is near. A
 * signed id goes on with the smallest negative number there, or with 0, as the counters of some detectors do.
 */
export function idStep(from: number, to: number, { bits, signed }: IdType): number {
  const step = to - from;
  const period = 2 ** bits;
  const window = Math.min(WRAP_WINDOW, period / 4);
  if (Math.abs(step) <= window) return step;
  const isNear = (wrapped: number) => Math.abs(wrapped) <= window;
  const around = step > 0 ? step - period : step + period;
  if (isNear(around)) return around;
  const half = period / 2;
  const past = step > 0 ? step - half : step + half;
  const isAtZero = Math.min(from, to) >= 0 && Math.min(from, to) <= window;
  return signed && isAtZero && isNear(past) ? past : step;
}
