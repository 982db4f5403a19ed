import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runtimeOver } from '../../src/cli/runtime-over.js';

const DAY = 86_400;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([1, 30 * DAY])('is over after as many seconds as are asked for: %d', async (seconds) => {
  let isOver = false;
  void runtimeOver(seconds).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(seconds * 1000 - 10);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(20);
  expect(isOver).toBe(true);
});

it('is never over for 0', async () => {
  let isOver = false;
  void runtimeOver(0).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(60 * DAY * 1000);
  expect(isOver).toBe(false);
});
