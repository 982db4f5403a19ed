import { UserDataProcessor } from 'pvaflow';
import { expect, it } from 'vitest';
import type { Logger } from '../../../src/core/logger.js';
import { UserProcessor } from '../../../src/hpc/stages/user-processor.js';

/** Its `stop` ends when it was asked so often how far it is, and says each time something else, until it stands still. */
class Ending extends UserDataProcessor {
  #nAsked = 0;
  #end = () => {};

  constructor(
    readonly nSteps: number,
    readonly standsStillAt = Infinity,
  ) {
    super();
  }

  override stop() {
    return new Promise<void>((resolve) => (this.#end = resolve));
  }

  override stopProgress() {
    this.#nAsked = Math.min(this.#nAsked + 1, this.standsStillAt);
    if (this.#nAsked === this.nSteps) this.#end();
    return `step ${this.#nAsked}`;
  }
}

function user(processor: UserDataProcessor) {
  const errors: string[] = [];
  const ignore = () => {};
  const logger = { debug: ignore, info: ignore, warn: ignore, error: (message: string) => errors.push(message) };
  return { user: new UserProcessor('ending', processor, logger as unknown as Logger), errors };
}

it('waits for a stop as long as it comes further', async () => {
  const { user: ending, errors } = user(new Ending(20));
  const stopped = ending.stop(0.01);
  expect(ending.isStopping).toBe(true);
  await stopped;
  expect(ending).toMatchObject({ isStopping: false, stopFailed: false });
  expect(ending.stopSteps).toBeGreaterThanOrEqual(18);
  expect(errors).toEqual([]);
});

it('gives up a stop that comes no further, and says what it waited for', async () => {
  const { user: ending, errors } = user(new Ending(20, 5));
  await ending.stop(0.01);
  expect(ending.stopFailed).toBe(true);
  expect(errors[0]).toContain('ending.stop failed: it came no further in 0.01 s (--drain-timeout): step 5');
});

it('gives up a stop that does not say how far it is', async () => {
  const silent = new UserDataProcessor();
  silent.stop = () => new Promise<void>(() => {});
  const { user: ending, errors } = user(silent);
  await ending.stop(0.01);
  expect(ending.stopFailed).toBe(true);
  expect(errors[0]).toContain('ending.stop failed: it did not end in 0.01 s (--drain-timeout)');
});
