import { MAX_SECONDS } from '../core/units.js';

/** Resolves when the time is over, however long it is; never for 0. It does not keep the process alive. */
export async function runtimeOver(seconds: number): Promise<void> {
  if (seconds <= 0) return new Promise(() => {});
  const end = performance.now() + seconds * 1000;
  for (let left = seconds * 1000; left > 0; left = end - performance.now())
    await pause(Math.min(left, MAX_SECONDS * 1000));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
