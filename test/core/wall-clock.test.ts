import { afterEach, expect, it, vi } from 'vitest';
import { wallClock } from '../../src/core/wall-clock.js';

afterEach(() => {
  vi.useRealTimers();
});

it('is the clock of the system, in fractions of milliseconds, and never goes back by itself', () => {
  const times = [Date.now(), ...Array.from({ length: 1000 }, wallClock), Date.now() + 1];
  expect(times.some((time) => !Number.isInteger(time))).toBe(true);
  expect(times.slice(1, -1)).toEqual([...times.slice(1, -1)].sort((a, b) => a - b));
  expect(times[1]).toBeGreaterThan((times[0] as number) - 3);
  expect(times.at(-2)).toBeLessThan((times.at(-1) as number) + 3);
});

it.each([3_600_000, -3_600_000])('follows when the clock is set by %d ms', (ms) => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const set = Date.now() + ms;
  vi.setSystemTime(set);
  expect(Math.abs(wallClock() - set)).toBeLessThan(3);
  vi.useRealTimers();
  const before = Date.now();
  expect(wallClock()).toBeGreaterThan(before - 3);
  expect(wallClock()).toBeLessThan(Date.now() + 3);
});
