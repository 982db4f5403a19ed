import { expect, it } from 'vitest';
import { Pacer } from '../../../src/hpc/sim-server/pacer.js';
import { FakeClock } from '../../pipeline/fakes.js';

it('keeps to a grid, whenever it is asked', () => {
  const clock = new FakeClock();
  const pacer = new Pacer(100, clock);
  expect(pacer.take()).toBe(1);
  expect(pacer.take()).toBe(0);
  expect(pacer.untilNext()).toBe(10);
  clock.spend(14);
  expect(pacer.take()).toBe(1);
  expect(pacer.untilNext()).toBeCloseTo(6);
  clock.spend(36);
  expect(pacer.take()).toBe(4);
});

it('gives batches at high rates', () => {
  const clock = new FakeClock();
  const pacer = new Pacer(50_000, clock);
  pacer.take();
  clock.spend(1);
  expect(pacer.take()).toBe(50);
  clock.spend(100);
  expect(pacer.take()).toBe(64); // no more at once
  expect(pacer.take(10)).toBe(10);
});

it('gives as many as are taken without a rate', () => {
  const pacer = new Pacer(0, new FakeClock());
  expect(pacer.take()).toBe(64);
  expect(pacer.take(3)).toBe(3);
  expect(pacer.untilNext()).toBe(0);
});

it('does not make up for a long pause with a burst', () => {
  const clock = new FakeClock();
  const pacer = new Pacer(100, clock);
  pacer.take();
  clock.spend(5000);
  expect(pacer.take()).toBe(1);
  expect(pacer.untilNext()).toBe(10);
});
