import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReceivedIds, type IdBlocks } from '../../../src/hpc/ids/received-ids.js';

function idsOf(blocks: readonly IdBlocks[]): number[] {
  return blocks.flatMap(({ first, length, period, count }) =>
    Array.from({ length: count }, (_, k) => Array.from({ length }, (_, j) => first + k * period + j)).flat(),
  );
}

function blocksOf(...ids: number[]): IdBlocks[] {
  const received = new ReceivedIds();
  for (const id of ids) received.add(id);
  return received.take();
}

describe('the ids that came', () => {
  it('are one block when they follow each other', () => {
    expect(blocksOf(5, 6, 7, 8)).toEqual([{ first: 5, length: 4, period: 0, count: 1 }]);
  });

  it('are regular blocks when a distributor shares them out', () => {
    expect(blocksOf(1, 2, 3, 13, 14, 15, 25, 26, 27)).toEqual([{ first: 1, length: 3, period: 12, count: 3 }]);
    expect(blocksOf(2, 4, 6, 8)).toEqual([{ first: 2, length: 1, period: 2, count: 4 }]);
  });

  it('come out as they went in, whatever they are and whenever they are taken', () => {
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 40 })));
    fc.assert(
      fc.property(batches, (all) => {
        const received = new ReceivedIds();
        for (const batch of all) {
          for (const id of batch) received.add(id);
          expect(idsOf(received.take())).toEqual(batch);
        }
        expect(received.take()).toEqual([]);
      }),
    );
  });

  it('take no more memory than a limit when nobody takes them', () => {
    const received = new ReceivedIds();
    for (let run = 0; run < 250_000; run++) received.add((run * run * 7919) % 1_000_003);
    expect(received.take().length).toBeLessThanOrEqual(100_000);
    expect(received.unlisted).toBeGreaterThan(0);
  });
});
