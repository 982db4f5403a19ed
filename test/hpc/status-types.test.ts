import { expect, it } from 'vitest';
import { wrapCounts, wrapFigure } from '../../src/hpc/status-types.js';
import { PvObject } from '../../src/pva/pv-object.js';
import { PvType } from '../../src/pva/pv-type.js';

const status = new PvType({ nProcessed: 'uint', nOwn: 'uint', level: 'int' });

it('counts that have outgrown their 32 bits begin again, and can be published', () => {
  const value = new PvObject(status, {
    ...wrapCounts({ nProcessed: 2 ** 32 + 7 }),
    nOwn: wrapFigure(2 ** 32 + 8, 'uint'),
    level: wrapFigure(2 ** 31, 'int'),
  });
  expect(value.toObject()).toEqual({ nProcessed: 7, nOwn: 8, level: -(2 ** 31) });
});

it('other figures stay what they are', () => {
  for (const [figure, type] of [
    [2 ** 32 - 1, 'uint'],
    [2 ** 40, 'ulong'],
    [2 ** 40 + 0.5, 'double'],
    [-1, 'uint'],
    [[2 ** 40], 'ulong[]'],
  ] as const)
    expect(wrapFigure(figure, type)).toBe(figure);
});
