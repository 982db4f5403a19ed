import { expect, it } from 'vitest';
import { Slice } from '../../src/pipeline/slice.js';
import { FakeClock } from './fakes.js';

it('looks at the clock after each event that takes long', () => {
  const clock = new FakeClock();
  const slice = new Slice(clock);
  const over = [4, 4, 4].map((ms) => (clock.spend(ms), slice.isOver()));
  expect(over).toEqual([false, false, true]);
});

it('looks less often, but no less than every sixteen, while events are quick', () => {
  const clock = new FakeClock();
  const slice = new Slice(clock);
  for (let i = 0; i < 100; i++) expect(slice.isOver()).toBe(false);
  clock.spend(20);
  let events = 1;
  while (!slice.isOver()) events += 1;
  expect(events).toBeLessThanOrEqual(16);
});
