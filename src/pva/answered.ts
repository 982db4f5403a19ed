import { PvaflowError } from '../core/errors.js';
import { badOption, checkSeconds } from './options.js';

/** Of a call that is answered once. */
export interface CallOptions {
  /** Seconds to wait for the answer, search and connection included; Infinity waits for ever. Default: the client's. */
  readonly timeout?: number;
  /** Ends the call with PVAFLOW_CANCELLED. */
  readonly signal?: AbortSignal;
}

/** A client, whatever its protocol. */
export interface Caller {
  /** Seconds that a call may take unless it says otherwise. */
  readonly timeout: number;
  /** Ends a call. True if a server had been found. */
  cancel(id: number): boolean;
  /** Where servers are looked for, for messages. */
  describeSearch(): string;
}

/** A call of one channel. */
export interface Call<Result, T> {
  readonly verb: string;
  readonly name: string;
  /** What messages call the channel; its name if not given. */
  readonly shownAs?: string;
  /** Why a server that has the channel may be silent, for messages. */
  readonly whenSilent?: string | undefined;
  readonly options: CallOptions;
  /** Begins it; the number is what it is cancelled by. `done` is called at most once, and not within start(). */
  readonly start: (done: (error: Error | null, result: Result) => void) => number;
  readonly convert: (result: Result) => T;
}

/**
 * The answer to a call, or PVAFLOW_TIMEOUT, PVAFLOW_CANCELLED, or what the addon says, naming the call. Throws PVAFLOW_OPTION
 * naming what is wrong, and what start() throws.
 */
export function answered<Result, T>(caller: Caller, call: Call<Result, T>): Promise<T> {
  const { verb, name, options } = call;
  checkName(verb, name);
  checkSeconds(`${verb}: timeout`, options.timeout);
  const { timeout = caller.timeout, signal } = options;
  const what = `${verb} ${call.shownAs ?? name}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled(what, signal));
    const cancel = (error: (reached: boolean) => PvaflowError) => {
      settle();
      reject(error(caller.cancel(id)));
    };
    const onAbort = () => cancel(() => cancelled(what, signal));
    const timer = startTimer(timeout, () => cancel((reached) => late(caller, what, timeout, reached, call.whenSilent)));
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

function late(caller: Caller, what: string, timeout: number, reached: boolean, whenSilent = ''): PvaflowError {
  const message = reached
    ? `${what}: the server did not answer in ${timeout} s${whenSilent}`
    : `${what}: no server answered in ${timeout} s (${caller.describeSearch()})`;
  return new PvaflowError('PVAFLOW_TIMEOUT', message);
}

function cancelled(what: string, signal: AbortSignal | undefined): PvaflowError {
  return new PvaflowError('PVAFLOW_CANCELLED', `${what}: cancelled`, { cause: signal?.reason });
}

/** The same error, saying what it was about. */
function inContext(what: string, error: Error): Error {
  if (!(error instanceof PvaflowError)) return error;
  return new PvaflowError(error.code, `${what}: ${error.message}`, { cause: error.cause });
}
