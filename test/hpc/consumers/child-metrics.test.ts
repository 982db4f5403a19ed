import { describe, expect, it } from 'vitest';
import { childMetrics, type MeasuredChild } from '../../../src/hpc/consumers/child-metrics.js';
import type { ChildStats } from '../../../src/supervisor/child-spec.js';

const figures = [{ name: 'received' }];

function child(stats: Partial<ChildStats>, request: () => Promise<unknown>): MeasuredChild {
  const running = { state: 'running', isResponding: true } as ChildStats;
  return { request, stats: () => ({ ...running, ...stats }) };
}

const never = () => new Promise(() => {});

describe('the metrics of a child', () => {
  it('are what it answers', async () => {
    const source = childMetrics(
      child({}, () => Promise.resolve(figures)),
      'consumer 1',
      () => 'no input',
    );
    expect(await source.scrape()).toEqual(figures);
    expect(source.notReady()).toBe('no input');
  });

  it.each([
    ['is down', child({ state: 'waiting' }, () => Promise.reject(new Error('down'))), 'consumer 1 is waiting'],
    ['does not answer', child({}, never), undefined],
    ['is known not to respond', child({ isResponding: false }, never), 'consumer 1 does not respond'],
  ])('are left out when it %s', async (_how, it, reason) => {
    const source = childMetrics(it, 'consumer 1', () => undefined, 1);
    expect(await source.scrape()).toEqual([]);
    expect(source.notReady()).toBe(reason);
  });
});
