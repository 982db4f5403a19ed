import { native } from './native.js';

export interface EndWatchOptions {
  /** After so long without a sign of the thread, with SIGINT or SIGTERM pending, `remark` is said, in milliseconds. */
  readonly remarkMs: number;
  /** … and after so long the process ends. */
  readonly limitMs: number;
  readonly remark: string;
  /** What is said then; asked for again and again as long as the thread responds. */
  readonly last: () => string;
}

const BEAT_MS = 500;
/** After a second signal a thread that does not respond has so long. */
const GRACE_MS = 2 * BEAT_MS;

/**
 * Sees to it that SIGINT and SIGTERM end this process also when its thread is stuck in a call that does not return, so that no
 * handler of `process.on` runs. Then what was said last goes to stderr, and the process ends with 128 + the number of the signal.
 * To be made after the handlers of both signals were set, and disposed of before they are removed. Not on Windows.
 */
export function watchEndOfProcess({ remarkMs, limitMs, remark, last }: EndWatchOptions): Disposable {
  if (native.EndWatch === undefined) return { [Symbol.dispose]: () => {} };
  const watch = new native.EndWatch(remarkMs, limitMs, GRACE_MS, remark);
  watch.beat(last());
  const timer = setInterval(() => watch.beat(last()), BEAT_MS).unref();
  const close = () => {
    clearInterval(timer);
    process.off('exit', close);
    watch.close();
  };
  process.on('exit', close); // what is done at the exit is no reason to complain
  return { [Symbol.dispose]: close };
}
