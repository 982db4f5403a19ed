import { performance } from 'node:perf_hooks'; // the global of that name is looked up anew at each use

/** Time and turns, as the runtime sees them. Tests put a clock of their own in its place. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back. */
  now(): number;
  /** Runs `callback` in a later turn, after input and output had their chance. */
  soon(callback: () => void): void;
  /** Runs `callback` once after `ms` milliseconds; the function that is returned forgets it. */
  after(ms: number, callback: () => void): () => void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  soon: (callback) => void setImmediate(callback),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
