import { expect, it } from 'vitest';
import { Throttles } from '../../src/pipeline/throttles.js';
import { FakeClock } from './fakes.js';

it('is on until the last is cleared, and tells for how long each was', () => {
  const clock = new FakeClock();
  let cleared = 0;
  const throttles = new Throttles(clock, () => (cleared += 1));
  throttles.set('a', true);
  clock.spend(3);
  throttles.set('b', true);
  throttles.set('b', true);
  clock.spend(2);
  throttles.set('a', false);
  expect([throttles.isOn, cleared]).toEqual([true, 0]);
  throttles.set('b', false);
  throttles.set('b', false);
  expect([throttles.isOn, cleared]).toEqual([false, 1]);
  expect(throttles.figures()).toEqual({ a: { isOn: false, ms: 5 }, b: { isOn: false, ms: 2 } });
});

it('counts anew what is on', () => {
  const clock = new FakeClock();
  const throttles = new Throttles(clock, () => {});
  throttles.set('a', true);
  clock.spend(3);
  throttles.resetStats();
  clock.spend(1);
  expect(throttles.figures()).toEqual({ a: { isOn: true, ms: 1 } });
});
