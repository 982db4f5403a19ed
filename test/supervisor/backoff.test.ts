import { describe, expect, it } from 'vitest';
import { Backoff, defaultRestartPolicy } from '../../src/supervisor/backoff.js';

const policy = { ...defaultRestartPolicy, delay: 1, maxDelay: 5, goodAfter: 60 };

describe('the wait before a restart', () => {
  it('doubles up to a limit', () => {
    const backoff = new Backoff(policy);
    expect([1, 2, 3, 4, 5].map((now) => backoff.delayMs(now, undefined))).toEqual([1000, 2000, 4000, 5000, 5000]);
  });

  it('begins anew after a good time, and not after a short one', () => {
    const backoff = new Backoff(policy);
    backoff.delayMs(0, undefined);
    expect(backoff.delayMs(70_000, 10_001)).toBe(2000);
    expect(backoff.delayMs(140_000, 80_000)).toBe(1000);
  });

  it('ends when there were too many in a window that goes along', () => {
    const backoff = new Backoff({ ...policy, limit: { restarts: 2, seconds: 10 } });
    expect(backoff.delayMs(0, undefined)).toBe(1000);
    expect(backoff.delayMs(6_000, undefined)).toBe(2000);
    expect(backoff.delayMs(10_001, undefined)).toBe(4000); // the first is forgotten
    expect(backoff.delayMs(12_000, undefined)).toBeUndefined();
  });

  it('never comes with a limit of none', () => {
    expect(new Backoff({ ...policy, limit: { restarts: 0, seconds: 1 } }).delayMs(0, undefined)).toBeUndefined();
  });
});
