import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { getLogger } from '../../src/core/logger.js';
import type { Host } from '../../src/supervisor/host.js';
import { Stopping } from '../../src/supervisor/stopping.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A child that is being stopped, and what was done to it. */
function stopping() {
  const done: string[] = [];
  const host: Host = {
    pid: 1,
    stdout: null,
    stderr: null,
    send: ({ type }) => done.push(type),
    terminate: () => done.push('SIGTERM'),
    kill: () => done.push('SIGKILL'),
  };
  const logger = getLogger('stopping');
  logger.level = 'silent';
  return { done, stopping: new Stopping('child', host, { stopMs: 1000, killMs: 500 }, logger) };
}

it('asks, then tells, then kills', () => {
  const { done } = stopping();
  expect(done).toEqual(['stop']);
  vi.advanceTimersByTime(999);
  expect(done).toEqual(['stop']);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(['stop', 'abort', 'SIGTERM']);
  vi.advanceTimersByTime(500);
  expect(done).toEqual(['stop', 'abort', 'SIGTERM', 'SIGKILL']);
});

it('has patience as long as the child comes further, and not because it says the same again', () => {
  const { done, stopping: child } = stopping();
  for (let step = 0; step < 10; step++) {
    vi.advanceTimersByTime(900);
    child.onProgress(step);
  }
  expect(done).toEqual(['stop']);
  vi.advanceTimersByTime(900);
  child.onProgress(9);
  vi.advanceTimersByTime(100);
  expect(done).toEqual(['stop', 'abort', 'SIGTERM']);
  child.onProgress(10); // too late
  vi.advanceTimersByTime(500);
  expect(done.at(-1)).toBe('SIGKILL');
});

it('does nothing more once the child has ended', () => {
  const { done, stopping: child } = stopping();
  child.close();
  vi.advanceTimersByTime(10_000);
  expect(done).toEqual(['stop']);
});
