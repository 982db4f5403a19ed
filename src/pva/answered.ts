import { PvaflowError } from '../core/errors.js';
import { badOption } from './options.js';

/** Of a call that is answered once. */
export interface CallOptions {
  /** Seconds to wait for the answer, search and connection included; Infinity waits for ever. Default: the client's. */
  readonly timeout?: number;
  /** Ends the call with PVAFLOW_CANCELLED. */
  readonly signal?: AbortSignal;
}

/** A request of a native client, whatever its protocol. */
export interface NativeCall<Result, T> {
  /** For messages: verb and channel. */
  readonly what: string;
  /** Seconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Begins it; the number is what it is cancelled by. `done` is called at most once, and not within start(). */
  readonly start: (done: (error: Error | null, result: Result) => void) => number;
  /** Ends it without a further call. True if a server had been found. */
  readonly cancel: (id: number) => boolean;
  /** What it rejects with when there was no answer in time. */
  readonly late: (reached: boolean) => PvaflowError;
  readonly convert: (result: Result) => T;
}

/** The answer to a call, or PVAFLOW_TIMEOUT, PVAFLOW_CANCELLED, or what the addon says, naming the call. Throws what start() throws. */
export function answered<Result, T>(call: NativeCall<Result, T>): Promise<T> {
  const { what, signal } = call;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled(what, signal));
    const cancel = (error: (reached: boolean) => PvaflowError) => {
      settle();
      reject(error(call.cancel(id)));
    };
    const onAbort = () => cancel(() => cancelled(what, signal));
    const timer = startTimer(call.timeout, () => cancel(call.late));
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const done = (error: Error | null, result: Result) => {
      settle();
      if (error) return reject(inContext(what, error));
      try {
        resolve(call.convert(result));
      } catch (wrong) {
        reject(inContext(what, wrong as Error));
      }
    };
    let id = 0;
    try {
      id = call.start(done);
    } catch (error) {
      settle();
      throw error;
    }
    signal?.addEventListener('abort', onAbort);
  });
}

export function checkName(verb: string, name: string): void {
  if (typeof name !== 'string' || name === '')
    throw badOption(`${verb}: expected the name of a channel, found ${JSON.stringify(name)}`);
}

/** Longer than a timer can wait is for ever. */
function startTimer(seconds: number, onEnd: () => void): NodeJS.Timeout | undefined {
  const milliseconds = seconds * 1000;
  return milliseconds < 2 ** 31 ? setTimeout(onEnd, milliseconds) : undefined;
}

function cancelled(what: string, signal: AbortSignal | undefined): PvaflowError {
  return new PvaflowError('PVAFLOW_CANCELLED', `${what}: cancelled`, { cause: signal?.reason });
}

/** The same error, saying what it was about. */
function inContext(what: string, error: Error): Error {
  if (!(error instanceof PvaflowError)) return error;
  return new PvaflowError(error.code, `${what}: ${error.message}`, { cause: error.cause });
}
