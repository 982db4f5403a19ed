import { beforeEach, expect, it } from 'vitest';
import { getLogger } from '../../../src/core/logger.js';
import { ProducerIntake } from '../../../src/hpc/collector/producer-intake.js';
import { frameOf } from '../stream.js';

const [first, last, other] = [frameOf(1), frameOf(2), frameOf(3)];
let gone: number;
let intake: ProducerIntake;

beforeEach(() => {
  gone = 0;
  intake = new ProducerIntake({
    channel: 'x',
    idField: 'uniqueId',
    skipInitialUpdates: 0,
    logger: getLogger('test'),
    onFirst: () => {},
    onIdType: () => {},
    onGone: () => (gone += 1),
  });
  for (const object of [first, last]) intake.admit(object);
});

it('tells that a producer is gone once all that it sent has arrived', () => {
  intake.sourceWentAway();
  intake.arrived(first);
  expect(gone).toBe(0);
  intake.arrived(last);
  expect(gone).toBe(1);
});

it('waits for the older objects also when the last one was given up before them', () => {
  intake.sourceWentAway();
  intake.arrived(last);
  expect(gone).toBe(0);
  intake.arrived(first);
  expect(gone).toBe(1);
});

it('pays no heed to objects of others, nor to its own that were rejected after they had arrived', () => {
  for (const object of [first, last, other, first]) intake.arrived(object);
  intake.sourceWentAway();
  expect(gone).toBe(1);
});
