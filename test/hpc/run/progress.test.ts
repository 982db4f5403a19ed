import { afterEach, expect, it } from 'vitest';
import { Progress } from '../../../src/hpc/run/progress.js';
import { FakeClock } from '../../pipeline/fakes.js';

const clock = new FakeClock();
const watched = { inFlight: 0, account: { settled: 0 } };
const progress = new Progress(watched, clock);
afterEach(() => progress[Symbol.dispose]());

async function secondsLater(seconds: number): Promise<number> {
  progress.look();
  await clock.advance(seconds * 1000);
  return progress.stuckSeconds;
}

it('counts the time in which something is in work and nothing is finished', async () => {
  expect(await secondsLater(50)).toBe(0);
  watched.inFlight = 3;
  expect(await secondsLater(20)).toBe(20);
  expect(await secondsLater(20)).toBe(40);
  watched.account.settled += 1;
  expect(await secondsLater(5)).toBe(5);
  watched.inFlight = 0;
  expect(await secondsLater(5)).toBe(0);
});
