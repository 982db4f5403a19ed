import type { PvObject } from '../../pva/pv-object.js';

/** What `process` gives at once, or its promise holds. */
export type Given = PvObject | null | undefined | void;
/** What a generator gives. */
export type Several = Iterator<PvObject> | AsyncIterator<PvObject>;

export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | undefined | null)?.then === 'function';
}

export function isSeveral(value: unknown): value is Several {
  return typeof (value as { next?: unknown } | undefined | null)?.next === 'function';
}
