import { describe, expect, it } from 'vitest';
import { newQueue, update } from '../../processor/join/metadata.js';

describe('BoundedMetadataQueue', () => {
  it('gives updates in their order', () => {
    const queue = newQueue();
    const updates = [1, 2].map((ms) => update(ms));
    queue.put(updates);
    expect(queue.peek()).toBe(updates[0]);
    expect([queue.get(), queue.length, queue.get(), queue.get(), queue.peek()]).toEqual([
      ...updates.slice(0, 1),
      1,
      updates[1],
      undefined,
      undefined,
    ]);
  });

  it('gives up the oldest when it is full, releases and counts them', () => {
    const queue = newQueue(2);
    const updates = [1, 2, 3].map((ms) => update(ms));
    queue.put(updates);
    expect(updates.map(({ released }) => released)).toEqual([true, false, false]);
    expect(queue.counters).toEqual({ received: 3, delivered: 0, dropped: 1 });
    queue.resetCounters();
    expect(queue.counters).toEqual({ received: 2, delivered: 0, dropped: 0 });
    queue.clear();
    expect(updates.every(({ released }) => released)).toBe(true);
  });

  it('tells of arrivals until nobody wants to know', () => {
    const queue = newQueue();
    const lengths: number[] = [];
    const stop = queue.onArrival(() => lengths.push(queue.length));
    queue.put([update(1), update(2)]);
    stop();
    queue.put([update(3)]);
    expect(lengths).toEqual([2]);
  });
});
