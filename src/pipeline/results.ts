import { PvaflowError } from '../core/errors.js';

/** A short name of what went wrong and where, the same for every event that fails alike. */
export function causeOf(error: unknown, where: string): string {
  const what = error instanceof PvaflowError ? error.code : error instanceof Error ? error.name : typeof error;
  return `${what} in ${where}`;
}

/** User code may give anything; this is for what the runtime cannot go on with. */
export function wrongResult(result: unknown): TypeError {
  const what = Array.isArray(result)
    ? 'an array'
    : typeof result === 'object'
      ? 'a plain object'
      : `a ${typeof result}`;
  return new TypeError(
    `process gave ${what}; it must give a pvAccess object, nothing, or a promise or generator of these`,
  );
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

export function isIterator<E>(value: unknown): value is Iterator<E> | AsyncIterator<E> {
  return typeof (value as { next?: unknown } | null | undefined)?.next === 'function';
}
