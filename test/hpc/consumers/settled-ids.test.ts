import { expect, it } from 'vitest';
import { SettledIds } from '../../../src/hpc/consumers/settled-ids.js';

it('settles what came some time before the end, and nothing later', () => {
  const settled = new SettledIds(2000);
  settled.note(0, undefined);
  settled.note(0, 100);
  settled.note(1000, 200);
  settled.note(2500, 300);
  expect(settled.id).toBe(100);
  settled.freeze(3000);
  settled.note(9000, 400);
  expect(settled.id).toBe(200);
});

it('has settled nothing when it is too early', () => {
  const settled = new SettledIds(2000);
  settled.note(0, 100);
  settled.freeze(1000);
  expect(settled.id).toBe(-Infinity);
});
